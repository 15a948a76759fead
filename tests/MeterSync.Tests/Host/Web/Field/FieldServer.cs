using System.IO.Compression;
using System.Text;
using MeterSync.Host.Web.Field;
using MeterSync.Tests.Contract;
using Microsoft.Extensions.DependencyInjection;

namespace MeterSync.Tests.Host.Web.Field;

/// <summary>A server behind a real port that serves an app of a few files, with others around it that are none of the app's.</summary>
public class FieldServer : ListeningOnSqlite
{
    public const string Page = "<!doctype html><title>Field</title>";
    public const string Outside = "not for phones";

    private readonly string surroundings = Path.Combine(Path.GetTempPath(), "metersync-field-" + Guid.CreateVersion7().ToString("n"));

    public static string Script { get; } = string.Concat(Enumerable.Range(0, 400).Select(number => $"export const value{number} = {number};\n"));

    public string Folder => Path.Combine(surroundings, "field");

    protected override void AdjustServices(IServiceCollection services)
    {
        base.AdjustServices(services);
        Directory.CreateDirectory(Path.Combine(Folder, "assets"));
        Write("index.html", Page);
        Write("sw.js", "self.skipWaiting();");
        Write("manifest.webmanifest", "{}");
        Write("icon.png", "picture");
        Write("assets/app-1a2b3c.js", Script);
        Write("assets/app-1a2b3c.js.br", Packed(Script, stream => new BrotliStream(stream, CompressionLevel.SmallestSize)));
        Write("assets/app-1a2b3c.js.gz", Packed(Script, stream => new GZipStream(stream, CompressionLevel.SmallestSize)));
        Write("assets/plain-4d5e6f.js", Script);
        Write("assets/reader-7a8b9c.wasm", "wasm");
        Write("assets/words-0d1e2f.woff2", "font");
        Write(".hidden.txt", Outside);
        Write("../secret.txt", Outside);
        Write("../secret", Outside);
        services.AddSingleton(new FieldFolder(Folder));
    }

    protected override Task StopOthersAsync()
    {
        Directory.Delete(surroundings, recursive: true);
        return Task.CompletedTask;
    }

    public void Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    private void Write(string name, byte[] bytes) => File.WriteAllBytes(Path.Combine(Folder, name), bytes);

    private static byte[] Packed(string text, Func<Stream, Stream> packing)
    {
        using var packed = new MemoryStream();
        using (var stream = packing(packed))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }
}

/// <summary>Its map's tiles come from elsewhere, and callers have few requests.</summary>
public sealed class FieldServerWithTiles : FieldServer
{
    public const int AnonymousPerMinute = 3;

    protected override Dictionary<string, string?> Settings => new(base.Settings)
    {
        ["RateLimits:Enabled"] = "true",
        ["RateLimits:AnonymousPerMinute"] = $"{AnonymousPerMinute}",
        ["Logging:LogLevel:MeterSync.Host.Limits"] = "None",
        ["Field:TileUrl"] = "https://tiles.example.com:8443/{z}/{x}/{y}.png?key=open",
        ["Field:TileAttribution"] = "© Map makers",
        ["Field:TileMaxZoom"] = "17",
        ["Field:LockMinutes"] = "5",
    };
}
