using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MeterSync.Store.Bulk;

/// <summary>Writes many rows of one table past the change tracker, in the context's transaction: for imports, where row by row costs ten times as much.
/// Columns, names and conversions come from the EF mapping, so that there is one place that says how a row is stored.</summary>
internal sealed class BulkStore(MeterSyncDb db)
{
    /// <summary>Inserts the rows. Returns how many.</summary>
    /// <exception cref="DbException">A constraint refused a row; the transaction must be rolled back.</exception>
    public Task<int> InsertAsync<TEntity>(IEnumerable<TEntity> rows, CancellationToken cancellationToken)
        where TEntity : class
    {
        var table = BulkTable.Of<TEntity>(db);
        return db.IsSqlite ? SqliteBulk.InsertAsync(Connection, table, rows, cancellationToken) : PostgresBulk.InsertAsync(Connection, table, rows, cancellationToken);
    }

    /// <summary>Overwrites all columns of existing rows, found by primary key. Returns how many.</summary>
    public Task<int> UpdateAsync<TEntity>(IEnumerable<TEntity> rows, CancellationToken cancellationToken)
        where TEntity : class => OverwriteAsync(BulkTable.Of<TEntity>(db), rows, cancellationToken);

    /// <summary>Overwrites the columns of some properties: an index whose columns stay is left alone.</summary>
    public Task<int> UpdateOnlyAsync<TEntity>(IEnumerable<TEntity> rows, IReadOnlyCollection<IProperty> only, CancellationToken cancellationToken)
        where TEntity : class => OverwriteAsync(BulkTable.Of<TEntity>(db).With(only), rows, cancellationToken);

    private Task<int> OverwriteAsync<TEntity>(BulkTable table, IEnumerable<TEntity> rows, CancellationToken cancellationToken)
        where TEntity : class
    {
        return db.IsSqlite ? SqliteBulk.UpdateAsync(Connection, table, rows, cancellationToken) : PostgresBulk.UpdateAsync(Connection, table, rows, cancellationToken);
    }

    private DbConnection Connection => db.Database.CurrentTransaction is null
        ? throw new InvalidOperationException("Bulk writes need a transaction: use WriteTransactions.")
        : db.Database.GetDbConnection();
}
