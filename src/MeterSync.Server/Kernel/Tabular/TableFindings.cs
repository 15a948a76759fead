namespace MeterSync.Kernel.Tabular;

/// <summary>What the reader found out about a file, for the report of the import.</summary>
/// <param name="Encoding">Name of the encoding such as <c>utf-8</c>; null for a source that is no text file.</param>
/// <param name="Delimiter">The character between cells; null for a source that is no text file.</param>
/// <param name="DecimalSign">The decimal sign told or found; null when the sample shows none, or both.</param>
/// <param name="DateOrder">The order told, found or assumed; null when the sample shows both.</param>
/// <param name="Sheet">The sheet read; null for a text file.</param>
/// <param name="HeaderRow">The row of the header as a spreadsheet counts it; 0 when there is none.</param>
/// <param name="Matched">Each heading that was understood, with the logical column it stands for.</param>
/// <param name="Ignored">Headings of no known column, as written.</param>
public sealed record TableFindings(
    string? Encoding,
    char? Delimiter,
    DecimalSign? DecimalSign,
    DateOrder? DateOrder,
    string? Sheet,
    int HeaderRow,
    IReadOnlyList<KeyValuePair<string, string>> Matched,
    IReadOnlyList<string> Ignored);
