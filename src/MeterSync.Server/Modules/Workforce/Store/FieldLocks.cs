using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <inheritdoc/>
internal sealed class FieldLocks(MeterSyncDb db, CallerAccessor callers) : IFieldLocks
{
    private const int AtOnce = 500;

    public async Task<IReadOnlyDictionary<AssignmentId, MeterId>> MetersOfAsync(IReadOnlyCollection<AssignmentId> assignments, CancellationToken cancellationToken)
    {
        var meters = new Dictionary<AssignmentId, MeterId>();
        foreach (var part in assignments.Distinct().Chunk(AtOnce))
        {
            foreach (var row in await db.Set<Assignment>().Where(work => part.Contains(work.Id)).Select(work => new { work.Id, work.MeterId }).ToListAsync(cancellationToken))
            {
                meters.Add(row.Id, row.MeterId);
            }
        }

        return meters;
    }

    public async Task HoldAsync(IReadOnlyCollection<MeterId> meters, IReadOnlyCollection<AssignmentId> assignments, CancellationToken cancellationToken)
    {
        if (db.IsSqlite || (meters.Count == 0 && assignments.Count == 0))
        {
            return;
        }

        Guid[] places = [.. meters.Select(meter => meter.Value)];
        Guid[] named = [.. assignments.Select(work => work.Value)];
        var me = callers.Caller.UserId?.Value ?? Guid.Empty;
        await db.Database.ExecuteSqlAsync(
            $"select 1 from assignments where (meter_id = any({places}) and status in ('pending', 'in_progress', 'overdue')) or id = any({named}) order by id for update", cancellationToken);
        // Turn by turn a batch would lock one agent after the other, in the order of its items, and wait in a ring for another batch.
        await db.Database.ExecuteSqlAsync(
            $"""
            select 1 from agents where id = {me}
                or id in (select w.agent_id from unnest({places}) a (id) cross join lateral (select * from assignments where meter_id = a.id offset 0) w where w.released_at is null)
                or id in (select agent_id from assignments where id = any({named}))
            order by id for no key update
            """,
            cancellationToken);
    }
}
