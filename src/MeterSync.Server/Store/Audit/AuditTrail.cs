using MeterSync.Kernel;
using MeterSync.Store.Bulk;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace MeterSync.Store.Audit;

/// <summary>Turns the pending changes of audited rows into audit rows of the same save. Values about persons are encrypted under their keys.</summary>
internal static class AuditTrail
{
    private const string Nobody = "system";
    private const string Updated = "updated";

    /// <summary>As many rows are written past the change tracker, where the transaction is one of several saves.</summary>
    private const int Many = 16;

    public static async ValueTask AppendAsync(MeterSyncDb db, CancellationToken cancellationToken)
    {
        List<EntityEntry<IAudited>>? changed = null;
        foreach (var entry in db.ChangeTracker.Entries<IAudited>())
        {
            if (entry.State is EntityState.Modified or EntityState.Deleted || (entry.State is EntityState.Added && entry.Entity.AuditsCreation))
            {
                (changed ??= []).Add(entry);
            }
        }

        if (changed is null)
        {
            return;
        }

        var told = new List<AuditEntry>(changed.Count);
        foreach (var entry in changed)
        {
            var (row, personal) = (entry.Entity, (entry.Entity as IPersonal)?.PersonId ?? Guid.Empty);
            var seal = entry.State is EntityState.Added && row is IPerson ? MakeKey(db, personal) : await SealOfAsync(db, personal, cancellationToken);
            var columns = AuditColumns.Of(entry.Metadata);
            var shown = entry.State is EntityState.Modified ? [.. columns.Where(column => entry.Property(column.Property).IsModified)] : columns;
            var before = entry.State is EntityState.Added ? null : AuditJson.Of(shown, column => entry.Property(column.Property).OriginalValue, seal);
            var after = entry.State is EntityState.Deleted ? null : AuditJson.Of(shown, column => entry.Property(column.Property).CurrentValue, seal);
            var action = entry.State switch { EntityState.Added => AuditMapping.Created, EntityState.Modified => Updated, _ => "deleted" };
            told.Add(await ComposeAsync(db, action, row.AuditName, row.AuditId, before, after, cancellationToken));
        }

        if (told.Count >= Many && db.Database.CurrentTransaction is not null)
        {
            await new BulkStore(db).InsertAsync(told, cancellationToken);
        }
        else
        {
            db.AddRange(told);
        }
    }

    /// <summary>The audit row of a row that goes in past the change tracker; null where its making is told elsewhere.</summary>
    public static async ValueTask<AuditEntry?> OfNewAsync(MeterSyncDb db, object row, CancellationToken cancellationToken)
    {
        if (row is not IAudited { AuditsCreation: true } audited)
        {
            return null;
        }

        if (row is IPerson)
        {
            throw new NotSupportedException($"A {row.GetType().Name} is a person, whose key is made with it: save it through the change tracker.");
        }

        var columns = AuditColumns.Of(db.Model.FindEntityType(row.GetType()) ?? throw new InvalidOperationException($"{row.GetType().Name} is not mapped."));
        var seal = await SealOfAsync(db, (row as IPersonal)?.PersonId ?? Guid.Empty, cancellationToken);
        return await ComposeAsync(db, AuditMapping.Created, audited.AuditName, audited.AuditId, null, AuditJson.Of(columns, column => column.ValueOf(row), seal), cancellationToken);
    }

    /// <summary>The audit row of a row that is changed past the change tracker.</summary>
    /// <param name="db">The context.</param>
    /// <param name="row">As it is now.</param>
    /// <param name="changed">The columns that are different.</param>
    /// <param name="before">What each of them was.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async ValueTask<AuditEntry> OfChangedAsync(MeterSyncDb db, IAudited row, List<AuditColumn> changed, IReadOnlyList<object?> before, CancellationToken cancellationToken)
    {
        var seal = await SealOfAsync(db, (row as IPersonal)?.PersonId ?? Guid.Empty, cancellationToken);
        return await ComposeAsync(db, Updated, row.AuditName, row.AuditId, AuditJson.Of(changed, column => before[changed.FindIndex(one => ReferenceEquals(one, column))], seal), AuditJson.Of(changed, column => column.ValueOf(row), seal), cancellationToken);
    }

    /// <summary>An audit row for a change that does not pass through tracked entities, such as an import. <paramref name="before"/> and <paramref name="after"/> name no person.</summary>
    public static async ValueTask<AuditEntry> ComposeAsync(MeterSyncDb db, string action, string entityType, Guid entityId, string? before, string? after, CancellationToken cancellationToken)
    {
        var session = db.Session;
        session.AuditSignal.Raise();
        var caller = session.Caller;
        var entry = new AuditEntry
        {
            Id = session.Ids.Next(),
            At = session.Clock.GetUtcNow().ToStored(),
            ActorId = caller?.UserId?.Value,
            Action = action,
            EntityType = entityType,
            EntityId = entityId,
            OldData = before,
            NewData = after,
        };
        if (entry.ActorId is not { } person)
        {
            (entry.Actor, entry.IpAddress, entry.UserAgent) = (Storable(caller?.Name) ?? Nobody, Storable(caller?.IpAddress), Storable(caller?.UserAgent));
            return entry;
        }

        // The person's name is looked up when the entry is read; that a program acted for the person is told here.
        entry.Actor = caller!.ApiKeyId is { } key ? $"{AuditEntry.ByKey}{key.Value}" : "";
        var (cipher, instead) = await session.PersonKeys.OfAsync(db, person, cancellationToken);
        entry.IpAddress = caller.IpAddress is not { } address ? null : cipher?.SealAddress(address) ?? instead;
        entry.UserAgent = caller.UserAgent is not { } agent ? null : cipher?.SealAgent(agent) ?? instead;
        return entry;
    }

    private static PersonSeal MakeKey(MeterSyncDb db, Guid person)
    {
        var (row, cipher) = db.Session.PersonKeys.Make(person);
        db.Add(row);
        return new PersonSeal(cipher, "");
    }

    /// <summary>Null for a row about nobody.</summary>
    private static async ValueTask<PersonSeal?> SealOfAsync(MeterSyncDb db, Guid person, CancellationToken cancellationToken) =>
        person == Guid.Empty ? null : await db.Session.PersonKeys.OfAsync(db, person, cancellationToken);

    /// <summary>PostgreSQL keeps no NUL.</summary>
    private static string? Storable(string? text) => text?.Replace('\0', '\uFFFD');
}
