using MeterSync.Kernel;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>Lets open cycles name the meter that hangs at the place now, so that each place is counted once. Joins the unit of work.</summary>
internal sealed class ExchangedCycles(MeterSyncDb db, WorkBook work)
{
    /// <summary>Cycles that are being opened or closed are waited for: what follows finds them open with their meters, or closed.</summary>
    public async Task HoldAsync(CancellationToken cancellationToken)
    {
        await work.HoldCyclesAsync(cancellationToken);
        if (!db.IsSqlite)
        {
            await db.Database.ExecuteSqlRawAsync("lock table cycle_meters in row exclusive mode", cancellationToken);
        }
    }

    /// <summary>A cycle whose window was over before the exchange keeps the old meter: what is known of its window is known of that one. Closed cycles are history.</summary>
    public async Task PassOnAsync(ExchangeRecorded exchange, CancellationToken cancellationToken)
    {
        var rows = await db.Set<CycleMeter>()
            .Where(due => due.MeterId == exchange.Old && due.SuccessorId == null && db.Set<ReadCycle>().Any(cycle => cycle.Id == due.CycleId && cycle.Status == CycleStatus.Open && cycle.WindowTo > exchange.At))
            .ToListAsync(cancellationToken);
        foreach (var row in rows)
        {
            row.SuccessorId = exchange.New;
            if (await FindAsync(row.CycleId, exchange.New, cancellationToken) is { } returned)
            {
                // It was in the cycle before, at another place.
                returned.SuccessorId = null;
            }
            else
            {
                db.Add(new CycleMeter { CycleId = row.CycleId, MeterId = exchange.New });
            }
        }
    }

    /// <summary>In closed cycles too: they name the meter that was at the place in their window, as far as is known now.</summary>
    public async Task TakeBackAsync(ExchangeUndone exchange, CancellationToken cancellationToken)
    {
        foreach (var row in await db.Set<CycleMeter>()
            .Where(due => due.MeterId == exchange.Old && due.SuccessorId == exchange.New && db.Set<ReadCycle>().Any(cycle => cycle.Id == due.CycleId && cycle.WindowTo > exchange.At)).ToListAsync(cancellationToken))
        {
            row.SuccessorId = null;
            if (await FindAsync(row.CycleId, exchange.New, cancellationToken) is not { SuccessorId: null } joined)
            {
                continue;
            }

            if (exchange.NewWasExchangedFor is { } before && await FindAsync(row.CycleId, before, cancellationToken) is not null)
            {
                joined.SuccessorId = before;
            }
            else
            {
                db.Remove(joined);
            }
        }
    }

    private Task<CycleMeter?> FindAsync(ReadCycleId cycle, MeterId meter, CancellationToken cancellationToken) =>
        db.Set<CycleMeter>().FirstOrDefaultAsync(due => due.CycleId == cycle && due.MeterId == meter, cancellationToken);
}
