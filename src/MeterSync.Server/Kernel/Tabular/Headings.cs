namespace MeterSync.Kernel.Tabular;

/// <summary>The form in which headings and words are compared: lower-case letters and digits only.</summary>
public static class Headings
{
    private const int LongestOnStack = 256;

    /// <summary>Folds a heading or word: <c>"Serial Number"</c>, <c>"serial_number"</c> and <c>"SERIAL-NUMBER"</c> become one.</summary>
    public static string Fold(ReadOnlySpan<char> text)
    {
        Span<char> folded = text.Length <= LongestOnStack ? stackalloc char[LongestOnStack] : new char[text.Length];
        return new string(folded[..Fold(text, folded)]);
    }

    internal static int Fold(ReadOnlySpan<char> text, Span<char> folded)
    {
        var length = 0;
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
            {
                folded[length++] = char.ToLowerInvariant(c);
            }
        }
        return length;
    }
}
