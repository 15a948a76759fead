namespace MeterSync.Host.Web;

/// <summary>Paths that clients of older programs call without /api/v1; the same routes answer them.</summary>
internal static class SeedPaths
{
    private static readonly PathString Prefix = "/api/v1";
    private static readonly PathString[] Bare = ["/auth", "/users", "/roles", "/permissions"];

    /// <summary>Before routing.</summary>
    public static void UseSeedPaths(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (Array.Exists(Bare, bare => context.Request.Path.StartsWithSegments(bare, StringComparison.OrdinalIgnoreCase)))
        {
            context.Request.Path = Prefix + context.Request.Path;
        }

        return next(context);
    });
}
