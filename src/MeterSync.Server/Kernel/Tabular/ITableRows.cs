namespace MeterSync.Kernel.Tabular;

/// <summary>How a source stores a cell. Text files only know <see cref="Text"/>.</summary>
public enum CellForm : byte
{
    /// <summary>Characters as a person typed them; numbers and dates follow the file's conventions.</summary>
    Text,

    /// <summary>A stored number; its text is in invariant form (<c>-1234.5</c>, also <c>1.2E-05</c>).</summary>
    Number,

    /// <summary>A stored local date or date and time; its text is ISO 8601 without an offset.</summary>
    DateTime,

    /// <summary>A formula without a result: its text is what the cell shows, such as <c>#N/A</c>, or <c>=</c> where the workbook has no result.</summary>
    Error,
}

/// <summary>
/// Rows of an uploaded table, one at a time, forward only. What <see cref="Cell"/> returns is valid until the next
/// <see cref="ReadAsync"/>. A source never throws for what is in the file; it reports a fault.
/// </summary>
public interface ITableRows : IAsyncDisposable
{
    /// <summary>Goes to the next row, blank rows included. False at the end of the table or after a fault that stops reading.</summary>
    ValueTask<bool> ReadAsync(CancellationToken cancellationToken);

    /// <summary>The current row as a spreadsheet counts it, the first is 1.</summary>
    int Row { get; }

    /// <summary>The line of the file where the current row starts, the first is 1; equals <see cref="Row"/> where a format has no lines.</summary>
    long Line { get; }

    /// <summary>Cells of the current row.</summary>
    int CellCount { get; }

    /// <summary>The text of a cell; empty at or beyond <see cref="CellCount"/>.</summary>
    ReadOnlySpan<char> Cell(int index);

    /// <summary>How the cell is stored.</summary>
    CellForm Form(int index);

    /// <summary>What is wrong with the current row, or what stopped reading; null when nothing is.</summary>
    RowFault? Fault { get; }

    /// <summary>Whether a stored number that means a day counts from 1904 rather than 1900; null where the source does not know.</summary>
    bool? CountsFrom1904 { get; }

    /// <summary>The sheet the rows stand on; null for a text file.</summary>
    string? Sheet { get; }

    /// <summary>The first range of merged cells that touches a row, such as <c>A1:C1</c>, or null. No row can be read after this.</summary>
    /// <param name="row">As <see cref="Row"/>.</param>
    ValueTask<string?> FindMergedAsync(int row, CancellationToken cancellationToken);

    /// <summary>What the source found out about the file; shown to the person who uploaded it.</summary>
    IReadOnlyList<TableNote> Notes { get; }
}

/// <summary>A row that could not be read as cells.</summary>
/// <param name="Row">Row as a spreadsheet counts it; 0 for the file as a whole.</param>
/// <param name="CellIndex">The cell at fault, the first is 0; -1 when no single cell is.</param>
/// <param name="Code">One of <see cref="ImportCodes"/>.</param>
/// <param name="Message">A sentence for the person who made the file.</param>
/// <param name="Stops">True when no further row can be read.</param>
public sealed record RowFault(int Row, int CellIndex, string Code, string Message, bool Stops);
