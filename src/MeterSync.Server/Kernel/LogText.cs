using System.Globalization;
using System.Text;

namespace MeterSync.Kernel;

/// <summary>Text of unknown origin on its way into a log line that is no JSON.</summary>
public static class LogText
{
    /// <summary>On one line and with nothing that moves a terminal's cursor or turns the reading direction: line breaks and tabs become spaces, other
    /// control and format characters their code.</summary>
    public static string OneLine(string text)
    {
        if (!text.Any(IsUnfit))
        {
            return text;
        }

        var line = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            _ = character is '\r' or '\n' or '\t' ? line.Append(' ')
                : IsUnfit(character) ? line.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}")
                : line.Append(character);
        }

        return line.ToString();
    }

    private static bool IsUnfit(char character) =>
        char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
