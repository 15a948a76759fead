using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MeterSync.Store.Model;

internal static class JsonColumns
{
    /// <summary>The text holds a JSON document.</summary>
    public static PropertyBuilder<TProperty> IsJson<TProperty>(this PropertyBuilder<TProperty> property) =>
        property.HasAnnotation(StoreConventions.JsonColumn, true);
}
