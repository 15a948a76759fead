using MeterSync.Kernel;

namespace MeterSync.Store;

/// <summary>Puts pages together.</summary>
public static class Paging
{
    /// <param name="items">The rows of the page.</param>
    /// <param name="counted">Matching rows, counted no further than one past the cap.</param>
    /// <param name="page">1-based.</param>
    /// <param name="limit">Rows per page.</param>
    /// <param name="nextCursor">Where the next page begins when walking by cursor, or null.</param>
    public static Page<T> Numbered<T>(IReadOnlyList<T> items, int counted, int page, int limit, string? nextCursor = null)
    {
        var capped = counted > PageRules.CountCap;
        var total = Math.Min(counted, PageRules.CountCap);
        var pages = (total + limit - 1) / limit;
        return new Page<T>(items, total, capped, page, limit, pages, page < pages || (capped && items.Count == limit), page > 1, nextCursor);
    }

    /// <summary>A page of a keyset walk: as dear at depth 10,000 as at the start.</summary>
    public static Page<T> Walked<T>(IReadOnlyList<T> items, int limit, string? nextCursor) =>
        new(items, null, false, null, limit, null, nextCursor is not null, false, nextCursor);
}
