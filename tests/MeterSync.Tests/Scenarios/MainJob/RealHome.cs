using System.Globalization;

namespace MeterSync.Tests.Scenarios.MainJob;

/// <summary>One home of a file of half-hourly use, and the register a meter there would have shown.</summary>
/// <remarks>
/// The file's instants are UTC and end the half-hour they tell of. An instant that comes again is left out, whatever its value: the first
/// counts. Half-hours that are missing add nothing; neither would a meter without supply.
/// </remarks>
internal sealed class RealHome
{
    /// <summary>Where the homes are: their months begin and end there.</summary>
    public static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Australia/Sydney");

    private static readonly TimeSpan HalfHour = TimeSpan.FromMinutes(30);

    private RealHome(string id, IReadOnlyList<(DateTimeOffset End, decimal Kwh)> halfHours, decimal registerAtStart) =>
        (Id, HalfHours, RegisterAtStart, Readings) = (id, halfHours, registerAtStart, ReadingsOf(halfHours, registerAtStart));

    public string Id { get; }

    public string SerialNumber => $"SGSC-{Id}";

    /// <summary>By instant, none twice.</summary>
    public IReadOnlyList<(DateTimeOffset End, decimal Kwh)> HalfHours { get; }

    /// <summary>What the register showed when the first half-hour began.</summary>
    public decimal RegisterAtStart { get; }

    /// <summary>The register when the supply began, at 23:30 of the last day of each month, and at the end of the file; by instant.</summary>
    public IReadOnlyList<(DateTimeOffset At, decimal Value)> Readings { get; }

    public DateTimeOffset Start => HalfHours[0].End - HalfHour;

    public static IReadOnlyList<RealHome> ReadAll(TextReader file)
    {
        if (file.ReadLine() != "customer_id,epoch_s_as_stored,reading_datetime_as_stored_utc,general_supply_kwh")
        {
            throw new InvalidDataException("The file of half-hours has other headings than it had.");
        }

        var homes = new SortedDictionary<string, SortedDictionary<long, decimal>>(StringComparer.Ordinal);
        while (file.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            if (!homes.TryGetValue(cells[0], out var halfHours))
            {
                homes[cells[0]] = halfHours = [];
            }

            halfHours.TryAdd(long.Parse(cells[1], CultureInfo.InvariantCulture), decimal.Parse(cells[3], CultureInfo.InvariantCulture));
        }

        return [.. homes.Select((home, index) => new RealHome(
            home.Key,
            [.. home.Value.Select(halfHour => (DateTimeOffset.FromUnixTimeSeconds(halfHour.Key), halfHour.Value))],
            1_000m + (index * 7_351.125m)))];
    }

    /// <summary>Use of the half-hours that end after <paramref name="from"/> and not after <paramref name="to"/>.</summary>
    public decimal Use(DateTimeOffset from, DateTimeOffset to) =>
        HalfHours.Where(halfHour => halfHour.End > from && halfHour.End <= to).Sum(halfHour => halfHour.Kwh);

    /// <summary>23:30 on the month's last day, in the homes' zone.</summary>
    public static DateTimeOffset MonthEnd(DateOnly month) =>
        LocalMidnight(new DateOnly(month.Year, month.Month, 1).AddMonths(1)) - HalfHour;

    /// <summary>The instant a day begins in the homes' zone.</summary>
    public static DateTimeOffset LocalMidnight(DateOnly day) =>
        new DateTimeOffset(TimeZoneInfo.ConvertTimeToUtc(day.ToDateTime(TimeOnly.MinValue), Zone), TimeSpan.Zero);

    private static List<(DateTimeOffset At, decimal Value)> ReadingsOf(IReadOnlyList<(DateTimeOffset End, decimal Kwh)> halfHours, decimal registerAtStart)
    {
        var start = halfHours[0].End - HalfHour;
        var readings = new List<(DateTimeOffset, decimal)> { (start, registerAtStart) };
        var local = TimeZoneInfo.ConvertTime(start, Zone);
        var month = new DateOnly(local.Year, local.Month, 1);
        var monthEnd = MonthEnd(month);
        var register = registerAtStart;
        foreach (var (end, kwh) in halfHours)
        {
            for (; end > monthEnd; monthEnd = MonthEnd(month = month.AddMonths(1)))
            {
                if (monthEnd > start)
                {
                    readings.Add((monthEnd, register));
                }
            }

            register += kwh;
        }

        readings.Add((halfHours[^1].End, register));
        return readings;
    }
}
