namespace MeterSync.Kernel.Tabular;

/// <summary>Tells Windows-1251 from Windows-1252 by the company letters keep.</summary>
internal static class LetterStatistics
{
    /// <summary>
    /// In Cyrillic text letters beyond ASCII stand next to each other ("Київ"); in Western text they stand among ASCII
    /// letters ("Straße", "café"). Counts both kinds of neighbours; with none of either the text is taken as Western.
    /// </summary>
    public static bool LooksCyrillic(ReadOnlySpan<byte> text)
    {
        long together = 0;
        long amongAscii = 0;
        var before = Kind.Other;
        foreach (var b in text)
        {
            var kind = KindOf(b);
            if (kind == Kind.Beyond && before == Kind.Beyond)
            {
                together++;
            }
            else if ((kind == Kind.Beyond && before == Kind.Ascii) || (kind == Kind.Ascii && before == Kind.Beyond))
            {
                amongAscii++;
            }
            before = kind;
        }
        return together > amongAscii;
    }

    private enum Kind
    {
        Other,
        Ascii,
        Beyond,
    }

    // 0xC0-0xFF are letters in both code pages; the rest are the letters of Russian, Ukrainian and Belarusian below them.
    private static Kind KindOf(byte b) => b switch
    {
        >= (byte)'a' and <= (byte)'z' or >= (byte)'A' and <= (byte)'Z' => Kind.Ascii,
        >= 0xC0 or 0xA1 or 0xA2 or 0xA5 or 0xA8 or 0xAA or 0xAF or 0xB2 or 0xB3 or 0xB4 or 0xB8 or 0xBA or 0xBF => Kind.Beyond,
        _ => Kind.Other,
    };
}
