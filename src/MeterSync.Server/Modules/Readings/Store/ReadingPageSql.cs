using System.Globalization;
using System.Text;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using Npgsql;

namespace MeterSync.Modules.Readings.Store;

/// <summary>The statements of a page of readings on PostgreSQL. Few texts, so that the server's prepared plans serve them.</summary>
internal sealed class ReadingPageSql
{
    private const string Columns = """
        r.id, r.client_id, r.meter_id, r.reading_at, r.received_at, r.source, r.agent_id, r.device_id, r.latitude, r.longitude, r.accuracy_metres, r.notes, r.photo_url, r.photos,
        r.double_entered, r.state, r.verified_at, r.verified_by, r.decided_at, r.decided_by, r.decision_note, r.version, m.version,
        v.id, v.register_id, v.ordinal, v.value, v.state, v.quality, v.flags, v.findings, v.expected, v.consumption, v.days, v.supersedes_id, v.estimate, r.evidence
        """;

    private readonly StringBuilder where = new();
    private readonly List<object> values = [];

    /// <summary>Where the filter names the one meter, PostgreSQL looks its version up once and not for every row.</summary>
    private readonly string meterOfRow;

    public ReadingPageSql(ReadingFilter filter)
    {
        Add(filter.MeterId?.Value, "meter_id =");
        meterOfRow = filter.MeterId is null ? "r.meter_id" : "$1";
        Add(filter.AgentId?.Value, "agent_id =");
        Add(filter.Source is { } source ? Terms<ReadingSource>.WordOf(source) : null, "source =");
        Add(filter.From, "reading_at >=");
        Add(filter.To, "reading_at <");
        if (filter.Regions is { } regions)
        {
            And(MeterScope.SqlFrom(StoreProvider.Postgres, "meter_id", regions));
        }

        if (filter.State is { } state)
        {
            // Written out, not a parameter: held ones have a partial index that the planner only sees in the text.
            And($"state = '{Terms<ReadingState>.WordOf(state)}'");
        }

        if (filter.Evidence is { } evidence)
        {
            // Written out for the same reason.
            And(evidence == ReadingEvidence.None ? "evidence is null" : $"evidence = '{Terms<ReadingEvidence>.WordOf(evidence)}'");
        }

        if (filter.Verified is { } verified)
        {
            And(verified ? "verified_at is not null" : "verified_at is null");
        }
    }

    /// <summary>The page's first <paramref name="rows"/> rows with their live values. The limit is written out, because a plan for any limit
    /// expects a tenth of the table; seeing that estimate, PostgreSQL would rather plan every execution anew than use the prepared plan.</summary>
    public NpgsqlBatchCommand Rows(ReadingPage page, int rows)
    {
        var sql = new StringBuilder("with page as (select * from readings").Append(where);
        var parameters = new List<object>(values);
        var order = page.Oldest ? "asc" : "desc";
        if (page.Cursor is { } cursor)
        {
            parameters.Add(cursor.At);
            parameters.Add(cursor.Id);
            sql.Append(CultureInfo.InvariantCulture, $"{(where.Length == 0 ? " where" : " and")} (reading_at, id) {(page.Oldest ? ">" : "<")} (${parameters.Count - 1}, ${parameters.Count})");
        }

        sql.Append(CultureInfo.InvariantCulture, $" order by reading_at {order}, id {order} limit {rows}");
        if (!page.Walk && page.Page > 1)
        {
            parameters.Add((page.Page - 1) * page.Limit);
            sql.Append(CultureInfo.InvariantCulture, $" offset ${parameters.Count}");
        }

        sql.Append(CultureInfo.InvariantCulture, $"""
            ) select {Columns} from page r join meters m on m.id = {meterOfRow}
            join reading_values v on v.reading_id = r.id and (v.state <> 'superseded' or r.state = 'superseded')
            order by r.reading_at {order}, r.id {order}
            """);
        return Command(sql.ToString(), parameters);
    }

    /// <summary>The total up to one past the cap, or null where nothing was committed since <paramref name="knownSnapshot"/>; and the snapshot it holds for.</summary>
    public NpgsqlBatchCommand Total(string knownSnapshot)
    {
        var parameters = new List<object>(values) { knownSnapshot };
        var sql = string.Create(CultureInfo.InvariantCulture, $"""
            select case when pg_current_snapshot()::text <> ${parameters.Count}
                then (select count(*)::int from (select 1 from readings{where} limit {PageRules.CountCap + 1}) counted) end, pg_current_snapshot()::text
            """);
        return Command(sql, parameters);
    }

    /// <summary>The reading, value and version of the meter of the current row.</summary>
    public static (Reading Reading, ReadingValue Value, int MeterVersion) Read(NpgsqlDataReader row)
    {
        var reading = new Reading
        {
            Id = new ReadingId(row.GetGuid(0)),
            ClientId = row.IsDBNull(1) ? null : row.GetGuid(1),
            MeterId = new MeterId(row.GetGuid(2)),
            ReadingAt = row.GetFieldValue<DateTimeOffset>(3),
            ReceivedAt = row.GetFieldValue<DateTimeOffset>(4),
            Source = Terms<ReadingSource>.Parse(row.GetString(5)),
            AgentId = row.IsDBNull(6) ? null : new UserId(row.GetGuid(6)),
            DeviceId = Text(row, 7),
            Latitude = row.IsDBNull(8) ? null : row.GetDouble(8),
            Longitude = row.IsDBNull(9) ? null : row.GetDouble(9),
            AccuracyMetres = row.IsDBNull(10) ? null : row.GetDouble(10),
            Notes = Text(row, 11),
            PhotoUrl = Text(row, 12),
            Photos = Text(row, 13),
            DoubleEntered = row.GetBoolean(14),
            State = Terms<ReadingState>.Parse(row.GetString(15)),
            VerifiedAt = row.IsDBNull(16) ? null : row.GetFieldValue<DateTimeOffset>(16),
            VerifiedBy = row.IsDBNull(17) ? null : new UserId(row.GetGuid(17)),
            DecidedAt = row.IsDBNull(18) ? null : row.GetFieldValue<DateTimeOffset>(18),
            DecidedBy = row.IsDBNull(19) ? null : new UserId(row.GetGuid(19)),
            DecisionNote = Text(row, 20),
            Version = row.GetInt32(21),
            Evidence = row.IsDBNull(36) ? null : Terms<ReadingEvidence>.Parse(row.GetString(36)),
        };
        var value = new ReadingValue
        {
            Id = new ReadingValueId(row.GetGuid(23)),
            ReadingId = reading.Id,
            MeterId = reading.MeterId,
            RegisterId = new RegisterId(row.GetGuid(24)),
            Ordinal = row.GetInt32(25),
            ReadingAt = reading.ReadingAt,
            Value = row.GetDecimal(26).Plain(),
            State = Terms<ReadingState>.Parse(row.GetString(27)),
            Quality = Terms<Quality>.Parse(row.GetString(28)),
            Flags = row.GetString(29),
            Findings = Text(row, 30),
            Expected = Text(row, 31),
            Consumption = row.IsDBNull(32) ? null : row.GetDecimal(32).Plain(),
            Days = row.IsDBNull(33) ? null : row.GetDecimal(33).Plain(),
            SupersedesId = row.IsDBNull(34) ? null : new ReadingValueId(row.GetGuid(34)),
            Estimate = Text(row, 35),
        };
        return (reading, value, row.GetInt32(22));
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static NpgsqlBatchCommand Command(string sql, List<object> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return command;
    }

    private void Add(object? value, string comparison)
    {
        if (value is not null)
        {
            values.Add(value);
            And(string.Create(CultureInfo.InvariantCulture, $"{comparison} ${values.Count}"));
        }
    }

    private void And(string condition) => where.Append(where.Length == 0 ? " where " : " and ").Append(condition);
}
