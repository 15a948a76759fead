using System.Text;

namespace MeterSync.Kernel.Tabular;

/// <summary>Recognises UTF-16 text without a byte order mark.</summary>
internal static class Utf16Statistics
{
    private const int LeastShareOfZeros = 20;

    /// <summary>The byte order of UTF-16 text, or null when the bytes are no such text.</summary>
    public static Encoding? Find(ReadOnlySpan<byte> head)
    {
        var pairs = head.Length / 2;
        int zerosFirst = 0, zerosSecond = 0;
        for (var i = 0; i < pairs; i++)
        {
            zerosFirst += head[2 * i] == 0 ? 1 : 0;
            zerosSecond += head[(2 * i) + 1] == 0 ? 1 : 0;
        }
        // Digits, delimiters and line ends have a zero byte in every script; real text has no zero in the other byte.
        var encoding = zerosSecond > zerosFirst ? Encoding.Unicode : Encoding.BigEndianUnicode;
        return Math.Max(zerosFirst, zerosSecond) * LeastShareOfZeros >= pairs
            && Math.Min(zerosFirst, zerosSecond) == 0
            && IsMostlyAlphabetic(head, encoding == Encoding.Unicode ? 1 : 0)
            && IsPlainText(encoding.GetString(head[..(pairs * 2)]))
            ? encoding
            : null;
    }

    // Latin to Armenian and general punctuation; other text of 8 bits with a stray zero has letters in these bytes.
    private static bool IsMostlyAlphabetic(ReadOnlySpan<byte> head, int highByte)
    {
        var fitting = 0;
        for (var i = highByte; i < head.Length; i += 2)
        {
            fitting += head[i] is < 0x06 or 0x20 or 0x21 ? 1 : 0;
        }
        return fitting * 10 >= head.Length / 2 * 9;
    }

    private static bool IsPlainText(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if ((char.IsControl(c) && c is not ('\t' or '\r' or '\n')) || c is '\uFFFD' or >= '\uE000' and <= '\uF8FF')
            {
                return false;
            }
        }
        return true;
    }
}
