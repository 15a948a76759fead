using MeterSync.Metering;
using MeterSync.Metering.Vee;

namespace MeterSync.Modules.Readings.Import;

/// <summary>Counts what an import does.</summary>
internal sealed class ImportTally
{
    public int Readings { get; set; }

    public int Accepted { get; private set; }

    public int Held { get; private set; }

    public int Unchanged { get; set; }

    public int Refused { get; set; }

    public int Remeasured { get; set; }

    public int Voided { get; set; }

    public int Created => Accepted + Held;

    public SortedDictionary<string, int> HeldByRule { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, int> FlaggedByRule { get; } = new(StringComparer.Ordinal);

    public void Count(RegisterVerdict verdict)
    {
        if (verdict.State is ReadingState.Held)
        {
            Held++;
        }
        else
        {
            Accepted++;
        }

        foreach (var finding in verdict.Findings)
        {
            var counts = finding.Effect is FindingEffect.Hold ? HeldByRule : FlaggedByRule;
            counts[finding.RuleId] = counts.GetValueOrDefault(finding.RuleId) + 1;
        }
    }
}
