using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using MeterSync.Kernel;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;

namespace MeterSync.Modules.Readings.Store;

/// <summary>PostgreSQL: uuid, timestamptz and numeric(18,6).</summary>
internal sealed class ReadingLedgerPostgres(PostgresSource postgres) : ReadingLedgerSource
{
    private const string ValueSql = """
        select r.id, m.serial_number, g.label, r.reading_at, v.value,
          (select x.unit from register_versions x where x.register_id = v.register_id and x.effective_from <= r.reading_at order by x.effective_from desc limit 1),
          v.consumption, v.days, v.quality, v.state, v.flags, r.source, r.verified_at, r.agent_id, r.received_at, r.notes
        from readings r
        join reading_values v on v.reading_id = r.id
        join meters m on m.id = r.meter_id
        join registers g on g.id = v.register_id
        """;

    public override StoreProvider Provider => StoreProvider.Postgres;

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken) =>
        await (postgres.Source ?? throw new InvalidOperationException("No PostgreSQL is configured.")).OpenConnectionAsync(cancellationToken);

    public override async IAsyncEnumerable<LedgerValue> ValuesAsync(DbCommand command, string onValues, string onReadings, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        command.CommandText = $"{ValueSql} where {onValues} and {onReadings} order by r.reading_at, r.id, g.ordinal";
        await using var row = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            yield return new LedgerValue(
                Id(row, 0),
                row.GetString(1),
                row.GetString(2),
                Instant(row, 3),
                Number(row, 4),
                OptionalText(row, 5),
                OptionalNumber(row, 6),
                OptionalNumber(row, 7),
                row.GetString(8),
                row.GetString(9),
                row.GetString(10),
                row.GetString(11),
                !row.IsDBNull(12),
                OptionalId(row, 13),
                Instant(row, 14),
                OptionalText(row, 15));
        }
    }

    public override string Aside(string column) => column;

    public override string BinaryOrder(string column) => $"{column} collate \"C\"";

    public override string IdList(string parameter) => $"(select id, place from unnest({parameter}) with ordinality as listed (id, place))";

    public override object IdListValue(IEnumerable<Guid> ids) => ids.ToArray();

    public override object Value(Guid id) => id;

    public override object Value(DateTimeOffset instant) => instant.ToUniversalTime();

    public override Guid Id(DbDataReader row, int column) => row.GetGuid(column);

    public override DateTimeOffset Instant(DbDataReader row, int column) => new(row.GetDateTime(column), TimeSpan.Zero);

    public override decimal Number(DbDataReader row, int column) => row.GetDecimal(column).Plain();
}
