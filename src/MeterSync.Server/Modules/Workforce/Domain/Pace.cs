namespace MeterSync.Modules.Workforce.Domain;

/// <summary>How fast somebody reads.</summary>
internal static class Pace
{
    private static readonly TimeSpan Break = TimeSpan.FromHours(2);

    /// <summary>Median minutes from one reading to the next; longer gaps are breaks and do not count. Null with fewer than two readings.</summary>
    /// <param name="instants">In order of time.</param>
    public static double? MedianMinutes(IReadOnlyList<DateTimeOffset> instants)
    {
        var gaps = new List<double>(instants.Count);
        for (var index = 1; index < instants.Count; index++)
        {
            if (instants[index] - instants[index - 1] is var gap && gap <= Break)
            {
                gaps.Add(gap.TotalMinutes);
            }
        }

        if (gaps.Count == 0)
        {
            return null;
        }

        gaps.Sort();
        var middle = gaps.Count / 2;
        return Math.Round(gaps.Count % 2 == 1 ? gaps[middle] : (gaps[middle - 1] + gaps[middle]) / 2, 1);
    }
}
