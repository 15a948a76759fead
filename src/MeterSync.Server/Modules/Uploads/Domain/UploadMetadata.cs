using System.Buffers.Text;
using System.Text;
using MeterSync.Kernel;

namespace MeterSync.Modules.Uploads.Domain;

/// <summary>What a client says about its file in Upload-Metadata: keys and Base64 values.</summary>
internal sealed record UploadMetadata
{
    public const int MostCharacters = 4_096;
    private const string Header = "Upload-Metadata";
    private const int MostNameCharacters = 200;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The header as it came; null where there was none.</summary>
    public string? Raw { get; private init; }

    /// <summary><c>filename</c>, without folders and control characters.</summary>
    public string? FileName { get; private init; }

    /// <summary><c>filetype</c>.</summary>
    public string? ContentType { get; private init; }

    /// <summary><c>sha256</c>: 32 bytes.</summary>
    public byte[]? Sha256 { get; private init; }

    /// <summary><c>purpose</c>; photo where left out.</summary>
    public string Purpose { get; private init; } = "photo";

    /// <summary><c>photo_id</c>, or <c>subject_id</c> for files that are no photos.</summary>
    public Guid? SubjectId { get; private init; }

    public static Outcome<UploadMetadata> Read(string header)
    {
        if (header.Length > MostCharacters)
        {
            return KernelProblems.Invalid.For(Header, $"{Header} is longer than {MostCharacters} characters.");
        }

        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in header.Split(',', StringSplitOptions.TrimEntries))
        {
            if (pair.Length == 0 && header.Length == 0)
            {
                break;
            }

            if (pair.Split(' ') is not ([{ Length: > 0 }] or [{ Length: > 0 }, _]) || ValueOf(pair) is not { } value)
            {
                return KernelProblems.Invalid.For(Header, $"{Header} is a list of pairs, with commas between them; each is a key, a space and a value in Base64 (of UTF-8 where the server reads it).");
            }

            if (pair.Split(' ')[0].Any(character => character is <= ' ' or > '~'))
            {
                return KernelProblems.Invalid.For(Header, $"A key in {Header} has characters other than printable ASCII.");
            }

            if (!pairs.TryAdd(pair.Split(' ')[0], value))
            {
                return KernelProblems.Invalid.For(Header, $"{Header} has the key {pair.Split(' ')[0]} twice.");
            }
        }

        return Of(header, pairs);
    }

    private static Outcome<UploadMetadata> Of(string header, Dictionary<string, string> pairs)
    {
        if (pairs.Values.Any(value => value.Contains('\0', StringComparison.Ordinal)))
        {
            return KernelProblems.Invalid.For(Header, $"{Header}: a value has a NUL character.");
        }

        var hash = new byte[32];
        var hex = pairs.GetValueOrDefault("sha256");
        if (hex is not null && (hex.Length != 64 || Convert.FromHexString(hex, hash, out _, out _) != System.Buffers.OperationStatus.Done))
        {
            return KernelProblems.Invalid.For("sha256", $"sha256 in {Header} is 64 hexadecimal digits.");
        }

        var subjectKey = pairs.ContainsKey("photo_id") ? "photo_id" : "subject_id";
        Guid? subject = null;
        if (pairs.TryGetValue(subjectKey, out var text))
        {
            if (!Guid.TryParseExact(text, "D", out var id))
            {
                return KernelProblems.Invalid.For(subjectKey, $"{subjectKey} in {Header} is an id.");
            }

            subject = id;
        }

        return new UploadMetadata
        {
            Raw = header.Length == 0 ? null : header,
            FileName = pairs.TryGetValue("filename", out var name) ? Plain(name[(name.LastIndexOfAny(['/', '\\']) + 1)..]) : null,
            ContentType = pairs.TryGetValue("filetype", out var type) ? Plain(type) : null,
            Sha256 = hex is null ? null : hash,
            Purpose = pairs.GetValueOrDefault("purpose", "photo"),
            SubjectId = subject,
        };
    }

    /// <summary>Null where it is no Base64. Values that nothing here reads may be any bytes.</summary>
    private static string? ValueOf(string pair)
    {
        var space = pair.IndexOf(' ', StringComparison.Ordinal);
        var text = space < 0 ? "" : pair[(space + 1)..];
        if (!Base64.IsValid(text))
        {
            return null;
        }

        var isRead = pair[..(space < 0 ? pair.Length : space)] is "filename" or "filetype" or "sha256" or "photo_id" or "subject_id" or "purpose";
        try
        {
            return isRead ? Strict.GetString(Convert.FromBase64String(text)) : "";
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Without control characters, and of a long one its end, where the extension is.</summary>
    private static string? Plain(string text)
    {
        var name = new string([.. text.Where(character => !char.IsControl(character))]).Trim();
        return name.Length switch
        {
            0 => null,
            > MostNameCharacters => name[^(char.IsLowSurrogate(name[^MostNameCharacters]) ? MostNameCharacters - 1 : MostNameCharacters)..],
            _ => name,
        };
    }
}
