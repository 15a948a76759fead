using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace MeterSync.Host.Web.Field;

/// <summary>The files of the built field app, each perhaps beside a smaller one of the same content: <c>x.js</c>, <c>x.js.br</c>, <c>x.js.gz</c>.</summary>
/// <param name="path">Of the folder; it need not exist.</param>
internal sealed class FieldFolder(string path)
{
    /// <summary>Beside the program.</summary>
    public static readonly string Published = Path.Combine("wwwroot", "field");

    public const string Start = "index.html";

    private const string Plain = "application/octet-stream";
    private static readonly FileExtensionContentTypeProvider Types = new();

    /// <summary>The encodings the build writes, the smaller one first.</summary>
    private static readonly (string Name, string Ending)[] Encodings = [("br", ".br"), ("gzip", ".gz")];

    private readonly ConcurrentDictionary<string, (long Length, DateTime Written, EntityTagHeaderValue Tag)> tags = new(StringComparer.Ordinal);

    /// <summary>The file to answer with, packed as the caller likes best; null where there is none of that name.</summary>
    /// <param name="name">With '/' between folders.</param>
    /// <param name="accepted">The caller's Accept-Encoding; empty for none.</param>
    public async Task<FieldFile?> FindAsync(string name, string accepted, CancellationToken cancellationToken)
    {
        if (!IsName(name) || Array.Exists(Encodings, encoding => name.EndsWith(encoding.Ending, StringComparison.OrdinalIgnoreCase)) || !File.Exists(Path.Join(path, name)))
        {
            return null;
        }

        var plain = Path.Join(path, name);
        var packed = Array.FindAll(Encodings, encoding => File.Exists(plain + encoding.Ending));
        var likings = StringWithQualityHeaderValue.TryParseList([accepted], out var read) ? read : [];
        var (encoding, ending) = packed.Where(one => Liking(likings, one.Name) > 0).OrderByDescending(one => Liking(likings, one.Name)).FirstOrDefault();
        return new FieldFile(plain + ending, TypeOf(name), encoding, packed.Length > 0, await TagOfAsync(plain + ending, cancellationToken));
    }

    /// <summary>Names that lead into the folder and to nothing hidden.</summary>
    private static bool IsName(string name) =>
        name.Length > 0 && !name.AsSpan().ContainsAny('\0', '\\') && Array.TrueForAll(name.Split('/'), part => part.Length > 0 && part[0] != '.');

    private static string TypeOf(string name) =>
        !Types.TryGetContentType(name, out var type) ? Plain
        : type.StartsWith("text/", StringComparison.Ordinal) ? type + "; charset=utf-8"
        : type;

    private static double Liking(IEnumerable<StringWithQualityHeaderValue> likings, string encoding) =>
        (likings.FirstOrDefault(liking => liking.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase)) ?? likings.FirstOrDefault(liking => liking.Value == "*")) is { } found ? found.Quality ?? 1 : 0;

    /// <summary>Made of the bytes: builds of one size and, in a container's image, of one date differ in nothing else.</summary>
    private async Task<EntityTagHeaderValue> TagOfAsync(string file, CancellationToken cancellationToken)
    {
        var (length, written) = (new FileInfo(file).Length, File.GetLastWriteTimeUtc(file));
        if (tags.TryGetValue(file, out var known) && (known.Length, known.Written) == (length, written))
        {
            return known.Tag;
        }

        await using var content = File.OpenRead(file);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken))[..32]}\"");
        tags[file] = (length, written, tag);
        return tag;
    }
}

/// <param name="Path">Where its bytes are.</param>
/// <param name="Type">Of what is in it once unpacked.</param>
/// <param name="Encoding">How it is packed; null for not.</param>
/// <param name="Varies">Whether another caller might get it packed otherwise.</param>
internal sealed record FieldFile(string Path, string Type, string? Encoding, bool Varies, EntityTagHeaderValue Tag);
