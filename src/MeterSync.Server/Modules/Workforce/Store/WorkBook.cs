using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Settings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using MeterSync.Store.Audit;
using MeterSync.Store.Bulk;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>One meter for one agent.</summary>
internal sealed record NewWork(MeterId MeterId, UserId AgentId)
{
    public ReadCycleId? CycleId { get; init; }

    public RouteId? RouteId { get; init; }

    public int? Position { get; init; }

    public int? EstimatedMinutes { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The instant from which a visit ends the work; null for the start of today, since a phone may bring this morning's visit later.</summary>
    public DateTimeOffset? VisitsFrom { get; init; }

    /// <summary>Null for now.</summary>
    public DateTimeOffset? GivenAt { get; init; }

    public ReReadId? ReReadId { get; init; }

    public AssignmentId? MovedFromId { get; init; }
}

/// <summary>The one way work is given, moved and ended, so that loads stay true and devices hear of it. Inside <see cref="WriteTransactions"/> only.</summary>
/// <remarks>Locks are taken in one order everywhere, so that nobody waits in a ring: read cycles, meters, assignments, agents; rows of a kind by their ids.
/// What decides is read after its lock. SQLite has one writer and needs none of it.</remarks>
internal sealed class WorkBook(MeterSyncDb db, BulkStore bulk, ChangeLog changes, WorkNews news, IAccessDirectory access, IOrganisationSettings organisation, CallerAccessor callers, TimeProvider clock, IdSource ids)
{
    private const int NamedMeters = 10;
    private const int AtOnce = 500;

    /// <summary>Nobody closes an open cycle until the transaction ends.</summary>
    public async Task HoldCyclesAsync(CancellationToken cancellationToken)
    {
        if (!db.IsSqlite)
        {
            await db.Database.ExecuteSqlRawAsync("select 1 from read_cycles where status = 'open' order by id for share", cancellationToken);
        }
    }

    /// <summary>Nobody reads, skips or gives these meters until the transaction ends.</summary>
    public async Task LockMetersAsync(IReadOnlyCollection<MeterId> meters, CancellationToken cancellationToken)
    {
        if (!db.IsSqlite && meters.Count > 0)
        {
            Guid[] keys = [.. meters.Select(meter => meter.Value)];
            await db.Database.ExecuteSqlAsync($"select 1 from meters where id = any({keys}) order by id for no key update", cancellationToken);
        }
    }

    /// <summary>Nobody changes these assignments until the transaction ends. Read them after it.</summary>
    public async Task LockAsync(IReadOnlyCollection<AssignmentId> assignments, CancellationToken cancellationToken)
    {
        if (!db.IsSqlite && assignments.Count > 0)
        {
            Guid[] keys = [.. assignments.Select(assignment => assignment.Value)];
            await db.Database.ExecuteSqlAsync($"select 1 from assignments where id = any({keys}) order by id for update", cancellationToken);
        }
    }

    /// <summary>Agents by id, locked in order until the transaction ends; who does not exist or is retired is absent.</summary>
    public async Task<IReadOnlyDictionary<UserId, Agent>> LockAgentsAsync(IReadOnlyCollection<UserId> wanted, CancellationToken cancellationToken)
    {
        if (!db.IsSqlite && wanted.Count > 0)
        {
            Guid[] keys = [.. wanted.Select(agent => agent.Value)];
            await db.Database.ExecuteSqlAsync($"select 1 from agents where id = any({keys}) order by id for update", cancellationToken);
        }

        List<UserId> list = [.. wanted];
        return await db.Set<Agent>().AsNoTracking().Where(agent => list.Contains(agent.Id)).ToDictionaryAsync(agent => agent.Id, cancellationToken);
    }

    /// <summary>Open assignments of each agent; who has none is absent. Counted, not kept: it cannot be wrong.</summary>
    public async Task<IReadOnlyDictionary<UserId, int>> LoadsAsync(IReadOnlyCollection<UserId>? of, CancellationToken cancellationToken)
    {
        var open = db.Set<Assignment>().Where(work => work.Status == AssignmentStatus.Pending || work.Status == AssignmentStatus.InProgress || work.Status == AssignmentStatus.Overdue);
        if (of is not null)
        {
            List<UserId> list = [.. of];
            open = open.Where(work => list.Contains(work.AgentId));
        }

        return await open.GroupBy(work => work.AgentId).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count, cancellationToken);
    }

    /// <summary>Gives all of it or nothing. The meters are locked by the caller; the agents must exist and are locked here.</summary>
    public async Task<Outcome<IReadOnlyList<Assignment>>> GiveAsync(IReadOnlyList<NewWork> work, CancellationToken cancellationToken)
    {
        var agents = await LockAgentsAsync([.. work.Select(one => one.AgentId).Distinct()], cancellationToken);
        if (await RefuseMetersAsync(work, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var loads = await LoadsAsync([.. agents.Keys], cancellationToken);
        foreach (var share in work.GroupBy(one => one.AgentId))
        {
            if (!agents.TryGetValue(share.Key, out var agent))
            {
                return WorkforceProblems.AgentNotFound.For("agent_id", $"There is no agent {share.Key.Value}.");
            }

            if (agent.RetiredAt is not null)
            {
                return WorkforceProblems.AgentRetired.For("agent_id", "The agent was retired and gets no work any more.");
            }

            if (await access.FindAsync(agent.Id, cancellationToken) is null)
            {
                return WorkforceProblems.AgentRetired.For("agent_id", "The agent's account is closed: nobody could do the work.");
            }

            var load = loads.GetValueOrDefault(share.Key);
            if (load + share.Count() > agent.MaxLoad)
            {
                return WorkforceProblems.AgentOverLoad.For("agent_id", $"The agent has {load} open assignments and may have {agent.MaxLoad}; {share.Count()} more do not fit.");
            }
        }

        var now = clock.GetUtcNow().ToStored();
        var zone = organisation.Current.Zone;
        var today = zone.AtStartOfDay(Instant.FromDateTimeOffset(now).InZone(zone).Date).ToDateTimeOffset().ToStored();
        List<Assignment> made = [.. work.Select(one => new Assignment
        {
            Id = ids.Next<AssignmentId>(),
            MeterId = one.MeterId,
            AgentId = one.AgentId,
            CycleId = one.CycleId,
            RouteId = one.RouteId,
            Position = one.Position,
            EstimatedMinutes = one.EstimatedMinutes,
            DueAt = one.DueAt,
            GivenAt = one.GivenAt ?? now,
            VisitsFrom = one.VisitsFrom ?? today,
            ReReadId = one.ReReadId,
            MovedFromId = one.MovedFromId,
            Status = AssignmentStatus.Pending,
            AssignedAt = now,
            AssignedBy = callers.Known?.UserId,
            UpdatedAt = now,
        })];
        news.Given(made, agents);
        await InsertAsync(made, cancellationToken);
        made.ForEach(changes.Note);
        await changes.WriteAsync(cancellationToken);
        return made;
    }

    /// <summary>Moves an assignment to a status, with the server's times. Tracked; saved by the caller after <see cref="ChangeLog.WriteAsync"/>.</summary>
    public Problem? Move(Assignment assignment, AssignmentStatus to, string? notes, DateTimeOffset now)
    {
        if (assignment.Status == to)
        {
            assignment.CompletionNotes = notes ?? assignment.CompletionNotes;
            return null;
        }

        if (!Transitions.Allows(assignment.Status, to))
        {
            return WorkforceProblems.TransitionRefused.For("status", $"The assignment is {Terms<AssignmentStatus>.WordOf(assignment.Status)}; {Terms<AssignmentStatus>.WordOf(to)} cannot follow that.");
        }

        assignment.Status = to;
        assignment.UpdatedAt = now;
        assignment.CompletionNotes = notes ?? assignment.CompletionNotes;
        switch (to)
        {
            case AssignmentStatus.InProgress:
                assignment.StartedAt ??= now;
                break;
            case AssignmentStatus.Completed:
                assignment.CompletedAt = now;
                break;
            case AssignmentStatus.Cancelled:
                assignment.CancelledAt = now;
                assignment.ReleasedAt = now;
                break;
        }

        changes.Note(assignment);
        news.Ended(assignment, to);
        return null;
    }

    /// <summary>Overdue work got more time: it is as far as it was.</summary>
    public void Prolong(Assignment assignment)
    {
        assignment.Status = assignment.StartedAt is null ? AssignmentStatus.Pending : AssignmentStatus.InProgress;
        changes.Note(assignment);
    }

    /// <summary>The cycle it was given in is closed, and the meter is due in another one already: the same work, for that one.</summary>
    public void CarryOver(Assignment assignment, ReadCycle to, DateTimeOffset now)
    {
        if (assignment.Status == AssignmentStatus.Overdue && to.WindowTo > now)
        {
            Prolong(assignment);
        }

        (assignment.CycleId, assignment.DueAt, assignment.VisitsFrom, assignment.UpdatedAt) = (to.Id, to.WindowTo, to.WindowFrom, now);
        changes.Note(assignment);
    }

    /// <summary>The same work goes on at another meter, which hangs at the place now: agent, cycle, route, place in the walk, due time and progress stay, and so does the load, whatever the maximum.</summary>
    /// <param name="open">From <see cref="LockOpenAsync"/>.</param>
    /// <param name="to">A meter without open work, locked.</param>
    /// <param name="why">Noted in the work that ends.</param>
    /// <param name="now">When that is.</param>
    /// <param name="cancellationToken">Stops before it is saved.</param>
    public async Task PassOnAsync(Assignment open, MeterId to, string why, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var agents = await LockAgentsAsync([open.AgentId], cancellationToken);
        var next = new Assignment
        {
            Id = ids.Next<AssignmentId>(),
            MeterId = to,
            AgentId = open.AgentId,
            CycleId = open.CycleId,
            RouteId = open.RouteId,
            Position = open.Position,
            EstimatedMinutes = open.EstimatedMinutes,
            DueAt = open.DueAt,
            GivenAt = open.GivenAt,
            VisitsFrom = open.VisitsFrom,
            MovedFromId = open.Id,
            Status = open.Status,
            StartedAt = open.StartedAt,
            CompletionNotes = open.CompletionNotes,
            AssignedAt = now,
            AssignedBy = open.AssignedBy,
            UpdatedAt = now,
        };
        _ = Move(open, AssignmentStatus.Cancelled, why, now);
        news.Given([next], agents);
        db.Add(next);
        changes.Note(next);
    }

    /// <summary>Work that was completed is to be done after all, as if it had never been, unless its agent has no room. Locked, as <see cref="LockAsync"/> does.</summary>
    public async Task ReopenAsync(Assignment done, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var agent = (await LockAgentsAsync([done.AgentId], cancellationToken)).GetValueOrDefault(done.AgentId);
        var load = (await LoadsAsync([done.AgentId], cancellationToken)).GetValueOrDefault(done.AgentId);
        if (agent is not { RetiredAt: null } || load >= agent.MaxLoad || await access.FindAsync(done.AgentId, cancellationToken) is null)
        {
            return;
        }

        done.Status = done.StartedAt is null ? AssignmentStatus.Pending : AssignmentStatus.InProgress;
        (done.CompletedAt, done.ReadingId, done.CompletionNotes, done.ReleasedAt, done.UpdatedAt) = (null, null, null, null, now);
        news.GivenAgain(done, agent);
        changes.Note(done);
    }

    /// <summary>The agent sees the meter no more by it. Refuses nothing.</summary>
    public Problem? Release(Assignment assignment, DateTimeOffset now)
    {
        (assignment.ReleasedAt, assignment.UpdatedAt) = (now, now);
        changes.Note(assignment);
        return null;
    }

    /// <summary>Ends the open work on a meter because it was read or skipped. What was there before the work began to count ends nothing: a reading of the month before that
    /// comes late, or the doubted one itself. The meter is locked.</summary>
    /// <param name="meter">The meter.</param>
    /// <param name="visit">When somebody was there.</param>
    /// <param name="only">Ends the work of this agent only; null for anybody's.</param>
    /// <param name="reading">The reading; null for a skip.</param>
    /// <param name="notes">What is said of it.</param>
    /// <param name="cancellationToken">Stops before it is saved.</param>
    /// <returns>The assignment; null where there was none to end.</returns>
    public async Task<Assignment?> CompleteAsync(MeterId meter, DateTimeOffset visit, UserId? only, ReadingId? reading, string? notes, CancellationToken cancellationToken)
    {
        var open = await LockOpenAsync(meter, cancellationToken);
        if (open is null || visit < open.VisitsFrom || (only is { } agent && open.AgentId != agent))
        {
            return null;
        }

        open.ReadingId = reading;
        _ = Move(open, AssignmentStatus.Completed, notes, clock.GetUtcNow().ToStored());
        await changes.WriteAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return open;
    }

    /// <summary>The open work on a meter, tracked; null for none. Locked and read in one statement: every reading asks. The meter is locked.</summary>
    public async Task<Assignment?> LockOpenAsync(MeterId meter, CancellationToken cancellationToken) => db.IsSqlite
        ? await db.Set<Assignment>().FirstOrDefaultAsync(
            work => work.MeterId == meter && (work.Status == AssignmentStatus.Pending || work.Status == AssignmentStatus.InProgress || work.Status == AssignmentStatus.Overdue), cancellationToken)
        : (await db.Set<Assignment>().FromSql($"select * from assignments where meter_id = {meter.Value} and status in ('pending', 'in_progress', 'overdue') for update").ToListAsync(cancellationToken)).FirstOrDefault();

    private async Task InsertAsync(List<Assignment> made, CancellationToken cancellationToken)
    {
        if (made is [var only])
        {
            db.Add(only);
            await db.SaveChangesAsync(cancellationToken);
            return;
        }

        await bulk.InsertAsync(made, cancellationToken);
        foreach (var share in made.GroupBy(work => work.AgentId))
        {
            var told = new JsonObject { ["count"] = share.Count(), ["cycle_id"] = share.First().CycleId?.Value.ToString(), ["route_id"] = share.First().RouteId?.Value.ToString(), ["assigned_at"] = share.First().AssignedAt.ToString("O") };
            db.Add(await AuditTrail.ComposeAsync(db, "assignments.given", "agent", share.Key.Value, null, told.ToJsonString(), cancellationToken));
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task<Problem?> RefuseMetersAsync(IReadOnlyList<NewWork> work, CancellationToken cancellationToken)
    {
        if (work.GroupBy(one => one.MeterId).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            return KernelProblems.Invalid.For("meter_ids", $"The meter {twice.Key.Value} is named {twice.Count()} times.");
        }

        var (unknown, idle, taken) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var part in work.Chunk(AtOnce))
        {
            List<MeterId> wanted = [.. part.Select(one => one.MeterId)];
            var found = await db.OfMeters(callers.Known).Where(meter => wanted.Contains(meter.Id)).Select(meter => new { meter.Id, meter.SerialNumber, meter.Status }).ToDictionaryAsync(meter => meter.Id, cancellationToken);
            unknown.AddRange(wanted.Where(id => !found.ContainsKey(id)).Select(id => id.Value.ToString()));
            idle.AddRange(found.Values.Where(meter => meter.Status != MeterStatus.Active).Select(meter => $"{meter.SerialNumber} ({Terms<MeterStatus>.WordOf(meter.Status)})"));
            var open = await db.Set<Assignment>()
                .Where(other => wanted.Contains(other.MeterId) && (other.Status == AssignmentStatus.Pending || other.Status == AssignmentStatus.InProgress || other.Status == AssignmentStatus.Overdue))
                .Select(other => other.MeterId).ToListAsync(cancellationToken);
            taken.AddRange(open.Select(id => found.TryGetValue(id, out var meter) ? meter.SerialNumber : id.Value.ToString()));
        }

        return unknown.Count > 0 ? WorkforceProblems.MeterUnknown.For("meter_id", $"There is no meter {Named(unknown)}.")
            : idle.Count > 0 ? WorkforceProblems.MeterNotActive.For("meter_id", $"Not active: {Named(idle)}.")
            : taken.Count > 0 ? Taken(taken)
            : null;
    }

    public static Problem Taken(IReadOnlyList<string> serials) => WorkforceProblems.MeterTaken.For("meter_id", $"Assigned already, and not done: {Named(serials)}.");

    private static string Named(IReadOnlyList<string> names) => names.Count <= NamedMeters ? string.Join(", ", names) : $"{string.Join(", ", names.Take(NamedMeters))} and {names.Count - NamedMeters} more";
}
