using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>Takes the cells of a sheet's XML as they are meant: words, exact numbers, local times, failed formulas.</summary>
internal sealed class SheetCells(WorkbookParts parts, TableLimits limits)
{
    private static readonly LocalDateTimePattern s_pattern = LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss;FFF");

    private readonly BoundedText _text = new(limits.CellChars);

    /// <summary>Adds the cell the reader stands at; ends at its end.</summary>
    /// <param name="nextColumn">The column of a cell that does not say its own.</param>
    /// <returns>The column of the cell.</returns>
    public int Read(WorkbookXml xml, SheetRow row, int rowNumber, int nextColumn)
    {
        var column = xml.Attribute("r") is { } place ? ColumnOf(place) : nextColumn;
        var type = xml.Attribute("t");
        var isDate = type is null or "n" && xml.Attribute("s") is { } style && int.TryParse(style, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && parts.Styles.IsDate(index);
        if (xml.IsEmpty)
        {
            return column;
        }
        _text.Clear();
        var (hasFormula, depth) = (false, xml.Depth);
        while (true)
        {
            if (!xml.Read())
            {
                throw WorkbookException.Damaged("it ends inside a cell");
            }
            if (xml.IsEnd && xml.Depth == depth)
            {
                break;
            }
            if (!xml.IsElement)
            {
                continue;
            }
            switch (xml.Name)
            {
                case "v":
                    xml.ReadText(_text);
                    break;
                case "is":
                    xml.ReadText(_text, static name => name == "t");
                    break;
                case "f":
                    hasFormula = true;
                    xml.Pass();
                    break;
                default:
                    xml.Pass();
                    break;
            }
        }
        if (hasFormula && _text.Text.IsEmpty && type != "str")
        {
            // Programs that write formulas without calculating them leave the result out, or empty.
            row.Add(rowNumber, column, "=", CellForm.Error);
            return column;
        }
        Add(row, rowNumber, column, type, isDate);
        return column;
    }

    private void Add(SheetRow row, int rowNumber, int column, string? type, bool isDate)
    {
        var text = _text.Text;
        switch (type)
        {
            case "s" when !text.IsEmpty:
                row.Add(rowNumber, column, parts.Strings[int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var word) ? word : -1], CellForm.Text);
                break;
            case "str" or "inlineStr":
                _text.Unescape();
                row.Add(rowNumber, column, _text.Text, CellForm.Text);
                break;
            case "b":
                row.Add(rowNumber, column, text.Trim() is "1" or "true" ? "true" : "false", CellForm.Text);
                break;
            case "e":
                row.Add(rowNumber, column, text, CellForm.Error);
                break;
            case "d":
                row.Add(rowNumber, column, text, CellForm.DateTime);
                break;
            default:
                AddNumber(row, rowNumber, column, text.Trim(), isDate);
                break;
        }
    }

    private void AddNumber(SheetRow row, int rowNumber, int column, ReadOnlySpan<char> text, bool isDate)
    {
        if (isDate && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && SerialDates.Of(number, parts.CountsFrom1904) is { } time)
        {
            row.Add(rowNumber, column, TextOf(time), CellForm.DateTime);
            return;
        }
        // What claims to be a number and is none is told as the text it is.
        var isNumber = text.Length <= limits.CellChars && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        row.Add(rowNumber, column, isNumber ? StoredNumbers.Meant(text) : text, isNumber ? CellForm.Number : CellForm.Text);
    }

    /// <summary>A time as the typed cells read it: a day alone where it is midnight.</summary>
    internal static string TextOf(LocalDateTime time) =>
        time.TimeOfDay == LocalTime.Midnight ? LocalDatePattern.Iso.Format(time.Date) : s_pattern.Format(time);

    private static int ColumnOf(string place)
    {
        var column = 0;
        var at = 0;
        for (; at < place.Length && char.IsAsciiLetter(place[at]) && at < 4; at++)
        {
            column = (column * 26) + (char.ToUpperInvariant(place[at]) - 'A' + 1);
        }
        return at is 1 or 2 or 3 && column <= 16_384 ? column - 1 : throw WorkbookException.Damaged("a cell has no place");
    }
}
