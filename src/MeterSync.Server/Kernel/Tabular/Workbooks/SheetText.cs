using System.Buffers;
using System.Text;

namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>Texts as a cell of a workbook can hold them.</summary>
internal static class SheetText
{
    /// <summary>The most characters of a cell.</summary>
    public const int Longest = 32_767;

    private const int LongestEscape = 7;

    // Everything XML has no place for, and where the workbook's own spelling of such characters begins.
    private static readonly SearchValues<char> s_special = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (char)code).Where(c => c is not ('\n' or '\t')), '_', '\uFFFE', '\uFFFF']);

    /// <summary>Whether spaces at its ends or line breaks have to be kept by saying so.</summary>
    public static bool NeedsKeeping(ReadOnlySpan<char> text) => char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]) || text.ContainsAny('\n', '\t', '\r');

    /// <summary>Characters that XML cannot hold become U+FFFD, and text that looks like the workbook's spelling of such a character is spelled so that it stays as it is.</summary>
    public static ReadOnlySpan<char> Clean(ReadOnlySpan<char> text) =>
        text.Length <= Longest && !text.ContainsAny(s_special) && !text.ContainsAnyInRange('\uD800', '\uDFFF') ? text : Respelled(text);

    private static string Respelled(ReadOnlySpan<char> text)
    {
        var clean = new StringBuilder(Math.Min(text.Length, Longest));
        for (var at = 0; at < text.Length;)
        {
            if (clean.Length + LongestEscape >= Longest)
            {
                return clean.Append('…').ToString();
            }
            // A lone half of a pair is taken for the character that replaces it.
            _ = Rune.DecodeFromUtf16(text[at..], out var rune, out var length);
            _ = rune.Value switch
            {
                '_' when BoundedText.IsEscape(text[at..], out _) => clean.Append("_x005F_"),
                '\r' => clean.Append("_x000D_"),
                < ' ' and not ('\n' or '\t') or 0xFFFE or 0xFFFF => clean.Append('\uFFFD'),
                _ => clean.Append(rune),
            };
            at += length;
        }
        return clean.ToString();
    }
}
