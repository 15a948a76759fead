using MeterSync.Kernel;
using MeterSync.Store.Audit;
using MeterSync.Store.Blobs;
using MeterSync.Store.Events;
using MeterSync.Store.Idempotency;
using MeterSync.Store.Imports;
using MeterSync.Store.Jobs;
using MeterSync.Store.Model;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Store;

/// <summary>The unit of work. It has no set properties: code says <c>db.Set&lt;Reading&gt;()</c>, so that a module reaching into another's tables shows.
/// It serves one request or job after the other: <see cref="MeterSyncDbFactory"/> keeps a pool, so whatever it holds beside EF's own state is
/// taken from it in <see cref="Serve"/>.</summary>
internal sealed class MeterSyncDb(DbContextOptions<MeterSyncDb> options) : DbContext(options)
{
    private readonly StoreModel model = options.GetExtension<StoreModel>();
    private readonly List<DirectRow> direct = [];
    private StoreSession? session;

    public StoreProvider Provider => model.Provider;

    public bool IsSqlite => model.Provider == StoreProvider.Sqlite;

    /// <summary>The request or job it serves.</summary>
    public StoreSession Session => session ?? throw new InvalidOperationException("This context serves nobody: it comes from MeterSyncDbFactory.");

    /// <summary>Begins to serve another request or job.</summary>
    public void Serve(StoreSession next)
    {
        direct.Clear();
        session = next;
    }

    public override void Dispose()
    {
        ServeNobody();
        base.Dispose();
    }

    public override ValueTask DisposeAsync()
    {
        ServeNobody();
        return base.DisposeAsync();
    }

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
        Session.Idempotency.JoinTo(this);
        return (ChangeTracker.HasChanges() ? await SaveTrackedAsync(acceptAllChangesOnSuccess, cancellationToken) : 0) + await SaveDirectAsync(cancellationToken);
    }

    /// <summary>Back in the pool it must not hold on to the request it served.</summary>
    private void ServeNobody()
    {
        direct.Clear();
        session = null;
    }

    private async Task<int> SaveTrackedAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken)
    {
        foreach (var entry in ChangeTracker.Entries<IVersioned>())
        {
            if (entry.State == EntityState.Modified)
            {
                entry.Entity.Version++;
            }
        }

        await AuditTrail.AppendAsync(this, cancellationToken);
        using var turn = IsSqlite && Database.CurrentTransaction is null ? await Session.EnterWriteGateAsync(cancellationToken) : null;
        return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
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
        var told = rows.Count;
        for (var index = 0; index < told; index++)
        {
            if (!rows[index].Statement.Replaces && await AuditTrail.OfNewAsync(this, rows[index].Row, cancellationToken) is { } entry)
            {
                rows.Add(new DirectRow(entry, audit));
            }
        }

        await DirectRows.WriteAsync(this, rows, cancellationToken);
        return rows.Count;
    }

    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new NotSupportedException("Save asynchronously.");

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        StoreConventions.ConfigureTypes(configurationBuilder, model.Provider);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        AuditMapping.Configure(modelBuilder);
        JobMapping.Configure(modelBuilder);
        IdempotencyMapping.Configure(modelBuilder);
        ImportMapping.Configure(modelBuilder);
        OutboxMapping.Configure(modelBuilder);
        EpochMapping.Configure(modelBuilder);
        BlobMapping.Configure(modelBuilder);
        foreach (var module in model.Modules)
        {
            module.ConfigureModel(modelBuilder);
        }

        StoreConventions.Finish(modelBuilder, model.Provider);
    }
}
