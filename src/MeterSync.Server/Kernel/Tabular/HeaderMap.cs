namespace MeterSync.Kernel.Tabular;

/// <summary>Where each logical column stands in a file.</summary>
internal sealed class HeaderMap
{
    private const int MostHeadingsShown = 30;

    private readonly int[] _cellOf;
    private readonly string?[] _writtenOf;

    private HeaderMap(ColumnSet columns)
    {
        _cellOf = new int[columns.Columns.Count];
        _writtenOf = new string?[columns.Columns.Count];
        Array.Fill(_cellOf, -1);
    }

    /// <summary>Cells of the header, trailing empty ones not counted.</summary>
    public int Width { get; private set; }

    /// <summary>Cells a row must have so that no required column is missing.</summary>
    public int LeastWidth { get; private set; }

    public List<string> Headings { get; } = [];

    public List<KeyValuePair<string, string>> Matched { get; } = [];

    public List<string> Ignored { get; } = [];

    /// <summary>The cell of a column in each row, the first is 0; -1 when the file has no such column.</summary>
    public int CellOf(TableColumn column) => _cellOf[column.Ordinal];

    /// <summary>The heading as the file writes it, or the logical name when the file has no such column.</summary>
    public string WrittenName(TableColumn column) => _writtenOf[column.Ordinal] ?? column.Name;

    /// <summary>The heading above a cell; its number when the header has none there.</summary>
    public string HeadingAt(int cell) => cell < Headings.Count && Headings[cell].Length > 0 ? Headings[cell] : $"{cell + 1}";

    public static HeaderMap Read(ITableRows rows, ColumnSet columns, ProblemList problems)
    {
        var map = new HeaderMap(columns);
        for (var cell = 0; cell < rows.CellCount; cell++)
        {
            var heading = rows.Cell(cell).Trim().Trim('\uFEFF').Trim();
            var shown = Excerpt.Of(heading);
            map.Headings.Add(shown);
            if (heading.Length == 0)
            {
                continue;
            }
            map.Width = cell + 1;
            if (!columns.TryMatch(heading, out var column))
            {
                map.Ignored.Add(shown);
                continue;
            }
            if (map._cellOf[column.Ordinal] >= 0)
            {
                problems.Add(new RowProblem(rows.Row, shown, ImportCodes.ColumnTwice, $"The headings \"{map._writtenOf[column.Ordinal]}\" and \"{shown}\" both mean the column {column.Name}. Keep one of them."));
                continue;
            }
            map._cellOf[column.Ordinal] = cell;
            map._writtenOf[column.Ordinal] = shown;
            map.Matched.Add(new(shown, column.Name));
            map.LeastWidth = column.IsRequired ? cell + 1 : map.LeastWidth;
        }
        map.RefuseMissing(rows, columns, problems);
        return map;
    }

    private void RefuseMissing(ITableRows rows, ColumnSet columns, ProblemList problems)
    {
        foreach (var column in columns.Columns.Where(column => column.IsRequired && _cellOf[column.Ordinal] < 0))
        {
            var wanted = string.Join(", ", column.Synonyms.Prepend(column.Name).Select(name => $"\"{name}\""));
            var found = string.Join(", ", Headings.Where(heading => heading.Length > 0).Take(MostHeadingsShown).Select(heading => $"\"{heading}\""));
            problems.Add(new RowProblem(rows.Row, column.Name, ImportCodes.ColumnMissing, $"The column {column.Name} is missing. Any of these headings would do: {wanted}. The file has: {found}."));
        }
    }
}
