using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Readings.Store;
using MeterSync.Store;
using MeterSync.Store.Events;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Readings.UndoMeterExchange;

internal static class UndoMeterExchangeEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/meters/{id:guid}/exchanges/{exchange_id:guid}", async (Guid id, [FromRoute(Name = "exchange_id")] Guid exchangeId, UndoMeterExchangeHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new MeterId(id), new MeterExchangeId(exchangeId), cancellationToken)).ToAnswer("The exchange was undone."))
            .Slice<MeterExchangeView>("UndoMeterExchange", "Undo an exchange of either meter: the old one is back at its place, both readings are rejected").RequirePermission(ReadingPermissions.Exchange);
}

internal sealed class UndoMeterExchangeHandler(
    MeterSyncDb db, WriteTransactions transactions, IMeterPlaces places, IMeterRegistry meters, IBilledRegisters bills, JudgeReadings judging, IEnumerable<IExchangeFollower> followers, ICycleWindows cycles, Outbox outbox, CallerAccessor callers, TimeProvider clock)
{
    private const string Note = "The meter exchange was undone.";

    public async Task<Outcome<MeterExchangeView>> HandleAsync(MeterId meter, MeterExchangeId id, CancellationToken cancellationToken)
    {
        var undone = await transactions.RunAsync(token => UndoAsync(meter, id, token), cancellationToken);
        if (undone.Succeeded)
        {
            await cycles.RefreshAsync(cancellationToken);
        }

        return undone;
    }

    private async Task<Outcome<MeterExchangeView>> UndoAsync(MeterId meter, MeterExchangeId id, CancellationToken cancellationToken)
    {
        var pair = await db.Set<MeterExchange>().AsNoTracking().Where(candidate => candidate.Id == id && (candidate.OldMeterId == meter || candidate.NewMeterId == meter))
            .Select(candidate => new { candidate.OldMeterId, candidate.NewMeterId }).FirstOrDefaultAsync(cancellationToken);
        foreach (var follower in followers)
        {
            await follower.PrepareAsync(cancellationToken);
        }

        var locked = pair is null ? [] : await meters.LockAllAsync([pair.OldMeterId, pair.NewMeterId], cancellationToken);
        if (locked.FirstOrDefault(found => found.Id == pair!.NewMeterId) is not { } following)
        {
            return ExchangeProblems.NotFound.Because("There is no such exchange of this meter.");
        }

        // What was read before the lock may have changed.
        var exchange = await db.Set<MeterExchange>().FirstAsync(candidate => candidate.Id == id, cancellationToken);
        if (await RefuseAsync(exchange, following, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        await RejectAsync(exchange.InstallReadingId, following, cancellationToken);
        if (await places.PutBackAsync(new MeterChangeback(exchange.OldMeterId, exchange.NewMeterId, exchange.ServicePointId, exchange.ExchangedAt, exchange.OldStatus, exchange.NewStatus), cancellationToken) is { } moved)
        {
            return moved;
        }

        var old = await meters.FindAnyAsync(exchange.OldMeterId, cancellationToken);
        await RejectAsync(exchange.RemovalReadingId, old, cancellationToken);
        exchange.UndoneAt = clock.GetUtcNow().ToStored();
        exchange.UndoneBy = callers.Caller.UserId;
        outbox.Append(ReadingEvents.MeterExchangeUndone, new EventAbout(exchange.AuditName, exchange.Id.Value), new MeterSwap(exchange.OldMeterId.Value, exchange.NewMeterId.Value, exchange.ServicePointId.Value, exchange.ExchangedAt));
        await db.SaveChangesAsync(cancellationToken);
        var followed = new ExchangeUndone(exchange.OldMeterId, exchange.NewMeterId, exchange.ExchangedAt, exchange.RecordedAt, exchange.UndoneAt.Value, exchange.RemovalReadingId, exchange.InstallReadingId, await SuccessorAsync(exchange, cancellationToken));
        foreach (var follower in followers)
        {
            await follower.UndoAsync(followed, cancellationToken);
        }

        var serials = new Dictionary<MeterId, string> { [old.Id] = old.SerialNumber, [following.Id] = following.SerialNumber };
        return MeterExchangeView.Of(exchange, serials, ReadingState.Rejected, ReadingState.Rejected);
    }

    private async Task<Problem?> RefuseAsync(MeterExchange exchange, MeterForReading following, CancellationToken cancellationToken)
    {
        if (exchange.UndoneAt is { } undone)
        {
            return ExchangeProblems.AlreadyUndone.Because($"The exchange was undone at {undone:yyyy-MM-dd HH:mm} UTC.");
        }

        if (following.SegmentFrom != exchange.ExchangedAt || following.RemovedAt is not null)
        {
            return ExchangeProblems.NotLast.Because($"The meter {following.SerialNumber} was moved again after the exchange.");
        }

        var later = await db.Set<Reading>().AsNoTracking()
            .Where(reading => reading.MeterId == following.Id && reading.Id != exchange.InstallReadingId && reading.ReadingAt >= exchange.ExchangedAt && (reading.State == ReadingState.Accepted || reading.State == ReadingState.Held))
            .OrderBy(reading => reading.ReadingAt).Select(reading => (DateTimeOffset?)reading.ReadingAt).FirstOrDefaultAsync(cancellationToken);
        if (later is { } read)
        {
            return ExchangeProblems.ReadingsFollow.Because($"The meter {following.SerialNumber} was read at {read:yyyy-MM-dd HH:mm} UTC. Reject what was read of it first, if all of it is wrong.");
        }

        var registers = await db.Set<ReadingValue>().AsNoTracking().Where(value => value.ReadingId == exchange.RemovalReadingId || value.ReadingId == exchange.InstallReadingId).Select(value => value.RegisterId).Distinct().ToListAsync(cancellationToken);
        return await bills.FindRunAsync(registers, exchange.ExchangedAt, exchange.RecordedAt, cancellationToken) is { } run
            ? ExchangeProblems.Billed.Because($"The frozen billing run '{run}' rests on the exchange. Correct the readings instead: the differences become adjustments.")
            : null;
    }

    /// <summary>The meter that the new one had been exchanged for at another place before it came to this one; null where it had not.</summary>
    private async Task<MeterId?> SuccessorAsync(MeterExchange exchange, CancellationToken cancellationToken) => await db.Set<MeterExchange>().AsNoTracking()
        .Where(other => other.UndoneAt == null && other.OldMeterId == exchange.NewMeterId && other.ExchangedAt <= exchange.ExchangedAt)
        .OrderByDescending(other => other.ExchangedAt).Select(other => (MeterId?)other.NewMeterId).FirstOrDefaultAsync(cancellationToken);

    private async Task RejectAsync(ReadingId id, MeterForReading meter, CancellationToken cancellationToken)
    {
        var found = await ReadingWithValues.LoadAsync(db, id, cancellationToken) ?? throw new InvalidOperationException("The reading of an exchange is gone.");
        var registers = meter.Registers.Where(register => found.Values.Exists(value => value.RegisterId == register.Id)).ToList();
        var opened = new OpenedReading(found, meter, await judging.OpenAsync(meter, registers, found.Reading.ReadingAt, null, cancellationToken));
        opened.Reject();
        opened.Decided(callers.Caller, clock.GetUtcNow().ToStored(), Note);
        opened.Reading.State = ReadingStates.WorstOf(found.Values);
        await judging.SettleAsync(opened.Ledger, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }
}
