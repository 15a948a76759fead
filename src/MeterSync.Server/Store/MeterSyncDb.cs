using MeterSync.Kernel;
using MeterSync.Store.Audit;
using MeterSync.Store.Idempotency;
using MeterSync.Store.Imports;
using MeterSync.Store.Jobs;
using MeterSync.Store.Model;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Store;

/// <summary>The unit of work. It has no set properties: code says <c>db.Set&lt;Reading&gt;()</c>, so that a module reaching into another's tables shows.</summary>
internal sealed class MeterSyncDb(DbContextOptions<MeterSyncDb> options, IEnumerable<IModule> modules, StoreProvider provider) : DbContext(options)
{
    public StoreProvider Provider => provider;

    public bool IsSqlite => provider == StoreProvider.Sqlite;

    /// <summary>The request or job it serves.</summary>
    public required StoreSession Session { get; init; }

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        foreach (var entry in ChangeTracker.Entries<IVersioned>())
        {
            if (entry.State == EntityState.Modified)
            {
                entry.Entity.Version++;
            }
        }

        AuditTrail.Append(this, Session);
        Session.Idempotency.JoinTo(this);
        using var turn = IsSqlite && Database.CurrentTransaction is null ? await Session.EnterWriteGateAsync(cancellationToken) : null;
        return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new NotSupportedException("Save asynchronously.");

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        StoreConventions.ConfigureTypes(configurationBuilder, provider);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        AuditMapping.Configure(modelBuilder);
        JobMapping.Configure(modelBuilder);
        IdempotencyMapping.Configure(modelBuilder);
        ImportMapping.Configure(modelBuilder);
        foreach (var module in modules)
        {
            module.ConfigureModel(modelBuilder);
        }

        StoreConventions.Finish(modelBuilder, provider);
    }
}
