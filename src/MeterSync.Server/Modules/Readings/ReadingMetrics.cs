using System.Diagnostics.Metrics;
using MeterSync.Kernel;
using MeterSync.Kernel.Telemetry;
using MeterSync.Metering;
using MeterSync.Metering.Estimation;
using MeterSync.Metering.Vee;
using MeterSync.Modules.Readings.Import;
using MeterSync.Modules.Readings.Public;

namespace MeterSync.Modules.Readings;

/// <summary>What became of the readings, counted by the register value once it is stored.</summary>
internal static class ReadingMetrics
{
    private const string SourceLabel = "source";
    private const string OutcomeLabel = "outcome";
    private static readonly Counter<long> Values = Instrumentation.Meter.CreateCounter<long>("metersync.reading.values", "{value}", "Register values that came in, by the source of the reading and what became of them");
    private static readonly Counter<long> Holds = Instrumentation.Meter.CreateCounter<long>("metersync.vee.holds", "{value}", "Register values held for a person, by the rule that held them");
    private static readonly Counter<long> Estimates = Instrumentation.Meter.CreateCounter<long>("metersync.estimates", "{value}", "Register values that were to be estimated, by the method and what became of them");
    private static readonly Counter<long> Decisions = Instrumentation.Meter.CreateCounter<long>("metersync.reading.decisions", "{reading}", "Readings that people verified, rejected or corrected");

    /// <summary>Registers that were to be estimated; those that needed no estimate do not count.</summary>
    public static void Estimated(IEnumerable<EstimateOutcome> outcomes)
    {
        foreach (var group in outcomes.Where(one => one.Result is EstimateResult.Estimated or EstimateResult.Held or EstimateResult.Impossible).GroupBy(one => (one.Result, one.Method)))
        {
            Estimates.Add(
                group.Count(),
                new KeyValuePair<string, object?>("method", group.Key.Method is { } method ? Terms<EstimationMethod>.WordOf(method) : "none"),
                new KeyValuePair<string, object?>(OutcomeLabel, Terms<EstimateResult>.WordOf(group.Key.Result)));
        }
    }

    /// <summary>A reading that came in through the API.</summary>
    public static void Recorded(ReadingView reading, bool alreadyThere)
    {
        foreach (var value in reading.Values)
        {
            Count(reading.Source, alreadyThere ? "duplicate" : Terms<ReadingState>.WordOf(value.Verdict.State), 1);
            if (alreadyThere || value.Verdict.State is not ReadingState.Held)
            {
                continue;
            }

            foreach (var finding in value.Verdict.Findings)
            {
                if (finding.Effect is FindingEffect.Hold)
                {
                    Holds.Add(1, new KeyValuePair<string, object?>("rule", finding.Rule));
                }
            }
        }
    }

    /// <summary>A reading of which nothing was stored, counted as one value.</summary>
    public static void Refused(ReadingSource source) => Count(source, "refused", 1);

    /// <summary>What a finished import has written.</summary>
    public static void Imported(ImportTally tally)
    {
        Count(ReadingSource.Import, Terms<ReadingState>.WordOf(ReadingState.Accepted), tally.Accepted);
        Count(ReadingSource.Import, Terms<ReadingState>.WordOf(ReadingState.Held), tally.Held);
        Count(ReadingSource.Import, "duplicate", tally.Unchanged);
        Count(ReadingSource.Import, "refused", tally.Refused);
        foreach (var (rule, values) in tally.HeldByRule)
        {
            Holds.Add(values, new KeyValuePair<string, object?>("rule", rule));
        }
    }

    /// <summary>Counts where it came about, and hands the outcome on.</summary>
    public static Outcome<T> Decided<T>(string decision, Outcome<T> outcome)
    {
        if (outcome.Succeeded)
        {
            Decisions.Add(1, new KeyValuePair<string, object?>("decision", decision));
        }

        return outcome;
    }

    private static void Count(ReadingSource source, string outcome, long values)
    {
        if (values > 0)
        {
            Values.Add(values, new KeyValuePair<string, object?>(SourceLabel, Terms<ReadingSource>.WordOf(source)), new KeyValuePair<string, object?>(OutcomeLabel, outcome));
        }
    }
}
