using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;

namespace MeterSync.Modules.Readings.Store;

/// <summary>What part of the readings is wanted. Null means any.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive.</param>
/// <param name="Regions">Only readings of meters in these; <see cref="ReadingList"/> leaves those the caller sees.</param>
internal sealed record ReadingFilter(
    MeterId? MeterId, UserId? AgentId, bool? Verified, ReadingState? State, ReadingSource? Source, DateTimeOffset? From, DateTimeOffset? To, IReadOnlyList<RegionId>? Regions = null, ReadingEvidence? Evidence = null)
{
    /// <summary>An index leads to few readings already.</summary>
    public bool IsNarrow => MeterId is not null || AgentId is not null;

    /// <summary>A walk by time meets few of them.</summary>
    public bool IsRare => State is not (null or ReadingState.Accepted) || Evidence is ReadingEvidence.Pending or ReadingEvidence.Missing;

    public bool IsEverything => this is { Regions: null, MeterId: null, AgentId: null, Verified: null, State: null, Source: null, From: null, To: null, Evidence: null };
}

/// <param name="Oldest">Oldest first instead of newest first.</param>
/// <param name="Page">1-based; unused with a cursor.</param>
/// <param name="Cursor">Where to go on; with <paramref name="Walk"/> and null at the beginning.</param>
/// <param name="Walk">By cursor, without a total.</param>
internal sealed record ReadingPage(bool Oldest, int Page, int Limit, Cursor? Cursor, bool Walk);

/// <summary>Reads pages of readings from one database.</summary>
internal interface IReadingPages
{
    /// <summary>The rows of a page, newest or oldest first, each with its live values by register and, where that costs nothing, its meter's version.</summary>
    /// <param name="filter">What is visible and wanted.</param>
    /// <param name="page">Which page.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<FoundReadings> LoadAsync(ReadingFilter filter, ReadingPage page, CancellationToken cancellationToken);
}

/// <param name="Rows">As many as the page has room for.</param>
/// <param name="More">Whether further rows follow.</param>
/// <param name="Counted">All matching rows, counted up to one past the cap; null when walking by cursor.</param>
internal sealed record FoundReadings(List<ReadingWithValues> Rows, bool More, int? Counted)
{
    /// <param name="oneMore">The page's rows and one more where there is one.</param>
    /// <param name="limit">Room of the page.</param>
    /// <param name="counted">As <see cref="Counted"/>.</param>
    public static FoundReadings Of(List<ReadingWithValues> oneMore, int limit, int? counted)
    {
        var more = oneMore.Count > limit;
        if (more)
        {
            oneMore.RemoveAt(limit);
        }

        return new FoundReadings(oneMore, more, counted);
    }
}

/// <summary>Pages of readings as far as the caller may see them.</summary>
internal sealed class ReadingList(IReadingPages pages, CallerAccessor callers)
{
    public async Task<Page<ReadingWithValues>> LoadAsync(ReadingFilter filter, ReadingPage page, CancellationToken cancellationToken)
    {
        var visible = callers.Caller.RegionsOnly is { } seen ? filter with { Regions = filter.Regions is { } regions ? [.. regions.Where(seen.Contains)] : seen } : filter;
        if (callers.Caller.OwnOnly is { } own)
        {
            visible = visible with { AgentId = filter.AgentId is { } asked && asked != own ? new UserId(Guid.Empty) : own };
        }

        var (found, more, counted) = await pages.LoadAsync(visible, page, cancellationToken);
        var next = more ? new Cursor(found[^1].Reading.ReadingAt, found[^1].Reading.Id.Value).ToString() : null;
        return counted is { } total ? Paging.Numbered(found, total, page.Page, page.Limit, next) : Paging.Walked(found, page.Limit, next);
    }
}
