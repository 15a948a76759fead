using MeterSync.Modules.Uploads.Protocol;

namespace MeterSync.Modules.Uploads.Public;

/// <summary>What tus asks of every request and answer below /uploads, whoever answers it: the protocol's version on refusals of the gates too, and a method in a header for networks that let no PATCH through.</summary>
internal static class TusEdge
{
    /// <summary>What a client in a web page has to read of an answer.</summary>
    public static readonly IReadOnlyList<string> ReadableHeaders =
    [
        TusHeaders.Resumable, TusHeaders.Versions, TusHeaders.Extension, TusHeaders.MaxSize, TusHeaders.ChecksumAlgorithms,
        TusHeaders.UploadOffset, TusHeaders.UploadLength, TusHeaders.UploadMetadata, TusHeaders.UploadExpires,
    ];

    private static readonly PathString[] Places = ["/uploads", "/api/v1/uploads"];

    private static readonly object Packed = new();

    /// <summary>Whether the bytes came packed, which nobody sees any more once they were unpacked.</summary>
    public static bool IsPacked(HttpContext context) => context.Items.ContainsKey(Packed);

    /// <summary>Before anything looks at the method.</summary>
    public static void UseTusEdge(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (Array.Exists(Places, place => context.Request.Path.StartsWithSegments(place, StringComparison.OrdinalIgnoreCase)))
        {
            // On starting, because a failure clears what was set before.
            context.Response.OnStarting(static state => TellVersion((HttpContext)state), context);
            // What an upload is stands in headers, by which two requests are not told apart; and no piece is to be held back to compare it.
            context.Request.Headers.Remove("Idempotency-Key");
            if (context.Request.Headers.ContentEncoding.Count > 0)
            {
                context.Items[Packed] = Packed;
            }

            if (HttpMethods.IsPost(context.Request.Method) && context.Request.Headers[TusHeaders.MethodOverride].ToString() is { Length: > 0 and <= 16 } method && method.All(char.IsAsciiLetter))
            {
                context.Request.Method = method.ToUpperInvariant();
            }
        }

        return next(context);
    });

    private static Task TellVersion(HttpContext context)
    {
        context.Response.Headers[TusHeaders.Resumable] = TusHeaders.Version;
        return Task.CompletedTask;
    }
}
