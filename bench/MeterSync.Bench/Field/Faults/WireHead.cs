using System.Globalization;
using System.Text;

namespace MeterSync.Bench.Field.Faults;

/// <summary>First line and header fields of a message, with the bytes as they came.</summary>
internal sealed class WireHead
{
    private readonly string[] _lines;

    public WireHead(byte[] bytes)
    {
        Bytes = bytes;
        _lines = Encoding.Latin1.GetString(bytes).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var words = _lines[0].Split(' ', 3);
        (Method, Path) = (words[0], words.Length > 1 ? words[1] : "");
    }

    /// <summary>Up to and with the empty line.</summary>
    public byte[] Bytes { get; }

    /// <summary>Of a request; of an answer this is the protocol's name.</summary>
    public string Method { get; }

    /// <summary>Of a request; of an answer this is the status.</summary>
    public string Path { get; }

    public int Status => int.Parse(Path, CultureInfo.InvariantCulture);

    public bool IsChunked => Field("Transfer-Encoding") is not null;

    /// <summary>Null where the length is not told.</summary>
    public long? ContentLength => Field("Content-Length") is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>Null where there is no such header field.</summary>
    public string? Field(string name) =>
        Array.Find(_lines, line => line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.OrdinalIgnoreCase)) is { } found ? found[(name.Length + 1)..].Trim() : null;
}
