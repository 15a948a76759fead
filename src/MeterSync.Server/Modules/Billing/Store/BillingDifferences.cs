using System.Runtime.CompilerServices;
using MeterSync.Kernel;
using MeterSync.Modules.Billing.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Billing.Store;

/// <summary>Works the lines of a run out again and compares them with their last state, some thousand at a time.</summary>
internal sealed class BillingDifferences(IReadingLedger ledger, MeterSyncDb db)
{
    private const int LinesAtOnce = 10_000;

    /// <summary>The lines that differ, by line number.</summary>
    /// <param name="run">The run.</param>
    /// <param name="adjustments">Its adjustments so far.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    public async IAsyncEnumerable<BillingDifference> WalkAsync(BillingRun run, IReadOnlyList<BillingAdjustment> adjustments, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var since = adjustments.ToDictionary(adjustment => adjustment.Number, adjustment => adjustment.CreatedAt);
        since[0] = run.CreatedAt;
        for (var first = 1; first <= run.LineCount; first += LinesAtOnce)
        {
            var end = first + LinesAtOnce;
            var states = await db.Set<BillingLine>().AsNoTracking()
                .Where(line => line.RunId == run.Id && line.LineNumber >= first && line.LineNumber < end)
                .OrderBy(line => line.LineNumber).ThenBy(line => line.Adjustment).ToListAsync(cancellationToken);
            // A meter that was at two places in the period has two lines for a register.
            var last = new Dictionary<(RegisterId Register, DateTimeOffset? InstalledAt), BillingLine>(LinesAtOnce);
            foreach (var line in states)
            {
                last[(line.RegisterId, line.InstalledAt)] = line;
            }

            var filter = new PeriodFilter(null, run.PeriodFrom, run.PeriodTo, Registers: [.. states.Where(line => line.Adjustment == 0).Select(line => line.RegisterId).Distinct()]);
            await foreach (var period in ledger.PeriodsAsync(filter, cancellationToken))
            {
                var row = BillingRow.Of(period, run.PeriodFrom, run.PeriodTo);
                if (last.TryGetValue((period.Register.Id, row.InstalledAt), out var before) && BillingDifference.Between(before, row, since[before.Adjustment]) is { } difference)
                {
                    yield return difference;
                }
            }
        }
    }
}
