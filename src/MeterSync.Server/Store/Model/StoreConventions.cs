using MeterSync.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MeterSync.Store.Model;

/// <summary>How C# values are stored on each database, and how names are spelled there.</summary>
internal static class StoreConventions
{
    /// <summary>Digits before and after the point of every stored decimal. SQLite keeps millionths in 64 bits: at most 12 digits before the point.</summary>
    public const int DecimalPrecision = 18;

    public const int DecimalScale = 6;

    private static readonly Type[] TypedIds =
        [.. typeof(ITypedId<>).Assembly.GetTypes().Where(type => type.IsValueType && type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(ITypedId<>)))];

    public static void ConfigureTypes(ModelConfigurationBuilder configuration, StoreProvider provider)
    {
        var converter = provider == StoreProvider.Sqlite ? typeof(TypedIdBytesConverter<>) : typeof(TypedIdGuidConverter<>);
        foreach (var id in TypedIds)
        {
            configuration.Properties(id).HaveConversion(converter.MakeGenericType(id));
        }

        if (provider == StoreProvider.Sqlite)
        {
            configuration.Properties<Guid>().HaveConversion<GuidBytesConverter>();
            configuration.Properties<decimal>().HaveConversion<ScaledDecimalConverter>();
            configuration.Properties<DateTimeOffset>().HaveConversion<InstantMicrosecondsConverter>();
        }
        else
        {
            configuration.Properties<decimal>().HaveConversion<PlainDecimalConverter>().HavePrecision(DecimalPrecision, DecimalScale);
        }
    }

    public static void Finish(ModelBuilder model, StoreProvider provider)
    {
        foreach (var entity in model.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(SnakeCase.Of(property.Name));
                StoreEnumsAsWords(property);
                if (provider == StoreProvider.Postgres && property.FindAnnotation(JsonColumn)?.Value is true)
                {
                    property.SetColumnType("jsonb");
                }
            }
        }
    }

    /// <summary>Marks a text property as JSON: jsonb on PostgreSQL, TEXT on SQLite.</summary>
    public const string JsonColumn = "MeterSync:Json";

    private static void StoreEnumsAsWords(IMutableProperty property)
    {
        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        if (type.IsEnum)
        {
            property.SetValueConverter(typeof(EnumWordConverter<>).MakeGenericType(type));
        }
    }
}
