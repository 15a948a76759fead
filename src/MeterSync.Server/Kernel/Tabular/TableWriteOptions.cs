namespace MeterSync.Kernel.Tabular;

/// <summary>How a written table looks.</summary>
public sealed record TableWriteOptions
{
    /// <summary>The character between cells; ASCII, no letter, digit, quote or line end.</summary>
    public char Delimiter { get; init; } = ',';

    public DecimalSign DecimalSign { get; init; } = DecimalSign.Point;

    /// <summary>True to begin with a byte order mark, without which Excel does not read UTF-8.</summary>
    public bool WithByteOrderMark { get; init; }

    /// <summary>True to put an apostrophe before text that a spreadsheet program would run as a formula, see <see cref="FormulaGuard"/>.</summary>
    public bool GuardFormulas { get; init; } = true;
}
