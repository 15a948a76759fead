using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Store;

namespace MeterSync.Modules.Readings;

/// <summary>What the two lists of readings share between query string and page.</summary>
internal static class ReadingPages
{
    /// <param name="sort">reading_timestamp, or with a minus before it; null is newest first.</param>
    /// <param name="page">1-based.</param>
    /// <param name="limit">Rows.</param>
    /// <param name="cursor">Null: numbered pages. Empty: begin a walk. Else go on from there.</param>
    public static Outcome<ReadingPage> Of(string? sort, int page, int limit, string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return new ReadingPage(sort == "reading_timestamp", page, limit, null, Walk: cursor is not null);
        }

        return Cursor.TryParse(cursor, out var place)
            ? new ReadingPage(sort == "reading_timestamp", page, limit, place, Walk: true)
            : KernelProblems.Invalid.For("cursor", "The cursor is not one of ours; begin again without it.");
    }

    public static DateTimeOffset? Instant(string? text) => InstantText.TryParse(text, out var instant) ? instant : null;

    public static Page<ReadingView> View(Page<ReadingWithValues> found, Func<ReadingWithValues, ReadingView> view) =>
        new([.. found.Items.Select(view)], found.Total, found.TotalCapped, found.Number, found.Limit, found.Pages, found.HasNext, found.HasPrev, found.NextCursor);

    public static Answer<Page<ReadingView>> ToPageAnswer(this Outcome<Page<ReadingView>> page) => new(page) { Writer = ReadingPageJson.Write };
}
