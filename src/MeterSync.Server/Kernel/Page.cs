using System.Text.Json.Serialization;

namespace MeterSync.Kernel;

/// <summary>One page of a list.</summary>
/// <param name="Items">The rows, in the order asked for.</param>
/// <param name="Total">All matching rows, exact up to 100,000; null when walking by cursor.</param>
/// <param name="TotalCapped">True where there are more than 100,000.</param>
/// <param name="Number">1-based; null when walking by cursor.</param>
/// <param name="Limit">Rows per page.</param>
/// <param name="Pages">Pages of limit rows in total; null when walking by cursor.</param>
/// <param name="HasNext">Whether a row follows this page.</param>
/// <param name="HasPrev">Whether a page precedes this one; false when walking by cursor.</param>
/// <param name="NextCursor">Opaque; null on the last page.</param>
public sealed record Page<T>(
    IReadOnlyList<T> Items,
    int? Total,
    bool TotalCapped,
    [property: JsonPropertyName("page")] int? Number,
    int Limit,
    int? Pages,
    bool HasNext,
    bool HasPrev,
    string? NextCursor);

/// <summary>Bounds shared by every list.</summary>
public static class PageRules
{
    public const int DefaultLimit = 20;
    public const int MaximumLimit = 100;
    public const int CountCap = 100_000;
}
