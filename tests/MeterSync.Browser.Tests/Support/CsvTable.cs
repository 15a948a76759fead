using System.Text;

namespace MeterSync.Browser.Tests.Support;

/// <summary>A text table as the server writes it: RFC 4180, a line of headings first.</summary>
internal static class CsvTable
{
    /// <returns>Each row by heading.</returns>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Parse(string text)
    {
        var rows = Rows(text.TrimStart('\ufeff')).ToList();
        return [.. rows.Skip(1).Select(row => rows[0].Zip(row).ToDictionary(cell => cell.First, cell => cell.Second))];
    }

    private static IEnumerable<List<string>> Rows(string text)
    {
        var row = new List<string>();
        var cell = new StringBuilder();
        var isQuoted = false;
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (isQuoted)
            {
                if (letter != '"')
                {
                    cell.Append(letter);
                }
                else if (at + 1 < text.Length && text[at + 1] == '"')
                {
                    cell.Append(text[++at]);
                }
                else
                {
                    isQuoted = false;
                }
            }
            else if (letter == '"')
            {
                isQuoted = true;
            }
            else if (letter is ',' or '\n')
            {
                row.Add(cell.ToString());
                cell.Clear();
                if (letter == '\n')
                {
                    yield return row;
                    row = [];
                }
            }
            else if (letter != '\r')
            {
                cell.Append(letter);
            }
        }

        if (row.Count > 0 || cell.Length > 0)
        {
            yield return [.. row, cell.ToString()];
        }
    }
}
