using System.Runtime.CompilerServices;
using MeterSync.Store.Model;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MeterSync.Store.Bulk;

/// <summary>Takes a row's value to its parameter without boxing it on the way: a large import binds millions of them.</summary>
internal abstract class SqliteColumn<TEntity>
    where TEntity : class
{
    public abstract void Bind(TEntity row, SqliteRowStatement statement, int parameter);

    /// <summary>By the EF mapping: its getter, its converter.</summary>
    public static SqliteColumn<TEntity> Of(IProperty property)
    {
        var model = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        var converter = property.GetTypeMapping().Converter;
        var kind = property.PropertyInfo?.GetMethod is null ? typeof(UntypedColumn<>).MakeGenericType(typeof(TEntity))
            : (property.ClrType != model ? typeof(OptionalColumn<,,>) : model.IsValueType ? typeof(ValueColumn<,,>) : typeof(ReferenceColumn<,,>))
                .MakeGenericType(typeof(TEntity), model, converter?.ProviderClrType ?? model);
        return (SqliteColumn<TEntity>)Activator.CreateInstance(kind, property)!;
    }
}

/// <summary>A property EF keeps by itself.</summary>
internal sealed class UntypedColumn<TEntity>(IProperty property) : SqliteColumn<TEntity>
    where TEntity : class
{
    private readonly Func<object, object?> valueOf = BulkTable.GetterOf(property);

    public override void Bind(TEntity row, SqliteRowStatement statement, int parameter) => statement.Bind(parameter, valueOf(row));
}

internal sealed class ValueColumn<TEntity, TModel, TStored>(IProperty property) : SqliteColumn<TEntity>
    where TEntity : class
    where TModel : struct
{
    private readonly Func<TEntity, TModel> get = Typed.Getter<TEntity, TModel>(property);
    private readonly Func<TModel, TStored>? convert = Typed.Converter<TModel, TStored>(property);

    public override void Bind(TEntity row, SqliteRowStatement statement, int parameter) => Typed.Bind(statement, parameter, get(row), convert);
}

internal sealed class OptionalColumn<TEntity, TModel, TStored>(IProperty property) : SqliteColumn<TEntity>
    where TEntity : class
    where TModel : struct
{
    private readonly Func<TEntity, TModel?> get = Typed.Getter<TEntity, TModel?>(property);
    private readonly Func<TModel, TStored>? convert = Typed.Converter<TModel, TStored>(property);

    public override void Bind(TEntity row, SqliteRowStatement statement, int parameter)
    {
        if (get(row) is { } value)
        {
            Typed.Bind(statement, parameter, value, convert);
        }
        else
        {
            statement.BindNull(parameter);
        }
    }
}

internal sealed class ReferenceColumn<TEntity, TModel, TStored>(IProperty property) : SqliteColumn<TEntity>
    where TEntity : class
    where TModel : class
{
    private readonly Func<TEntity, TModel?> get = Typed.Getter<TEntity, TModel?>(property);
    private readonly Func<TModel, TStored>? convert = Typed.Converter<TModel, TStored>(property);

    public override void Bind(TEntity row, SqliteRowStatement statement, int parameter)
    {
        if (get(row) is { } value)
        {
            Typed.Bind(statement, parameter, value, convert);
        }
        else
        {
            statement.BindNull(parameter);
        }
    }
}

file static class Typed
{
    public static Func<TEntity, TValue> Getter<TEntity, TValue>(IProperty property) => property.PropertyInfo!.GetMethod!.CreateDelegate<Func<TEntity, TValue>>();

    public static Func<TModel, TStored>? Converter<TModel, TStored>(IProperty property) => property.GetTypeMapping().Converter switch
    {
        null => null,
        IStoredAs<TModel, TStored> plain => plain.ToStored,
        var converter => ((ValueConverter<TModel, TStored>)converter).ConvertToProviderTyped,
    };

    public static void Bind<TModel, TStored>(SqliteRowStatement statement, int parameter, TModel value, Func<TModel, TStored>? convert)
    {
        if (convert is null)
        {
            Bind(statement, parameter, value);
        }
        else
        {
            Bind(statement, parameter, convert(value));
        }
    }

    /// <summary>The comparisons of types are decided when the code is compiled.</summary>
    private static void Bind<TStored>(SqliteRowStatement statement, int parameter, TStored stored)
    {
        if (typeof(TStored) == typeof(long))
        {
            statement.Bind(parameter, Unsafe.As<TStored, long>(ref stored));
        }
        else if (typeof(TStored) == typeof(int))
        {
            statement.Bind(parameter, (long)Unsafe.As<TStored, int>(ref stored));
        }
        else if (typeof(TStored) == typeof(bool))
        {
            statement.Bind(parameter, Unsafe.As<TStored, bool>(ref stored) ? 1L : 0L);
        }
        else if (typeof(TStored) == typeof(double))
        {
            statement.Bind(parameter, Unsafe.As<TStored, double>(ref stored));
        }
        else
        {
            statement.Bind(parameter, (object?)stored);
        }
    }
}
