using MeterSync.Kernel;
using MeterSync.Store.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MeterSync.Store.Bulk;

/// <summary>Many rows that are changed past the change tracker, with all that a save does for them: their versions move on and the audit log tells of each. Inside a transaction that holds their locks.</summary>
internal sealed class Revisions<TEntity>(MeterSyncDb db, BulkStore bulk)
    where TEntity : class, IAudited, IVersioned
{
    private readonly List<(TEntity Row, object?[] Before)> begun = [];
    private readonly IReadOnlyList<AuditColumn> columns = AuditColumns.Of(db.Model.FindEntityType(typeof(TEntity)) ?? throw new InvalidOperationException($"{typeof(TEntity).Name} is not mapped."));

    /// <summary>Before the row, which is not tracked, is changed.</summary>
    public void Begin(TEntity row) => begun.Add((row, [.. columns.Select(column => column.ValueOf(row))]));

    /// <summary>Writes those that are different now, and only the columns that are.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var (rows, told, all) = (new List<TEntity>(begun.Count), new List<AuditEntry>(begun.Count), new HashSet<IProperty>());
        foreach (var (row, before) in begun)
        {
            if (Different(row, before).Count == 0)
            {
                continue;
            }

            row.Version++;
            var changed = Different(row, before);
            all.UnionWith(changed.Select(place => columns[place].Property));
            rows.Add(row);
            told.Add(await AuditTrail.OfChangedAsync(db, row, changed.ConvertAll(place => columns[place]), changed.ConvertAll(place => before[place]), cancellationToken));
        }

        begun.Clear();
        if (rows.Count > 0)
        {
            await bulk.UpdateOnlyAsync(rows, all, cancellationToken);
            await bulk.InsertAsync(told, cancellationToken);
        }
    }

    /// <returns>Places among the columns.</returns>
    private List<int> Different(TEntity row, object?[] before) => [.. Enumerable.Range(0, columns.Count).Where(place => !Equals(before[place], columns[place].ValueOf(row)))];
}
