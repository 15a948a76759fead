using System.Globalization;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Billing.Public;
using MeterSync.Modules.Readings.Public;

namespace MeterSync.Modules.Billing.Domain;

/// <summary>What later corrections and late readings did to a line.</summary>
/// <param name="Last">The line as it was frozen or last adjusted.</param>
/// <param name="Now">The line as it would be now; its billed consumption is the difference, its reason says why.</param>
internal sealed record BillingDifference(BillingLine Last, BillingLine Now)
{
    /// <summary>Null where nothing a bill rests on has changed.</summary>
    /// <param name="last">The line as it was frozen or last adjusted.</param>
    /// <param name="row">The row as it is now.</param>
    /// <param name="since">Instant of the state <paramref name="last"/> shows.</param>
    public static BillingDifference? Between(BillingLine last, BillingRow row, DateTimeOffset since)
    {
        if (last.PreviousValue == row.Previous?.Value && last.PreviousAt == row.Previous?.At && last.CurrentValue == row.Current?.Value && last.CurrentAt == row.Current?.At
            && last.Consumption == row.Consumption && last.Quality == row.Quality)
        {
            return null;
        }

        var now = BillingLine.Of(row, last.LineNumber);
        now.RunId = last.RunId;
        now.BilledConsumption = row.Consumption is null && last.Consumption is null ? null : ((row.Consumption ?? 0) - (last.Consumption ?? 0)).Plain();
        now.Reason = string.Join(' ', Reasons(last.ReadInputs(), row, since));
        return new BillingDifference(last, now);
    }

    /// <summary>A line of a meter that the run knew nothing of: all of its use is new. Null where no value of it counts.</summary>
    /// <param name="run">The run.</param>
    /// <param name="row">The row as it is now; its meter came within the period.</param>
    /// <param name="lineNumber">The next one that is free.</param>
    public static BillingDifference? OfNew(BillingRun run, BillingRow row, int lineNumber)
    {
        if (row.Current is null && row.Previous is null)
        {
            return null;
        }

        var now = BillingLine.Of(row, lineNumber);
        now.RunId = run.Id;
        now.Reason = string.Join(' ', Reasons([], row, run.CreatedAt).Prepend($"The meter came to its place at {Text(row.InstalledAt!.Value)} by an exchange that was recorded after the run was frozen."));
        return new BillingDifference(new BillingLine { RunId = run.Id, LineNumber = lineNumber, RegisterId = now.RegisterId, State = BillingState.Missing }, now);
    }

    private static IEnumerable<string> Reasons(IReadOnlyList<BillingInputView> before, BillingRow row, DateTimeOffset since)
    {
        List<PeriodValue> after = [.. row.Previous is { } previous ? [previous] : Array.Empty<PeriodValue>(), .. row.Used];
        var said = 0;
        foreach (var value in after)
        {
            var same = before.FirstOrDefault(input => input.ValueId == value.Id.Value);
            var corrected = before.FirstOrDefault(input => input.ReadingId == value.ReadingId.Value || (value.SupersedesId is { } superseded && superseded.Value == input.ValueId));
            var sentence = same is not null ? Recomputed(same, value)
                : corrected is not null ? $"{Name(value)} was corrected: {Text(value.Value)} instead of {Text(corrected.Value)}."
                : value.ReceivedAt > since ? $"{Name(value)} came in late, on {Text(value.ReceivedAt)}: {Text(value.Value)}."
                : $"{Name(value)} is accepted now: {Text(value.Value)}.";
            if (sentence is not null)
            {
                said++;
                yield return sentence;
            }
        }

        foreach (var input in before.Where(input => after.TrueForAll(value => value.Id.Value != input.ValueId && value.ReadingId.Value != input.ReadingId && value.SupersedesId?.Value != input.ValueId)))
        {
            // The value before the period gives way to a later one without being wrong.
            var stepsBack = !input.InPeriod && row.Previous is { } now && now.At > input.At;
            if (!stepsBack)
            {
                said++;
                yield return $"Reading {input.ReadingId} of {Text(input.At)} ({Text(input.Value)}) no longer counts.";
            }
        }

        if (said == 0)
        {
            yield return "The use of the period was computed anew from the same readings.";
        }
    }

    private static string? Recomputed(BillingInputView before, PeriodValue after)
    {
        if (before.InPeriod && before.Consumption != after.Consumption)
        {
            return $"The use up to {Name(after, capital: false)} was computed anew: {Text(after.Consumption)} instead of {Text(before.Consumption)}.";
        }

        return before.Quality == after.Quality ? null : $"{Name(after)} is {Terms<Quality>.WordOf(after.Quality)} now instead of {Terms<Quality>.WordOf(before.Quality)}.";
    }

    private static string Name(PeriodValue value, bool capital = true) => $"{(capital ? "Reading" : "reading")} {value.ReadingId.Value} of {Text(value.At)}";

    private static string Text(decimal? value) => value is { } number ? number.ToString("0.######", CultureInfo.InvariantCulture) : "none";

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
