using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MeterSync.Store.Bulk;

/// <summary>One column as the EF mapping has it.</summary>
/// <param name="Name">Column name.</param>
/// <param name="StoreType">The database's type.</param>
/// <param name="IsKey">Part of the primary key.</param>
/// <param name="Property">Where all this comes from.</param>
internal sealed record BulkColumn(string Name, string StoreType, bool IsKey, IProperty Property)
{
    private Func<object, object?>? valueOf; // made when first asked for: EF compiles it

    /// <summary>The value in a row as the driver takes it; null for SQL null.</summary>
    public object? ValueOf(object row) => (valueOf ??= BulkTable.GetterOf(Property))(row);
}

/// <summary>One table as the EF mapping has it.</summary>
internal sealed record BulkTable(string Name, IReadOnlyList<BulkColumn> Columns)
{
    private static readonly ConcurrentDictionary<IEntityType, BulkTable> Known = new();

    public static BulkTable Of<TEntity>(MeterSyncDb db) =>
        Known.GetOrAdd(db.Model.FindEntityType(typeof(TEntity)) ?? throw new InvalidOperationException($"{typeof(TEntity).Name} is not mapped."), Read);

    /// <summary>The key's columns and those of some properties.</summary>
    public BulkTable With(IReadOnlyCollection<IProperty> properties) => new(Name, [.. Columns.Where(column => column.IsKey || properties.Contains(column.Property))]);

    private static BulkTable Read(IEntityType entity) =>
        new(entity.GetTableName()!, [.. entity.GetProperties().Select(property => new BulkColumn(property.GetColumnName(), property.GetColumnType(), property.IsPrimaryKey(), property))]);

    /// <summary>The value as the driver takes it; null for SQL null.</summary>
    public static Func<object, object?> GetterOf(IProperty property)
    {
        var getter = property.GetGetter();
        var convert = property.GetTypeMapping().Converter?.ConvertToProvider;
        if (convert is null)
        {
            return getter.GetClrValue;
        }

        return row => getter.GetClrValue(row) is { } value ? convert(value) : null;
    }
}
