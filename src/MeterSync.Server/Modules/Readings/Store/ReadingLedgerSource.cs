using System.Data.Common;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;

namespace MeterSync.Modules.Readings.Store;

/// <summary>What differs between the databases when the ledger reads: the connection, how an id, an instant and an exact number come and go,
/// and how a million values are walked in order.</summary>
internal abstract class ReadingLedgerSource
{
    public abstract StoreProvider Provider { get; }

    /// <summary>An open connection of its own that the ledger closes.</summary>
    public abstract Task<DbConnection> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Values by instant, reading and register ordinal.</summary>
    /// <param name="command">Has the parameters of the conditions.</param>
    /// <param name="onValues">A condition on <c>v</c> (reading_values).</param>
    /// <param name="onReadings">A condition on <c>r</c> (readings).</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    public abstract IAsyncEnumerable<LedgerValue> ValuesAsync(DbCommand command, string onValues, string onReadings, CancellationToken cancellationToken);

    /// <summary>A column in a condition that must not choose the order of the walk.</summary>
    public abstract string Aside(string column);

    /// <summary>A serial number ordered by its bytes, whatever the database's language.</summary>
    public abstract string BinaryOrder(string column);

    /// <summary>A table expression with the columns <c>id</c> and <c>place</c> of the ids in the parameter.</summary>
    public abstract string IdList(string parameter);

    public abstract object IdListValue(IEnumerable<Guid> ids);

    public abstract object Value(Guid id);

    public abstract object Value(DateTimeOffset instant);

    public abstract Guid Id(DbDataReader row, int column);

    public abstract DateTimeOffset Instant(DbDataReader row, int column);

    public abstract decimal Number(DbDataReader row, int column);

    public Guid? OptionalId(DbDataReader row, int column) => row.IsDBNull(column) ? null : Id(row, column);

    public DateTimeOffset? OptionalInstant(DbDataReader row, int column) => row.IsDBNull(column) ? null : Instant(row, column);

    public decimal? OptionalNumber(DbDataReader row, int column) => row.IsDBNull(column) ? null : Number(row, column);

    public static string? OptionalText(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
