using System.Text;
using System.Text.Unicode;

namespace MeterSync.Kernel.Tabular;

/// <summary>The encoding of a text file.</summary>
/// <param name="Encoding">How bytes become characters; bytes that do not fit become U+FFFD.</param>
/// <param name="MarkLength">Bytes of the byte order mark to skip.</param>
/// <param name="Certainty">How it was found.</param>
public sealed record TextEncoding(Encoding Encoding, int MarkLength, EncodingCertainty Certainty);

/// <summary>How the encoding of a file was found.</summary>
public enum EncodingCertainty
{
    /// <summary>Told by the caller.</summary>
    Given,

    /// <summary>By a byte order mark.</summary>
    Marked,

    /// <summary>Only ASCII so far; UTF-8 fits, and so does any other encoding here.</summary>
    Ascii,

    /// <summary>The bytes follow the rules of the encoding, which other text hardly ever does.</summary>
    Proven,

    /// <summary>By the statistics of letters.</summary>
    Guessed,
}

/// <summary>Finds the encoding of a text file from its first bytes.</summary>
public static class TextSniffer
{
    static TextSniffer() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The encoding with a name such as <c>utf-8</c>, <c>windows-1251</c>, <c>koi8-u</c> or <c>cp866</c>; null when unknown.</summary>
    public static Encoding? Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        try
        {
            return Encoding.GetEncoding(name.Trim());
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Finds the encoding of a file.</summary>
    /// <param name="head">The first bytes of the file; 64 KiB are plenty.</param>
    /// <param name="isWhole">True when nothing follows; otherwise a last character may be cut.</param>
    /// <returns>The encoding, or null when the bytes are no text.</returns>
    public static TextEncoding? Sniff(ReadOnlySpan<byte> head, bool isWhole)
    {
        if (head.StartsWith<byte>([0xEF, 0xBB, 0xBF]))
        {
            return new TextEncoding(Encoding.UTF8, 3, EncodingCertainty.Marked);
        }
        if (head.StartsWith<byte>([0xFF, 0xFE]))
        {
            return new TextEncoding(Encoding.Unicode, 2, EncodingCertainty.Marked);
        }
        if (head.StartsWith<byte>([0xFE, 0xFF]))
        {
            return new TextEncoding(Encoding.BigEndianUnicode, 2, EncodingCertainty.Marked);
        }
        if (head.Contains((byte)0))
        {
            return Utf16Statistics.Find(head) is { } utf16 ? new TextEncoding(utf16, 0, EncodingCertainty.Guessed) : null;
        }
        if (Ascii.IsValid(head))
        {
            return new TextEncoding(Encoding.UTF8, 0, EncodingCertainty.Ascii);
        }
        return Utf8.IsValid(isWhole ? head : WithoutCutCharacter(head))
            ? new TextEncoding(Encoding.UTF8, 0, EncodingCertainty.Proven)
            : new TextEncoding(Encoding.GetEncoding(LetterStatistics.LooksCyrillic(head) ? 1251 : 1252), 0, EncodingCertainty.Guessed);
    }

    private static ReadOnlySpan<byte> WithoutCutCharacter(ReadOnlySpan<byte> head)
    {
        for (var back = 1; back <= Math.Min(3, head.Length); back++)
        {
            var lead = head[^back];
            if ((lead & 0xC0) != 0x80)
            {
                var whole = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
                return whole > back ? head[..^back] : head;
            }
        }
        return head;
    }
}
