using System.Text;

namespace MeterSync.Kernel.Tabular;

/// <summary>Text of a file as a message may show it: on one line, without control characters, at most 40 characters.</summary>
public static class Excerpt
{
    /// <summary>The most characters of a file's text that a message shows.</summary>
    public const int Longest = 40;

    public static string Of(ReadOnlySpan<char> text)
    {
        var shown = new StringBuilder(Longest + 1);
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length + rune.Utf16SequenceLength > Longest)
            {
                shown.Length -= shown.Length < Longest ? 0 : 1;
                if (shown.Length > 0 && char.IsHighSurrogate(shown[^1]))
                {
                    shown.Length--;
                }
                return shown.Append('…').ToString();
            }
            _ = Rune.IsControl(rune) ? shown.Append('·') : shown.Append(rune);
        }
        return shown.ToString();
    }
}
