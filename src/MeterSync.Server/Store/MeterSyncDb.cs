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

    private readonly List<DirectRow> direct = [];

    /// <summary>The request or job it serves.</summary>
    public required StoreSession Session { get; init; }

    /// <summary>A new row for the next save that nobody changes before or after it: on PostgreSQL it passes the change tracker by.</summary>
    public void Insert<TEntity>(TEntity row)
        where TEntity : class
    {
        if (IsSqlite)
        {
            Add(row);
        }
        else
        {
            direct.Add(new DirectRow(row, RowStatement.Of<TEntity>(this, replaces: false)));
        }
    }

    /// <summary>As <see cref="Insert{TEntity}"/>, in the place of the row with the same key.</summary>
    public void Replace<TEntity>(TEntity row)
        where TEntity : class
    {
        if (IsSqlite)
        {
            Update(row);
        }
        else
        {
            direct.Add(new DirectRow(row, RowStatement.Of<TEntity>(this, replaces: true)));
        }
    }

    /// <summary>Something waits for the next save.</summary>
    public bool HasChanges => direct.Count > 0 || ChangeTracker.HasChanges();

    /// <summary>Forgets what was not saved.</summary>
    public void Forget()
    {
        direct.Clear();
        ChangeTracker.Clear();
    }

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
        return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken) + await SaveDirectAsync(cancellationToken);
    }

    private async Task<int> SaveDirectAsync(CancellationToken cancellationToken)
    {
        if (direct.Count == 0)
        {
            return 0;
        }

        var rows = direct.ToList();
        direct.Clear();
        var audit = RowStatement.Of<AuditEntry>(this, replaces: false);
        rows.AddRange(rows.Where(row => !row.Statement.Replaces).Select(row => AuditTrail.OfNew(this, Session, row.Row)).OfType<AuditEntry>().Select(entry => new DirectRow(entry, audit)).ToList());
        await DirectRows.WriteAsync(this, rows, cancellationToken);
        return rows.Count;
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
