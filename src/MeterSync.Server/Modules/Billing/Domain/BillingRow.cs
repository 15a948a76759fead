using System.Globalization;
using MeterSync.Metering;
using MeterSync.Metering.Registers;
using MeterSync.Modules.Billing.Public;
using MeterSync.Modules.Readings.Public;

namespace MeterSync.Modules.Billing.Domain;

/// <summary>A register's bill for a period at one place, worked out from its values.</summary>
/// <param name="Previous">Latest accepted value before the period; the install value where the meter came within it and was read again.</param>
/// <param name="Used">Accepted values in the period, oldest first.</param>
internal sealed record BillingRow(
    RegisterPeriod Period,
    BillingState State,
    PeriodValue? Previous,
    IReadOnlyList<PeriodValue> Used,
    decimal? Consumption,
    int HeldCount)
{
    /// <summary>When the meter came to its place; null where it was there when the period began.</summary>
    public DateTimeOffset? InstalledAt { get; private init; }

    /// <summary>When it was taken away; null where it was there when the period ended.</summary>
    public DateTimeOffset? RemovedAt { get; private init; }

    public PeriodValue? Current => Used.Count > 0 ? Used[^1] : null;

    public decimal? Days => Current is { } current && Previous is { } previous ? Metering.Registers.Consumption.DaysBetween(previous.At, current.At) : null;

    /// <summary>The configuration of the day of the current value, else of the latest value known.</summary>
    public (string Unit, decimal Multiplier) Configuration => Current is { } current ? (current.Unit, current.Multiplier) : (Period.Unit, Period.Multiplier);

    /// <summary>Worst of the values a bill rests on.</summary>
    public Quality? Quality => Current is null ? null : Used.Select(value => value.Quality).Concat(Previous is { } previous ? [previous.Quality] : []).MaxBy(Badness);

    public string Flags => string.Join(',', Used.SelectMany(value => value.Flags.Split(',', StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    /// <param name="period">The register with its values.</param>
    /// <param name="from">Inclusive.</param>
    /// <param name="to">Exclusive.</param>
    public static BillingRow Of(RegisterPeriod period, DateTimeOffset from, DateTimeOffset to)
    {
        var (installed, removed) = (period.Register.InstalledAt, period.Register.RemovedAt);
        installed = installed >= from ? installed : null;
        var accepted = period.Values.Where(value => value.State == ReadingState.Accepted).ToList();
        var used = accepted.Where(value => value.At >= from).ToList();
        var previous = accepted.LastOrDefault(value => value.At < from);
        if (previous is null && used.Count > 1 && used[0].At == installed && used[0].Consumption is null)
        {
            previous = used[0];
            used.RemoveAt(0);
        }

        var held = period.Values.Count(value => value.State == ReadingState.Held && value.At >= from);
        var state = used.Count > 0 ? BillingState.Billable : held > 0 ? BillingState.Held : BillingState.Missing;
        var counts = period.Register.Kind == RegisterKind.Cumulative && used.Any(value => value.Consumption is not null);
        return new BillingRow(period, state, previous, used, counts ? used.Sum(value => value.Consumption ?? 0) : null, held)
        {
            InstalledAt = installed,
            RemovedAt = removed < to ? removed : null,
        };
    }

    public string? Remark()
    {
        List<string> sentences = [];
        switch (State)
        {
            case BillingState.Missing:
                sentences.Add("No reading in the period.");
                break;
            case BillingState.Held:
                sentences.Add(HeldCount == 1 ? "1 reading in the period is held; none is billable." : $"{HeldCount} readings in the period are held; none is billable.");
                break;
            case BillingState.Billable when HeldCount > 0:
                sentences.Add(HeldCount == 1 ? "1 further reading in the period is held." : $"{HeldCount} further readings in the period are held.");
                break;
        }

        if (RemovedAt is { } removed)
        {
            sentences.Add($"The meter was taken away at {Text(removed)}: use is counted up to its last value.");
        }

        if (InstalledAt is { } installed && (Previous ?? Current) is { Consumption: null } first && first.At == installed)
        {
            sentences.Add($"The meter came here at {Text(installed)}: use is counted from its install value.");
        }
        else if (State == BillingState.Billable && Period.Register.Kind == RegisterKind.Cumulative && Previous is null)
        {
            sentences.Add(Consumption is null ? "First reading of the register: there is nothing to measure its use from." : "No reading before the period: use is counted from the first one in it.");
        }

        var configurations = Used.Concat(Previous is { } previous ? [previous] : []).Select(value => (value.Unit, value.Multiplier)).Distinct().Count();
        if (configurations > 1)
        {
            sentences.Add(string.Create(CultureInfo.InvariantCulture, $"Unit or multiplier changed during the period; each reading counts with that of its day, and {Configuration.Multiplier} is that of the last."));
        }

        var estimates = Used.Where(value => value.Estimate is not null).ToList();
        if (estimates.Count > 0)
        {
            sentences.Add($"{(estimates.Count == 1 ? "1 value is an estimate" : $"{estimates.Count} values are estimates, the last one")} of {Text(estimates[^1].At)}: {estimates[^1].Estimate}");
        }

        return sentences.Count == 0 ? null : string.Join(' ', sentences);
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>From a value nobody need doubt to one nobody may bill.</summary>
    private static int Badness(Quality quality) => quality switch
    {
        Metering.Quality.Valid => 0,
        Metering.Quality.Edited => 1,
        Metering.Quality.Estimated => 2,
        Metering.Quality.Suspect => 3,
        _ => 4,
    };
}
