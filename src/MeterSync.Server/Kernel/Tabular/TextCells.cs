using System.Globalization;

namespace MeterSync.Kernel.Tabular;

/// <summary>Checks of cells that hold words.</summary>
internal static class TextCells
{
    /// <summary>Why the text cannot be kept; null when it can.</summary>
    public static CellFault? Check(ReadOnlySpan<char> text, int maxLength, bool allowLines)
    {
        if (text.Length > maxLength)
        {
            return new CellFault(ImportCodes.TextTooLong, $"\"{Excerpt.Of(text)}\" has {text.Length} characters; at most {maxLength} fit.");
        }
        foreach (var c in text)
        {
            if (c == '\uFFFD')
            {
                return new CellFault(ImportCodes.LettersLost, $"\"{Excerpt.Of(text)}\" has letters that could not be read. Save the file as UTF-8, or name its encoding.");
            }
            if (char.IsControl(c) && !(allowLines && c is '\n' or '\r' or '\t'))
            {
                return new CellFault(ImportCodes.ControlCharacter, c is '\n' or '\r' or '\t'
                    ? $"\"{Excerpt.Of(text)}\" has a line break or tab inside, which this column may not have."
                    : $"\"{Excerpt.Of(text)}\" has an invisible control character (U+{(int)c:X4}).");
            }
        }
        return null;
    }

    public static CellFault Shortened(ReadOnlySpan<char> text) =>
        new(ImportCodes.DamagedBySpreadsheet, $"\"{Excerpt.Of(text)}\" was shortened by a spreadsheet program and digits are lost. Format the column as text, enter the number again and save the file.");

    public static CellFault OutOfRange(ReadOnlySpan<char> text, decimal min, decimal max)
    {
        var bounds = (min > decimal.MinValue, max < decimal.MaxValue) switch
        {
            (true, false) => string.Create(CultureInfo.InvariantCulture, $"is less than {min}"),
            (false, true) => string.Create(CultureInfo.InvariantCulture, $"is more than {max}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"is not between {min} and {max}"),
        };
        return new CellFault(ImportCodes.OutOfRange, $"\"{Excerpt.Of(text)}\" {bounds}.");
    }
}
