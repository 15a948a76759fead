using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using MeterSync.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MeterSync.Store.Audit;

/// <summary>One column as the audit log writes it.</summary>
/// <param name="Property">As mapped.</param>
/// <param name="Name">Column name, ready for JSON.</param>
/// <param name="IsSecret">The value must not show.</param>
/// <param name="IsPersonal">The value is encrypted under its person's key.</param>
/// <param name="ValueOf">The value in a row.</param>
internal sealed record AuditColumn(IProperty Property, JsonEncodedText Name, bool IsSecret, bool IsPersonal, Func<object, object?> ValueOf);

/// <summary>The columns of each kind of row, looked up once: names and attributes cost more than the values.</summary>
internal static class AuditColumns
{
    private static readonly ConcurrentDictionary<IEntityType, IReadOnlyList<AuditColumn>> Known = new();

    public static IReadOnlyList<AuditColumn> Of(IEntityType entity) =>
        Known.GetOrAdd(entity, static type => [.. type.GetProperties().Select(property => new AuditColumn(
            property,
            JsonEncodedText.Encode(property.GetColumnName()),
            property.PropertyInfo?.GetCustomAttribute<SecretAttribute>() is not null,
            property.PropertyInfo?.GetCustomAttribute<PersonalAttribute>() is not null,
            property.GetGetter().GetClrValue))]);
}
