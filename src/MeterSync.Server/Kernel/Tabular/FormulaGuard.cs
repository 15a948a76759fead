namespace MeterSync.Kernel.Tabular;

/// <summary>
/// Keeps a spreadsheet program from running a cell as a formula: text that begins with a formula sign gets an apostrophe
/// in front. Reading takes one such apostrophe off again, so our own files come back unchanged.
/// </summary>
public static class FormulaGuard
{
    /// <summary>True when the text needs the apostrophe: a formula sign stands first, or after spaces or apostrophes only.</summary>
    public static bool Needs(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (IsFormulaSign(c))
            {
                return true;
            }
            if (c != '\'' && !char.IsWhiteSpace(c) && c is not ('\uFEFF' or '\u200B'))
            {
                return false;
            }
        }
        return false;
    }

    /// <summary>The text as it is safe in a file.</summary>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Needs(text) ? "'" + text : text;
    }

    /// <summary>The text before <see cref="Escape"/>.</summary>
    public static ReadOnlySpan<char> Unescape(ReadOnlySpan<char> text) =>
        text.Length > 1 && text[0] == '\'' && Needs(text[1..]) ? text[1..] : text;

    // The full-width forms are understood as formula signs by East Asian versions of spreadsheet programs.
    private static bool IsFormulaSign(char c) =>
        c is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20';
}
