using System.Globalization;
using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using MeterSync.Store.Bulk;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>Writes down, in the transaction that changes it, what an agent's devices have to hear of. Numbers are taken under the lock of the agent's row, so that they become visible in order.</summary>
internal sealed class ChangeLog
{
    private readonly List<Noted> noted = [];
    private readonly MeterSyncDb db;
    private readonly BulkStore bulk;
    private readonly WorkNews news;
    private readonly TimeProvider clock;

    public ChangeLog(MeterSyncDb db, BulkStore bulk, WorkNews news, WriteTransactions transactions, TimeProvider clock)
    {
        (this.db, this.bulk, this.news, this.clock) = (db, bulk, news, clock);
        transactions.WhenUndone(noted.Clear);
    }

    /// <summary>An assignment is there or different, and its meter with it.</summary>
    public void Note(Assignment assignment) => noted.Add(new Noted(assignment.AgentId, assignment.Id, assignment.MeterId, null, assignment.ReleasedAt is not null));

    /// <summary>A reading of the agent's is there, or what became of it is different. Whoever is no agent has no log and hears nothing.</summary>
    public void NoteReading(UserId agent, ReadingId id) => noted.Add(new Noted(agent, null, null, id, IsReleased: false));

    /// <summary>Meters are different: whoever sees them by an assignment hears of it.</summary>
    /// <returns>Whether anybody does.</returns>
    public async Task<bool> NoteAsync(IReadOnlyCollection<MeterId> meters, CancellationToken cancellationToken)
    {
        // Those that are released in this transaction may not be saved yet.
        var before = noted.Count;
        var released = noted.Where(change => change.IsReleased).Select(change => change.Assignment).OfType<AssignmentId>().ToHashSet();
        var seen = await SeenAsync(meters, cancellationToken);
        noted.AddRange(seen.Where(row => !released.Contains(row.Id)).Select(row => new Noted(row.Agent, null, row.Meter, null, IsReleased: false)));
        return noted.Count > before;
    }

    /// <summary>Writes what was noted, and takes the news of it into the unit of work, which is saved after this; the locks stay until the transaction ends. Agents are locked in one order, so that two writers never wait for each other in a ring.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        news.Append();
        if (noted.Count == 0)
        {
            return;
        }

        var kept = await KeptAsync(cancellationToken);
        var now = clock.GetUtcNow().ToStored();
        var rows = new List<AgentChange>(noted.Count * 2);
        // The text of an id sorts as PostgreSQL sorts the id.
        foreach (var group in noted.GroupBy(change => change.Agent).OrderBy(group => group.Key.Value.ToString(), StringComparer.Ordinal))
        {
            var told = group.Where(change => change.Assignment is not null).Select(change => (Entity: ChangedEntity.Assignment, Id: change.Assignment!.Value.Value, Deleted: change.IsReleased))
                .Concat(group.Where(change => change.Meter is not null).Select(change => (Entity: ChangedEntity.Meter, Id: change.Meter!.Value.Value, Deleted: change.IsReleased && !kept.Contains((change.Agent, change.Meter.Value)))))
                .Concat(group.Where(change => change.Reading is not null).Select(change => (Entity: ChangedEntity.Reading, Id: change.Reading!.Value.Value, Deleted: false)))
                .Distinct().ToList();
            if (await TakeAsync(group.Key, told.Count, cancellationToken) is not { } last)
            {
                continue;
            }

            rows.AddRange(told.Select((change, index) => new AgentChange
            {
                AgentId = group.Key,
                Seq = last - told.Count + 1 + index,
                At = now,
                Entity = change.Entity,
                EntityId = change.Id,
                Deleted = change.Deleted,
            }));
        }

        noted.Clear();
        await bulk.InsertAsync(rows, cancellationToken);
    }

    /// <summary>Which of the released meters their agents go on seeing, by another assignment. The rows of those noted may not be saved yet, so they are looked at here.</summary>
    private async Task<HashSet<(UserId Agent, MeterId Meter)>> KeptAsync(CancellationToken cancellationToken)
    {
        var kept = noted.Where(change => !change.IsReleased && change.Meter is not null).Select(change => (change.Agent, change.Meter!.Value)).ToHashSet();
        var own = noted.Select(change => change.Assignment).OfType<AssignmentId>().ToHashSet();
        List<MeterId> released = [.. noted.Where(change => change.IsReleased).Select(change => change.Meter).OfType<MeterId>().Distinct()];
        kept.UnionWith((await SeenAsync(released, cancellationToken)).Where(row => !own.Contains(row.Id)).Select(row => (row.Agent, row.Meter)));
        return kept;
    }

    /// <summary>The assignments by which anybody sees these meters, as they are stored.</summary>
    private async Task<List<(AssignmentId Id, UserId Agent, MeterId Meter)>> SeenAsync(IReadOnlyCollection<MeterId> meters, CancellationToken cancellationToken)
    {
        if (meters.Count == 0)
        {
            return [];
        }

        var seen = await db.Among<Assignment>(nameof(Assignment.MeterId), meters.Select(meter => meter.Value)).Where(work => work.ReleasedAt == null).Select(work => new { work.Id, work.AgentId, work.MeterId }).ToListAsync(cancellationToken);
        return seen.ConvertAll(row => (row.Id, row.AgentId, row.MeterId));
    }

    /// <summary>The last of the numbers taken; null where there is no such agent.</summary>
    private async Task<long?> TakeAsync(UserId agent, int count, CancellationToken cancellationToken)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction is { } transaction ? Microsoft.EntityFrameworkCore.Storage.DbContextTransactionExtensions.GetDbTransaction(transaction) : null;
        command.CommandText = "update agents set change_seq = change_seq + @count where id = @id returning change_seq";
        Add("count", count);
        Add("id", db.IsSqlite ? agent.Value.ToByteArray(true) : agent.Value);
        return await command.ExecuteScalarAsync(cancellationToken) is { } last ? Convert.ToInt64(last, CultureInfo.InvariantCulture) : null;

        void Add(string name, object value)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
    }

    /// <param name="Assignment">Null where only the meter is different.</param>
    /// <param name="Reading">Stands alone.</param>
    private sealed record Noted(UserId Agent, AssignmentId? Assignment, MeterId? Meter, ReadingId? Reading, bool IsReleased);
}
