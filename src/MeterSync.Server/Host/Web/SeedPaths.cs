namespace MeterSync.Host.Web;

/// <summary>Paths that clients of older programs call without /api/v1 or by another word, and where tus clients look; the same routes answer them.</summary>
internal static class SeedPaths
{
    private static readonly PathString Prefix = "/api/v1";
    private static readonly PathString[] Bare = ["/auth", "/users", "/roles", "/permissions", "/uploads"];

    private static readonly PathString Confirm = "/api/v1/photos/confirm";
    private static readonly PathString Complete = "/api/v1/photos/complete";

    /// <summary>Before routing.</summary>
    public static void UseSeedPaths(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (Array.Exists(Bare, bare => context.Request.Path.StartsWithSegments(bare, StringComparison.OrdinalIgnoreCase)))
        {
            context.Request.Path = Prefix + context.Request.Path;
        }

        if (context.Request.Path.Equals(Confirm, StringComparison.OrdinalIgnoreCase))
        {
            context.Request.Path = Complete;
        }

        return next(context);
    });
}
