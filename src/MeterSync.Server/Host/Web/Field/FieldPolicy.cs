using Microsoft.Extensions.Options;

namespace MeterSync.Host.Web.Field;

/// <summary>What a browser lets the field app load and reach: this server, and the tiles of the map where they come from elsewhere.</summary>
internal sealed class FieldPolicy(IOptions<FieldOptions> options)
{
    /// <summary>The value of Content-Security-Policy. WebAssembly reads barcodes; decoders and the map work in workers made from blobs.</summary>
    public string Content { get; } = Of(options.Value.TileOrigin is { } origin ? " " + origin : "");

    /// <summary>The value of Referrer-Policy. Public tile servers refuse who does not say where their tiles are shown; they learn the host's name, never the page.</summary>
    public string Referrer { get; } = options.Value.TileOrigin is null ? "no-referrer" : "strict-origin";

    private static string Of(string tiles) => string.Join("; ", [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        $"img-src 'self' data: blob:{tiles}",
        "font-src 'self'",
        $"connect-src 'self' data: blob:{tiles}",
        "worker-src 'self' blob:",
        "media-src 'self' blob:",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]);
}
