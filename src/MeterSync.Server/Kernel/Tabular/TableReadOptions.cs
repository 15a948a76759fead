using NodaTime;

namespace MeterSync.Kernel.Tabular;

/// <summary>The sign between whole and fraction, as a file writes it.</summary>
public enum DecimalSign
{
    Point,
    Comma,
}

/// <summary>The order of a local date written with slashes or dashes. Dates with dots are always day first.</summary>
public enum DateOrder
{
    DayFirst,
    MonthFirst,
}

/// <summary>What a person may say about a file instead of letting the reader find out, and the limits it must keep.</summary>
public sealed record TableReadOptions
{
    /// <summary>Encoding name such as <c>utf-8</c>, <c>windows-1251</c> or <c>cp866</c>; null finds out. A byte order mark wins over it.</summary>
    public string? Encoding { get; init; }

    /// <summary>The character between cells; null finds out.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Null decides by the cells of the file's numeric columns.</summary>
    public DecimalSign? DecimalSign { get; init; }

    /// <summary>Null decides by the cells of the file's date columns; with no evidence day first, said in a note.</summary>
    public DateOrder? DateOrder { get; init; }

    /// <summary>The zone of times written without an offset.</summary>
    public DateTimeZone TimeZone { get; init; } = DateTimeZone.Utc;

    /// <summary>Name or number (the first is 1) of a workbook's sheet; null takes the first visible one whose first row has the headings. A text file has none.</summary>
    public string? Sheet { get; init; }

    public TableLimits Limits { get; init; } = new();

    /// <summary>The most problems kept in words; more are only counted.</summary>
    public int KeptProblems { get; init; } = ProblemList.DefaultKept;
}

/// <summary>Upper bounds (inclusive) that keep a hostile or broken file from costing more than its share of memory.</summary>
public sealed record TableLimits
{
    /// <summary>Characters of one cell.</summary>
    public int CellChars { get; init; } = 64 * 1024;

    /// <summary>Characters of all cells of one row together.</summary>
    public int RowChars { get; init; } = 1024 * 1024;

    /// <summary>Cells of one row.</summary>
    public int Columns { get; init; } = 1_000;

    /// <summary>Rows below the header, blank rows not counted.</summary>
    public int Rows { get; init; } = 1_000_000;

    /// <summary>Bytes of a workbook's parts as they are unpacked, all together.</summary>
    public long UnpackedBytes { get; init; } = 768L * 1024 * 1024;

    /// <summary>Characters of all words a workbook keeps apart from its cells.</summary>
    public int SharedChars { get; init; } = 32 * 1024 * 1024;

    /// <summary>Bytes of an .xls workbook, which is not packed.</summary>
    public long OldWorkbookBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Rows looked at before the first one is handed out, to find the file's decimal sign and date order.</summary>
    public int SampleRows { get; init; } = 10_000;

    /// <summary>Characters of all sampled rows together.</summary>
    public int SampleChars { get; init; } = 2 * 1024 * 1024;
}
