using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Public;
using MeterSync.Store;
using MeterSync.Store.Bulk;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <inheritdoc cref="IAgentChanges"/>
internal sealed class AgentChanges(MeterSyncDb db, AssignmentViews views, WriteTransactions transactions) : IAgentChanges
{
    public Task<AgentLogEnds?> EndsAsync(UserId agent, CancellationToken cancellationToken) =>
        db.Set<Agent>().Where(one => one.Id == agent).Select(one => new AgentLogEnds(one.ChangeSeq, one.ChangeFloor)).FirstOrDefaultAsync(cancellationToken);

    public async Task<AgentLog?> ReadAsync(UserId agent, long after, int most, CancellationToken cancellationToken)
    {
        // One statement, so that what it says of the ends holds for the rows: the sweep may be at work.
        var rows = await (
            from one in db.Set<Agent>().AsNoTracking()
            where one.Id == agent
            from change in db.Set<AgentChange>().Where(change => change.AgentId == one.Id && change.Seq > after).DefaultIfEmpty()
            orderby change.Seq
            select new { one.ChangeSeq, one.ChangeFloor, Seq = (long?)change.Seq, Entity = (ChangedEntity?)change.Entity, EntityId = (Guid?)change.EntityId }).Take(most).ToListAsync(cancellationToken);
        return rows is [] ? null : new AgentLog(
            new AgentLogEnds(rows[0].ChangeSeq, rows[0].ChangeFloor),
            [.. rows.Where(row => row.Seq is not null).Select(row => new AgentLogRow(row.Seq!.Value, Told(row.Entity!.Value), row.EntityId!.Value))]);
    }

    public async Task<IReadOnlyList<AgentThing>> AssignmentsAsync(UserId agent, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return [];
        }

        return await ShownAsync(SeenBy(agent, db.Among<Assignment>(nameof(Assignment.Id), ids)), cancellationToken);
    }

    public Task<IReadOnlyList<AgentThing>> AssignmentsAfterAsync(UserId agent, Guid after, int most, CancellationToken cancellationToken)
    {
        var (own, last) = (Stored(agent.Value), Stored(after));
        var following = db.Set<Assignment>().FromSql($"select * from assignments where agent_id = {own} and released_at is null and id > {last}");
        return ShownAsync(following.AsNoTracking().OrderBy(work => work.Id).Take(most), cancellationToken);
    }

    public async Task<IReadOnlyList<MeterId>> MetersAsync(UserId agent, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return [];
        }

        return await SeenBy(agent, db.Among<Assignment>(nameof(Assignment.MeterId), ids)).Select(work => work.MeterId).Distinct().ToListAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<MeterId>> MetersAfterAsync(UserId agent, Guid after, int most, CancellationToken cancellationToken)
    {
        var (own, last) = (Stored(agent.Value), Stored(after));
        var following = db.Set<Assignment>().FromSql($"select * from assignments where agent_id = {own} and released_at is null and meter_id > {last}");
        return await following.Select(work => work.MeterId).Distinct().OrderBy(meter => meter).Take(most).ToListAsync(cancellationToken);
    }

    public async Task<int> ForgetAsync(DateTimeOffset before, int most, CancellationToken cancellationToken)
    {
        var due = await db.Set<AgentChange>().Where(change => change.At < before).OrderBy(change => change.At).Take(most)
            .GroupBy(change => change.AgentId).Select(group => new { Agent = group.Key, Last = group.Max(change => change.Seq) }).ToListAsync(cancellationToken);
        var gone = 0;
        foreach (var one in due)
        {
            var outcome = await transactions.RunAsync<int>(
                async token =>
                {
                    // The floor first: it takes the lock under which numbers are taken.
                    await db.Set<Agent>().Where(agent => agent.Id == one.Agent && agent.ChangeFloor < one.Last).ExecuteUpdateAsync(set => set.SetProperty(agent => agent.ChangeFloor, one.Last), token);
                    return await db.Set<AgentChange>().Where(change => change.AgentId == one.Agent && change.Seq <= one.Last).ExecuteDeleteAsync(token);
                },
                cancellationToken);
            gone += outcome.Value;
        }

        return gone;
    }

    /// <summary>Whatever the caller may see else, this is what the agent does.</summary>
    private static IQueryable<Assignment> SeenBy(UserId agent, IQueryable<Assignment> among) => among.AsNoTracking().Where(work => work.AgentId == agent && work.ReleasedAt == null);

    private async Task<IReadOnlyList<AgentThing>> ShownAsync(IQueryable<Assignment> work, CancellationToken cancellationToken) =>
        [.. (await views.OfAsync(await work.ToListAsync(cancellationToken), cancellationToken)).Select(view => new AgentThing(view.Id, view.Version, view))];

    private object Stored(Guid id) => db.IsSqlite ? id.ToByteArray(true) : id;

    private static AgentEntity Told(ChangedEntity entity) => entity switch
    {
        ChangedEntity.Meter => AgentEntity.Meter,
        ChangedEntity.Assignment => AgentEntity.Assignment,
        ChangedEntity.Reading => AgentEntity.Reading,
        _ => throw new InvalidOperationException($"{entity} is not told to devices."),
    };
}
