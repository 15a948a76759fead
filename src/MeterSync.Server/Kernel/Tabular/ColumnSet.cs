using System.Diagnostics.CodeAnalysis;

namespace MeterSync.Kernel.Tabular;

/// <summary>What a column holds, so that a sample of its cells can tell the file's conventions.</summary>
public enum ColumnKind
{
    Text,

    /// <summary>Quantities; their cells tell the decimal sign.</summary>
    Number,

    /// <summary>Latitude or longitude; read with either decimal sign and never with thousands separators.</summary>
    Coordinate,

    /// <summary>Dates and times; their cells tell the order of day and month.</summary>
    Date,
}

/// <summary>A logical column of an import, made by <see cref="ColumnSet.Required"/> or <see cref="ColumnSet.Optional"/>.</summary>
public sealed class TableColumn
{
    internal TableColumn(ColumnSet set, int ordinal, string name, ColumnKind kind, bool isRequired, string[] synonyms) =>
        (Set, Ordinal, Name, Kind, IsRequired, Synonyms) = (set, ordinal, name, kind, isRequired, synonyms);

    /// <summary>Logical name, snake_case.</summary>
    public string Name { get; }

    public ColumnKind Kind { get; }

    /// <summary>True when a file without the column is refused and an empty cell is a problem.</summary>
    public bool IsRequired { get; }

    /// <summary>Other headings that mean this column, as they are shown to people.</summary>
    public IReadOnlyList<string> Synonyms { get; }

    internal ColumnSet Set { get; }

    internal int Ordinal { get; }

    public override string ToString() => Name;
}

/// <summary>
/// The columns an import knows. Headings match without regard to case, spaces, underscores, dashes and any other
/// character that is neither letter nor digit. Build one per import in static fields; it is read-only once a reader used it.
/// </summary>
public sealed class ColumnSet
{
    private readonly List<TableColumn> _columns = [];
    private readonly Dictionary<string, TableColumn> _byHeading = new(StringComparer.Ordinal);
    private volatile bool _inUse;

    public IReadOnlyList<TableColumn> Columns => _columns;

    /// <summary>Adds a column a file must have.</summary>
    /// <exception cref="ArgumentException">A heading already means another column, or has no letter or digit.</exception>
    public TableColumn Required(string name, ColumnKind kind, params string[] synonyms) => Add(name, kind, true, synonyms);

    /// <summary>Adds a column a file may have.</summary>
    /// <exception cref="ArgumentException">A heading already means another column, or has no letter or digit.</exception>
    public TableColumn Optional(string name, ColumnKind kind, params string[] synonyms) => Add(name, kind, false, synonyms);

    /// <summary>The column a heading means; false when none.</summary>
    public bool TryMatch(ReadOnlySpan<char> heading, [NotNullWhen(true)] out TableColumn? column) =>
        _byHeading.TryGetValue(Headings.Fold(heading), out column);

    /// <summary>Whether the current row of a table has a heading for each required column.</summary>
    public bool IsHeader(ITableRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var missing = _columns.Where(column => column.IsRequired).ToHashSet();
        for (var cell = 0; cell < rows.CellCount && missing.Count > 0; cell++)
        {
            if (TryMatch(rows.Cell(cell).Trim().Trim('\uFEFF').Trim(), out var column))
            {
                missing.Remove(column);
            }
        }
        return missing.Count == 0;
    }

    internal void Use() => _inUse = true;

    private TableColumn Add(string name, ColumnKind kind, bool isRequired, string[] synonyms)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(synonyms);
        if (_inUse)
        {
            throw new InvalidOperationException("The column set is in use; add all columns before the first file is read.");
        }
        var column = new TableColumn(this, _columns.Count, name, kind, isRequired, synonyms);
        foreach (var heading in synonyms.Prepend(name))
        {
            var key = Headings.Fold(heading);
            if (key.Length == 0 || (_byHeading.TryGetValue(key, out var other) && other != column))
            {
                throw new ArgumentException($"The heading \"{heading}\" is empty or already means another column.", nameof(synonyms));
            }
            _byHeading[key] = column;
        }
        _columns.Add(column);
        return column;
    }
}
