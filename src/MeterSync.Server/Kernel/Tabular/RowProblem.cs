namespace MeterSync.Kernel.Tabular;

/// <summary>One thing wrong with an uploaded table, in words for the person who made the file.</summary>
/// <param name="Row">Row as a spreadsheet shows it: the header is normally row 1. 0 when the problem is about the whole file.</param>
/// <param name="Column">Column heading as written in the file, else the logical column name; null when no single column is meant.</param>
/// <param name="Code">Immutable code, one of <see cref="ImportCodes"/> or a code of the importing module.</param>
/// <param name="Message">A sentence that names the offending text, shortened to 40 characters. Does not repeat row and column.</param>
public sealed record RowProblem(int Row, string? Column, string Code, string Message)
{
    /// <summary>Row, column and message as one line.</summary>
    public override string ToString() => (Row, Column) switch
    {
        (0, null) => Message,
        (0, _) => $"Column \"{Column}\": {Message}",
        (_, null) => $"Row {Row}: {Message}",
        _ => $"Row {Row}, column \"{Column}\": {Message}",
    };
}

/// <summary>Something the reader decided about a file that a person should see, but that stops nothing.</summary>
/// <param name="Code">Immutable code, one of <see cref="ImportCodes"/>.</param>
/// <param name="Message">A sentence that says what was taken for granted and how to say otherwise.</param>
public sealed record TableNote(string Code, string Message);
