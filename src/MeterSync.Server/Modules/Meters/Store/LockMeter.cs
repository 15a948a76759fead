using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Metering.Registers;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace MeterSync.Modules.Meters.Store;

/// <summary>Locks a meter and reads it on PostgreSQL, in one round trip of prepared statements.</summary>
internal static class LockMeter
{
    // The lock is a statement of its own: one that waited for it would go on with what it saw of the last reading and the registers
    // before it waited. Every statement of the batch sees what was committed when it began.
    private const string LockSql = "select 1 from meters where id = $1 for update";

    private const string MeterSql = """
        select m.serial_number, m.meter_type, m.status, p.latitude, p.longitude, p.position_source, l.reading_at, l.value, l.unit,
          r.id, r.ordinal, r.label, r.obis_code, r.kind, r.quantity, r.direction, r.runs_backwards,
          v.effective_from, v.unit, v.digits, v.decimals, v.multiplier, v.maximum_use_per_day, m.segment_from, m.removed_at, r.predecessor_id
        from meters m
        left join service_points p on p.id = m.service_point_id
        left join meter_last_readings l on l.meter_id = m.id
        join registers r on r.meter_id = m.id
        join register_versions v on v.register_id = r.id
        where m.id = $1
        order by r.ordinal, v.effective_from
        """;

    /// <param name="db">Within a transaction.</param>
    /// <param name="id">The meter.</param>
    /// <param name="caller">Null is returned where the caller may bring no readings of the meter; nobody may.</param>
    /// <param name="rider">A question to be answered once the lock is held.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<MeterForReading?> FindAsync(MeterSyncDb db, MeterId id, Caller? caller, Rider? rider, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection());
        batch.BatchCommands.Add(CommandFor(LockSql, id));
        batch.BatchCommands.Add(CommandFor(Within(caller), id));
        if (rider is not null)
        {
            batch.BatchCommands.Add(rider.Command());
        }

        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        var meter = await ReadAsync(rows, id, cancellationToken);
        if (rider is not null)
        {
            await rows.NextResultAsync(cancellationToken);
            await rider.TakeAsync(rows, cancellationToken);
        }

        return meter;
    }

    private static NpgsqlBatchCommand CommandFor(string sql, MeterId id) =>
        new(sql) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = id.Value } } };

    private static string Within(Caller? caller) =>
        caller?.OwnOnly is { } agent ? MeterSql.Replace("where m.id = $1", $"where m.id = $1 and {MeterScope.SqlEverOf(StoreProvider.Postgres, "m.id", agent)}", StringComparison.Ordinal)
        : caller?.RegionsOnly is { } regions ? MeterSql.Replace("where m.id = $1", $"where m.id = $1 and p.region_id {MeterScope.SqlIn(StoreProvider.Postgres, regions)}", StringComparison.Ordinal)
        : MeterSql;

    private static async Task<MeterForReading?> ReadAsync(NpgsqlDataReader rows, MeterId id, CancellationToken cancellationToken)
    {
        MeterForReading? meter = null;
        var registers = new List<RegisterForReading>(1);
        var configurations = new List<EffectiveConfiguration>();
        while (await rows.ReadAsync(cancellationToken))
        {
            meter ??= MeterOf(rows, id, registers);
            var (register, version) = (RegisterOf(rows), VersionOf(rows));
            if (registers.Count == 0 || registers[^1].Id != register.Id)
            {
                configurations = new List<EffectiveConfiguration>(1);
                registers.Add(new RegisterForReading(register.Id, register.Ordinal, register.Label, register.ObisCode, configurations) { PredecessorId = register.PredecessorId });
            }

            configurations.Add(new EffectiveConfiguration(version.EffectiveFrom, MeterRegistry.ConfigurationOf(register, version)));
        }

        return meter;
    }

    private static MeterForReading MeterOf(NpgsqlDataReader row, MeterId id, List<RegisterForReading> registers) => new(
        id,
        row.GetString(0),
        Terms<MeterType>.Parse(row.GetString(1)),
        Terms<MeterStatus>.Parse(row.GetString(2)),
        row.IsDBNull(3) ? null : row.GetDouble(3),
        row.IsDBNull(4) ? null : row.GetDouble(4),
        row.IsDBNull(5) ? PositionProvenance.Unknown : Terms<PositionProvenance>.Parse(row.GetString(5)),
        row.IsDBNull(6) ? null : new LastReading(row.GetFieldValue<DateTimeOffset>(6), row.GetDecimal(7).Plain(), row.GetString(8)),
        registers)
    {
        SegmentFrom = row.IsDBNull(23) ? null : row.GetFieldValue<DateTimeOffset>(23),
        RemovedAt = row.IsDBNull(24) ? null : row.GetFieldValue<DateTimeOffset>(24),
    };

    private static Register RegisterOf(NpgsqlDataReader row) => new()
    {
        Id = new RegisterId(row.GetGuid(9)),
        Ordinal = row.GetInt32(10),
        Label = row.GetString(11),
        ObisCode = row.IsDBNull(12) ? null : row.GetString(12),
        Kind = Terms<RegisterKind>.Parse(row.GetString(13)),
        Quantity = row.GetString(14),
        Direction = Terms<FlowDirection>.Parse(row.GetString(15)),
        RunsBackwards = row.GetBoolean(16),
        PredecessorId = row.IsDBNull(25) ? null : new RegisterId(row.GetGuid(25)),
    };

    private static RegisterVersion VersionOf(NpgsqlDataReader row) => new()
    {
        EffectiveFrom = row.GetFieldValue<DateTimeOffset>(17),
        Unit = row.GetString(18),
        Digits = row.IsDBNull(19) ? null : row.GetInt32(19),
        Decimals = row.IsDBNull(20) ? null : row.GetInt32(20),
        Multiplier = row.GetDecimal(21).Plain(),
        MaximumUsePerDay = row.IsDBNull(22) ? null : row.GetDecimal(22).Plain(),
    };
}
