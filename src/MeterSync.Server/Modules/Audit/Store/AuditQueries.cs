using MeterSync.Kernel;
using MeterSync.Store;
using MeterSync.Store.Audit;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Audit.Store;

/// <summary>What part of the log is wanted. Null means any.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive.</param>
internal sealed record AuditFilter(string? EntityType, Guid? EntityId, Guid? UserId, string? Action, DateTimeOffset? From, DateTimeOffset? To);

/// <summary>The log as far as the caller may see it.</summary>
internal sealed class AuditQueries(MeterSyncDb db, CallerAccessor callers)
{
    public IQueryable<AuditEntry> Of(AuditFilter filter)
    {
        var entries = Visible();
        if (filter.EntityId is { } entity)
        {
            entries = entries.Where(entry => entry.EntityId == entity);
        }

        if (filter.EntityType is { } type)
        {
            entries = entries.Where(entry => entry.EntityType == type);
        }

        if (filter.UserId is { } user)
        {
            entries = entries.Where(entry => entry.ActorId == user);
        }

        if (filter.Action is { } action)
        {
            entries = entries.Where(entry => entry.Action == action);
            if (action != AuditMapping.Created)
            {
                // Says so in the statement itself, so that the index without creations can serve.
                entries = entries.Where(entry => entry.Action != AuditMapping.Created);
            }
        }

        if (filter.From is { } from)
        {
            entries = entries.Where(entry => entry.At >= from);
        }

        return filter.To is { } to ? entries.Where(entry => entry.At < to) : entries;
    }

    /// <summary>Entries belong to no region: whose sight is narrowed sees what the person did and no more.</summary>
    private IQueryable<AuditEntry> Visible()
    {
        var entries = db.Set<AuditEntry>().AsNoTracking();
        var caller = callers.Caller;
        if (caller.OwnOnly is null && caller.RegionsOnly is null)
        {
            return entries;
        }

        var own = caller.UserId?.Value ?? Guid.Empty;
        return entries.Where(entry => entry.ActorId == own);
    }
}
