namespace MeterSync.Kernel.Tabular;

/// <summary>The two forms in which tables are taken and given.</summary>
public enum TableFormat
{
    /// <summary>Text, one row a line.</summary>
    Csv,

    /// <summary>An Office Open XML workbook.</summary>
    Xlsx,
}

/// <summary>What a column holds, as far as it matters for how wide it is shown.</summary>
public enum SinkColumnKind
{
    /// <summary>A word or a code.</summary>
    Word,

    /// <summary>A name, an address, a sentence.</summary>
    Words,
    Number,
    Date,
    Instant,
    Id,
    YesNo,

    /// <summary>Wide enough for a small picture.</summary>
    Picture,
}

/// <summary>A column of a table that is written.</summary>
/// <param name="Name">The heading.</param>
/// <param name="Kind">What stands below it. A cell of another kind may be written all the same.</param>
public sealed record SinkColumn(string Name, SinkColumnKind Kind = SinkColumnKind.Word);

/// <summary>
/// Takes a table cell by cell: <see cref="BeginAsync"/>, then the cells of each row and <see cref="EndRowAsync"/>, and <see cref="CompleteAsync"/> at the end.
/// What is not completed must not be offered to anybody. A null is an empty cell. Memory does not grow with the rows.
/// </summary>
public interface ITableSink : IAsyncDisposable
{
    /// <summary>Rows ended so far, the headings included once.</summary>
    long RowsWritten { get; }

    /// <summary>Writes the headings.</summary>
    /// <param name="title">What the table is called; a sheet gets this name.</param>
    /// <param name="columns">At most 16,384; every row has as many cells, or fewer.</param>
    /// <param name="cancellationToken">Stops.</param>
    ValueTask BeginAsync(string title, IReadOnlyList<SinkColumn> columns, CancellationToken cancellationToken = default);

    /// <summary>Words, which no program will take for a formula.</summary>
    void Text(string? text);

    /// <summary>Words, as <see cref="Text(string?)"/>.</summary>
    void Text(ReadOnlySpan<char> text);

    /// <summary>Several cells of words.</summary>
    void Texts(params ReadOnlySpan<string?> texts);

    /// <summary>An exact number with the digits it has.</summary>
    void Number(decimal? value);

    /// <summary>A whole number.</summary>
    void Number(long? value);

    /// <summary>A measured quantity such as a latitude. Must be finite.</summary>
    void Number(double? value);

    /// <summary>36 lower-case letters.</summary>
    void Id(Guid? value);

    /// <summary>An instant, in UTC.</summary>
    void Instant(DateTimeOffset? value);

    /// <summary>A day.</summary>
    void Date(DateOnly? value);

    void YesNo(bool? value);

    /// <summary>Ends the row and, when enough has gathered, sends it on.</summary>
    ValueTask EndRowAsync(CancellationToken cancellationToken = default);

    /// <summary>Sends all that is left. The output stays open.</summary>
    ValueTask CompleteAsync(CancellationToken cancellationToken = default);
}
