using NodaTime;

namespace MeterSync.Kernel.Tabular;

/// <summary>A date as a cell writes it, before a zone is applied.</summary>
/// <param name="Date">The day.</param>
/// <param name="Time">The time of day; null when the cell has only a date.</param>
/// <param name="Offset">The offset from UTC the cell states; null when it states none.</param>
public readonly record struct LocalDateCell(LocalDate Date, LocalTime? Time, Offset? Offset);

/// <summary>What the parts of a date with slashes or dashes say about their order.</summary>
internal enum DateEvidence
{
    None,
    DayFirst,
    MonthFirst,

    /// <summary>Both first parts are 12 or less, and differ.</summary>
    Either,
}
