using System.Buffers;
using System.Globalization;

namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>Which of a workbook's styles show a number as a date.</summary>
internal sealed class WorkbookStyles
{
    private const int MostStyles = 100_000;

    private static readonly SearchValues<char> s_elapsed = SearchValues.Create("hHmMsS");

    private readonly List<bool> _isDate = [];

    public bool IsDate(int style) => (uint)style < (uint)_isDate.Count && _isDate[style];

    public void Read(WorkbookXml xml)
    {
        var own = new Dictionary<int, bool>();
        var inCells = false;
        while (xml.Read())
        {
            if (xml.IsEnd)
            {
                inCells &= xml.Name != "cellXfs";
            }
            else if (!xml.IsElement)
            {
                continue;
            }
            else if (xml.Name == "numFmt")
            {
                own[Number(xml.Attribute("numFmtId"))] = ShowsDate(xml.Attribute("formatCode") ?? "");
            }
            else if (xml.Name == "cellXfs")
            {
                inCells = !xml.IsEmpty;
            }
            else if (inCells && xml.Name == "xf")
            {
                var format = Number(xml.Attribute("numFmtId"));
                _isDate.Add(own.TryGetValue(format, out var isDate) ? isDate : IsBuiltInDate(format));
            }
            if (_isDate.Count > MostStyles || own.Count > MostStyles)
            {
                throw WorkbookException.TooLarge($"it has more than {MostStyles} styles");
            }
        }
    }

    /// <summary>Whether a format has letters of a date or a time outside of quotes and brackets; [h]:mm counts hours and is none.</summary>
    internal static bool ShowsDate(ReadOnlySpan<char> format)
    {
        for (var i = 0; i < format.Length; i++)
        {
            switch (format[i])
            {
                case '\\' or '_' or '*':
                    i++;
                    break;
                case '"':
                    var quote = format[(i + 1)..].IndexOf('"');
                    i = quote < 0 ? format.Length : i + 1 + quote;
                    break;
                case '[':
                    var bracket = format[i..].IndexOf(']');
                    if (bracket < 0)
                    {
                        return false;
                    }
                    if (bracket > 1 && format[i + 1] is 'h' or 'H' or 'm' or 'M' or 's' or 'S' && !format[(i + 2)..(i + bracket)].ContainsAnyExcept(s_elapsed))
                    {
                        return false;
                    }
                    i += bracket;
                    break;
                case 'y' or 'Y' or 'm' or 'M' or 'd' or 'D' or 'h' or 'H' or 's' or 'S':
                    return true;
                case 'G' when format[i..].StartsWith("General", StringComparison.OrdinalIgnoreCase):
                    i += "General".Length - 1;
                    break;
                default:
                    break;
            }
        }
        return false;
    }

    // 27 to 36 and 50 to 58 are dates of the East Asian editions; 46 counts hours.
    private static bool IsBuiltInDate(int format) => format is (>= 14 and <= 22) or (>= 27 and <= 36) or 45 or 47 or (>= 50 and <= 58);

    private static int Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
