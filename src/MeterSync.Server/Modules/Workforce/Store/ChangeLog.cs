using System.Globalization;
using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using MeterSync.Store.Bulk;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>Writes down, in the transaction that changes it, what an agent's devices have to hear of. Numbers are taken under the lock of the agent's row, so that they become visible in order.</summary>
internal sealed class ChangeLog(MeterSyncDb db, BulkStore bulk, WorkNews news, TimeProvider clock)
{
    private readonly List<(UserId Agent, ChangedEntity Entity, Guid Id, bool Deleted)> noted = [];

    /// <summary>An assignment is there or different, and its meter with it.</summary>
    public void Note(Assignment assignment)
    {
        noted.Add((assignment.AgentId, ChangedEntity.Assignment, assignment.Id.Value, Deleted: assignment.ReleasedAt is not null));
        noted.Add((assignment.AgentId, ChangedEntity.Meter, assignment.MeterId.Value, Deleted: assignment.ReleasedAt is not null));
    }

    /// <summary>Writes what was noted, and takes the news of it into the unit of work, which is saved after this; the locks stay until the transaction ends. Agents are locked in one order, so that two writers never wait for each other in a ring.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        news.Append();
        var now = clock.GetUtcNow().ToStored();
        var rows = new List<AgentChange>(noted.Count);
        foreach (var group in noted.GroupBy(change => change.Agent).OrderBy(group => group.Key.Value))
        {
            var distinct = group.Distinct().ToList();
            var last = await TakeAsync(group.Key, distinct.Count, cancellationToken);
            rows.AddRange(distinct.Select((change, index) => new AgentChange
            {
                AgentId = change.Agent,
                Seq = last - distinct.Count + 1 + index,
                At = now,
                Entity = change.Entity,
                EntityId = change.Id,
                Deleted = change.Deleted,
            }));
        }

        noted.Clear();
        if (rows.Count > 0)
        {
            await bulk.InsertAsync(rows, cancellationToken);
        }
    }

    private async Task<long> TakeAsync(UserId agent, int count, CancellationToken cancellationToken)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction is { } transaction ? Microsoft.EntityFrameworkCore.Storage.DbContextTransactionExtensions.GetDbTransaction(transaction) : null;
        command.CommandText = "update agents set change_seq = change_seq + @count where id = @id returning change_seq";
        Add("count", count);
        Add("id", db.IsSqlite ? agent.Value.ToByteArray(true) : agent.Value);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);

        void Add(string name, object value)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
    }
}
