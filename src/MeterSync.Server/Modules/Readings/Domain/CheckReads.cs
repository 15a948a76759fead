using MeterSync.Metering.Vee;

namespace MeterSync.Modules.Readings.Domain;

/// <summary>Finds the readings that another agent or device took of the same register in the same cycle (VEE-111).
/// For a meter that is in no read cycle, "the same cycle" is half the register's usual period to either side: the median of its last six
/// periods, at least one day and at most fifteen.</summary>
internal static class CheckReads
{
    private const int PeriodsLookedAt = 6;
    private static readonly TimeSpan Shortest = TimeSpan.FromDays(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(15);

    /// <param name="rows">Accepted values, oldest first.</param>
    /// <param name="reader">Who read; null unknown.</param>
    /// <param name="at">When.</param>
    /// <param name="cycle">The read cycle of that instant: from inclusive, to exclusive. Null for none.</param>
    /// <param name="segments">Where the meter was elsewhere, others read something else.</param>
    public static IReadOnlyList<OtherVisit> Of(List<AcceptedRow> rows, string? reader, DateTimeOffset at, (DateTimeOffset From, DateTimeOffset To)? cycle, RegisterSegments segments)
    {
        if (reader is null)
        {
            return [];
        }

        List<OtherVisit>? found = null;
        TimeSpan? window = null;
        var earliest = cycle?.From ?? at - Longest;
        for (var index = rows.Count - 1; index >= 0 && rows[index].At >= earliest; index--)
        {
            var row = rows[index];
            if (row.ReadBy is null || row.ReadBy == reader || !segments.AreOne(row.At, at))
            {
                continue;
            }

            if (cycle is { } known ? row.At < known.To : row.At <= at + Longest && (row.At - at).Duration() < (window ??= WindowOf(rows)))
            {
                (found ??= []).Add(new OtherVisit(row.Value, row.At, NameOf(row.ReadBy)));
            }
        }

        return found ?? (IReadOnlyList<OtherVisit>)[];
    }

    private static TimeSpan WindowOf(List<AcceptedRow> rows)
    {
        var lengths = new List<TimeSpan>(PeriodsLookedAt);
        for (var index = rows.Count - 1; index > 0 && lengths.Count < PeriodsLookedAt; index--)
        {
            var length = rows[index].At - rows[index - 1].At;
            if (length >= Shortest)
            {
                lengths.Add(length);
            }
        }

        lengths.Sort();
        var half = lengths.Count == 0 ? Shortest : lengths[lengths.Count / 2] / 2;
        return half < Shortest ? Shortest : half > Longest ? Longest : half;
    }

    /// <summary>Names stay with the accounts; the sentence only has to say that it was somebody else.</summary>
    private static string NameOf(string readBy) =>
        readBy.StartsWith(ReadingValue.DevicePrefix, StringComparison.Ordinal) ? $"Device {readBy[ReadingValue.DevicePrefix.Length..]}" : "Another agent";
}
