using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>Cycles, open work, follow-ups and proposals go on at the place when its meter is exchanged. Routes do by themselves: their stops are places.</summary>
internal sealed class FollowExchanges(MeterSyncDb db, ExchangedCycles cycles, WorkBook work, ChangeLog changes, IMeterEditor editor) : IExchangeFollower
{
    private const string Undone = "The meter exchange was undone.";

    public Task PrepareAsync(CancellationToken cancellationToken) => cycles.HoldAsync(cancellationToken);

    public async Task FollowAsync(ExchangeRecorded exchange, CancellationToken cancellationToken)
    {
        await cycles.PassOnAsync(exchange, cancellationToken);
        await LockWorkAsync(exchange.Old, exchange.New, cancellationToken);
        if (await work.LockOpenAsync(exchange.Old, cancellationToken) is { } open)
        {
            await EndAsync(open, exchange, cancellationToken);
        }

        foreach (var followUp in await db.Set<FollowUp>().Where(one => one.MeterId == exchange.Old && one.ClosedAt == null).ToListAsync(cancellationToken))
        {
            followUp.ClosedAt = exchange.RecordedAt;
        }

        await PassProposalsAsync(exchange.Old, exchange.New, exchange.RecordedAt, cancellationToken);
        await SaveAsync([exchange.Old, exchange.New], [exchange.RemovalReadingId, exchange.InstallReadingId], cancellationToken);
    }

    public async Task UndoAsync(ExchangeUndone exchange, CancellationToken cancellationToken)
    {
        await cycles.TakeBackAsync(exchange, cancellationToken);
        await LockWorkAsync(exchange.Old, exchange.New, cancellationToken);
        var isOldGiven = await work.LockOpenAsync(exchange.Old, cancellationToken) is not null;
        if (await work.LockOpenAsync(exchange.New, cancellationToken) is not { } open)
        {
            await ReopenAsync(exchange, isOldGiven, cancellationToken);
        }
        else if (open.ReReadId is not null || isOldGiven)
        {
            // What was doubted is rejected now, and the meter is in store; or somebody had the old one to read there.
            _ = work.Move(open, AssignmentStatus.Cancelled, Undone, exchange.UndoneAt);
            await db.SaveChangesAsync(cancellationToken); // its agent has room again
            await ReopenAsync(exchange, isOldGiven, cancellationToken);
        }
        else
        {
            await work.PassOnAsync(open, exchange.Old, Undone, exchange.UndoneAt, cancellationToken);
        }

        foreach (var closed in await db.Set<FollowUp>().Where(one => one.MeterId == exchange.Old && one.ClosedAt == exchange.RecordedAt && one.ClosedBy == null).ToListAsync(cancellationToken))
        {
            if (!await db.Set<FollowUp>().AnyAsync(other => other.MeterId == closed.MeterId && other.Reason == closed.Reason && other.ClosedAt == null, cancellationToken))
            {
                closed.ClosedAt = null;
            }
        }

        await PassProposalsAsync(exchange.New, exchange.Old, exchange.UndoneAt, cancellationToken);
        await SaveAsync([exchange.Old, exchange.New], [exchange.RemovalReadingId, exchange.InstallReadingId], cancellationToken);
    }

    /// <summary>The work on both meters and its agents, in the order of everybody who locks several.</summary>
    private async Task LockWorkAsync(MeterId old, MeterId following, CancellationToken cancellationToken)
    {
        if (db.IsSqlite)
        {
            return;
        }

        var both = db.Set<Assignment>().Where(one => (one.MeterId == old || one.MeterId == following)
            && (one.ReleasedAt == null || one.Status == AssignmentStatus.Pending || one.Status == AssignmentStatus.InProgress || one.Status == AssignmentStatus.Overdue));
        var found = await both.Select(one => new { one.Id, one.AgentId }).ToListAsync(cancellationToken);
        await work.LockAsync([.. found.Select(one => one.Id)], cancellationToken);
        await work.LockAgentsAsync([.. found.Select(one => one.AgentId).Distinct()], cancellationToken);
    }

    /// <summary>The removal reading is what the work asked for, or the last there will be; or the place is still to be read.</summary>
    private async Task EndAsync(Assignment open, ExchangeRecorded exchange, CancellationToken cancellationToken)
    {
        var note = $"The meter was exchanged for {exchange.NewSerial}.";
        if (open.ReReadId is not null || exchange.At >= open.VisitsFrom)
        {
            open.ReadingId = exchange.RemovalReadingId;
            _ = work.Move(open, AssignmentStatus.Completed, note, exchange.RecordedAt);
        }
        else if (await work.LockOpenAsync(exchange.New, cancellationToken) is not null)
        {
            // Somebody had the new one to read before it was put there.
            _ = work.Move(open, AssignmentStatus.Cancelled, note, exchange.RecordedAt);
        }
        else
        {
            await work.PassOnAsync(open, exchange.New, note, exchange.RecordedAt, cancellationToken);
        }
    }

    /// <summary>Work that the exchange completed is to be done after all, unless its cycle was closed or its agent has no room for it.</summary>
    private async Task ReopenAsync(ExchangeUndone exchange, bool isOldGiven, CancellationToken cancellationToken)
    {
        if (isOldGiven)
        {
            return;
        }

        var completed = db.Set<Assignment>().Where(one => one.MeterId == exchange.Old && one.Status == AssignmentStatus.Completed && one.ReadingId == exchange.RemovalReadingId
            && (one.CycleId == null || db.Set<ReadCycle>().Any(cycle => cycle.Id == one.CycleId && cycle.Status == CycleStatus.Open)));
        await work.LockAsync(await completed.Select(one => one.Id).ToListAsync(cancellationToken), cancellationToken);
        if (await completed.FirstOrDefaultAsync(cancellationToken) is { } done)
        {
            await work.ReopenAsync(done, exchange.UndoneAt, cancellationToken);
        }
    }

    /// <summary>Proposals that speak of the place alone belong to whichever meter hangs there. Those that somebody decides about in this moment stay, and are told that the meter changed.</summary>
    private async Task PassProposalsAsync(MeterId from, MeterId to, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var waiting = db.IsSqlite
            ? db.Set<ApprovalRequest>().AsQueryable()
            : db.Set<ApprovalRequest>().FromSql($"select * from approval_requests where meter_id = {from.Value} for update skip locked");
        foreach (var request in await waiting.Where(one => one.MeterId == from && one.Kind == ApprovalKind.MeterChange && (one.Status == ApprovalStatus.Pending || one.Status == ApprovalStatus.UnderReview)).ToListAsync(cancellationToken))
        {
            if (editor.IsOfPlace(JsonSerializer.Deserialize(request.MeterData!, WorkforceJson.Default.JsonElement)))
            {
                (request.MeterId, request.UpdatedAt) = (to, now);
            }
        }
    }

    private async Task SaveAsync(IReadOnlyList<MeterId> meters, ReadingId[] readings, CancellationToken cancellationToken)
    {
        foreach (var own in await db.OfReadings().Where(reading => readings.Contains(reading.Id) && reading.AgentId != null).Select(reading => new { reading.Id, reading.AgentId }).ToListAsync(cancellationToken))
        {
            changes.NoteReading(own.AgentId!.Value, own.Id);
        }

        await changes.NoteAsync(meters, cancellationToken);
        await changes.WriteAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }
}
