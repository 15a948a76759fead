using System.Text;

namespace MeterSync.Tests.Scenarios.MainJob;

/// <summary>Reads an exported file as any other program would (RFC 4180), without the product's own reader.</summary>
internal static class CsvText
{
    /// <summary>Rows by heading.</summary>
    public static IReadOnlyList<Dictionary<string, string>> Rows(string text)
    {
        var lines = Lines(text).ToList();
        return [.. lines.Skip(1).Select(cells => lines[0].Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal))];
    }

    private static IEnumerable<List<string>> Lines(string text)
    {
        var (cells, cell, quoted) = (new List<string>(), new StringBuilder(), false);
        for (var place = 0; place < text.Length; place++)
        {
            switch (text[place])
            {
                case '"' when quoted && place + 1 < text.Length && text[place + 1] == '"':
                    cell.Append(text[place++]);
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    cells.Add(cell.ToString());
                    cell.Clear();
                    break;
                case '\r' when !quoted:
                    break;
                case '\n' when !quoted:
                    cells.Add(cell.ToString());
                    cell.Clear();
                    yield return cells;
                    cells = [];
                    break;
                default:
                    cell.Append(text[place]);
                    break;
            }
        }
    }
}
