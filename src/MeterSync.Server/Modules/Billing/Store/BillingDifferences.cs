using System.Runtime.CompilerServices;
using MeterSync.Kernel;
using MeterSync.Modules.Billing.Domain;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Billing.Store;

/// <summary>Works the lines of a run out again and compares them with their last state, some thousand at a time. A meter that an exchange put into a place of the run within
/// the period, and that the run knows nothing of, gets lines of its own.</summary>
internal sealed class BillingDifferences(IReadingLedger ledger, IMeterRegistry meters, MeterSyncDb db)
{
    private const int LinesAtOnce = 10_000;

    /// <summary>The lines that differ, by line number, new ones last.</summary>
    /// <param name="run">The run.</param>
    /// <param name="adjustments">Its adjustments so far.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    public async IAsyncEnumerable<BillingDifference> WalkAsync(BillingRun run, IReadOnlyList<BillingAdjustment> adjustments, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var since = adjustments.ToDictionary(adjustment => adjustment.Number, adjustment => adjustment.CreatedAt);
        since[0] = run.CreatedAt;
        var count = await db.Set<BillingLine>().Where(line => line.RunId == run.Id).MaxAsync(line => (int?)line.LineNumber, cancellationToken) ?? 0;
        for (var first = 1; first <= count; first += LinesAtOnce)
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

            var filter = new PeriodFilter(null, run.PeriodFrom, run.PeriodTo, Registers: [.. states.Select(line => line.RegisterId).Distinct()]);
            await foreach (var period in ledger.PeriodsAsync(filter, cancellationToken))
            {
                var row = BillingRow.Of(period, run.PeriodFrom, run.PeriodTo);
                if (last.TryGetValue((period.Register.Id, row.InstalledAt), out var before) && BillingDifference.Between(before, row, since[before.Adjustment]) is { } difference)
                {
                    yield return difference;
                }
            }
        }

        await foreach (var difference in NewLinesAsync(run, count, cancellationToken))
        {
            yield return difference;
        }
    }

    private async IAsyncEnumerable<BillingDifference> NewLinesAsync(BillingRun run, int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var taken = await meters.PlacesTakenAsync(run.PeriodFrom, run.PeriodTo, cancellationToken);
        var registers = taken.SelectMany(place => new[] { place.Old, place.New }).Distinct().ToList();
        var known = new HashSet<RegisterId>();
        var lines = new HashSet<(RegisterId Register, DateTimeOffset InstalledAt)>();
        foreach (var part in registers.Chunk(LinesAtOnce))
        {
            foreach (var line in await db.Set<BillingLine>().AsNoTracking().Where(line => line.RunId == run.Id && part.Contains(line.RegisterId)).Select(line => new { line.RegisterId, line.InstalledAt }).ToListAsync(cancellationToken))
            {
                known.Add(line.RegisterId);
                if (line.InstalledAt is { } installed)
                {
                    lines.Add((line.RegisterId, installed));
                }
            }
        }

        // In order of time: a meter that followed one of the run may have been followed itself.
        var wanted = new HashSet<(RegisterId Register, DateTimeOffset InstalledAt)>();
        foreach (var place in taken)
        {
            if (known.Contains(place.Old))
            {
                known.Add(place.New);
                if (!lines.Contains((place.New, place.At)))
                {
                    wanted.Add((place.New, place.At));
                }
            }
        }

        foreach (var part in wanted.Select(place => place.Register).Distinct().Chunk(LinesAtOnce))
        {
            await foreach (var period in ledger.PeriodsAsync(new PeriodFilter(null, run.PeriodFrom, run.PeriodTo, Registers: part), cancellationToken))
            {
                var row = BillingRow.Of(period, run.PeriodFrom, run.PeriodTo);
                var isOfRun = row.InstalledAt is { } installed && wanted.Contains((period.Register.Id, installed)) && (run.LocationId is null || run.LocationId == period.Register.LocationId);
                if (isOfRun && BillingDifference.OfNew(run, row, count + 1) is { } difference)
                {
                    count++;
                    yield return difference;
                }
            }
        }
    }
}
