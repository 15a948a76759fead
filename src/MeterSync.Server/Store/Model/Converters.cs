using MeterSync.Kernel;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MeterSync.Store.Model;

/// <summary>A converter that also has its way to the database as a plain function: the expressions are compiled anew for every column,
/// which is most of what a short import would take.</summary>
internal interface IStoredAs<in TModel, out TStored>
{
    TStored ToStored(TModel value);
}

/// <summary>SQLite: an id is 16 bytes, big-endian, so that UUIDv7 sorts by its time.</summary>
internal sealed class TypedIdBytesConverter<TId>() : ValueConverter<TId, byte[]>(id => id.Value.ToByteArray(true), bytes => Ids.From<TId>(new Guid(bytes, true))), IStoredAs<TId, byte[]>
    where TId : struct, ITypedId<TId>
{
    public byte[] ToStored(TId value) => value.Value.ToByteArray(true);
}

/// <summary>PostgreSQL: an id is a uuid.</summary>
internal sealed class TypedIdGuidConverter<TId>() : ValueConverter<TId, Guid>(id => id.Value, value => Ids.From<TId>(value))
    where TId : struct, ITypedId<TId>;

internal sealed class GuidBytesConverter() : ValueConverter<Guid, byte[]>(id => id.ToByteArray(true), bytes => new Guid(bytes, true)), IStoredAs<Guid, byte[]>
{
    public byte[] ToStored(Guid value) => value.ToByteArray(true);
}

/// <summary>SQLite: an exact decimal is a count of millionths.</summary>
internal sealed class ScaledDecimalConverter() : ValueConverter<decimal, long>(value => ToMillionths(value), scaled => scaled / 1_000_000m), IStoredAs<decimal, long>
{
    public long ToStored(decimal value) => ToMillionths(value);

    public static long ToMillionths(decimal value) => decimal.ToInt64(decimal.Round(value * 1_000_000m, 0, MidpointRounding.ToEven));
}

/// <summary>PostgreSQL: numeric(18,6) comes back as 12.500000; the program has 12.5, as on SQLite.</summary>
internal sealed class PlainDecimalConverter() : ValueConverter<decimal, decimal>(value => value, stored => stored.Plain());

/// <summary>SQLite: an instant is microseconds since 1970 UTC, so that it sorts and compares.</summary>
internal sealed class InstantMicrosecondsConverter() : ValueConverter<DateTimeOffset, long>(at => at.ToUnixMicroseconds(), micros => Instants.FromUnixMicroseconds(micros)), IStoredAs<DateTimeOffset, long>
{
    public long ToStored(DateTimeOffset value) => value.ToUnixMicroseconds();
}

internal sealed class EnumWordConverter<TEnum>() : ValueConverter<TEnum, string>(value => Terms<TEnum>.WordOf(value), word => Terms<TEnum>.Parse(word)), IStoredAs<TEnum, string>
    where TEnum : struct, Enum
{
    public string ToStored(TEnum value) => Terms<TEnum>.WordOf(value);
}

/// <summary>A way to <see cref="ITypedId{TSelf}.From"/> that expression trees allow.</summary>
internal static class Ids
{
    public static TId From<TId>(Guid value)
        where TId : struct, ITypedId<TId> => TId.From(value);
}
