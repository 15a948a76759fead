using System.Data.Common;
using System.Globalization;
using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>Where the meters of a cycle stand.</summary>
/// <param name="Read">An accepted value in the window that nobody estimated.</param>
/// <param name="Held">A value waits for a decision.</param>
/// <param name="Estimated">Only an estimate.</param>
/// <param name="Skipped">Visited without a value.</param>
/// <param name="Assigned">Nobody was there yet; somebody has it to do.</param>
/// <param name="Unassigned">Nobody has it to do.</param>
internal sealed record CycleCount(int Read, int Held, int Estimated, int Skipped, int Assigned, int Unassigned)
{
    public int Total => Read + Held + Estimated + Skipped + Assigned + Unassigned;

    /// <summary>Without any value.</summary>
    public int Missing => Skipped + Assigned + Unassigned;
}

/// <summary>Counts the meters of a cycle from what is stored of readings, skips and work: kept nowhere, it cannot be wrong.</summary>
internal sealed class CycleCounts(MeterSyncDb db, CallerAccessor callers)
{
    /// <summary>What a reading makes of its meter: a person's value counts more than a held one, that more than an estimate.</summary>
    private const string Rank = "max(case when r.state = 'accepted' and r.source <> 'estimate' then 3 when r.state in ('held', 'captured') then 2 when r.state = 'accepted' then 1 else 0 end)";

    // SQLite looks each meter up in its index; PostgreSQL goes over the window once.
    private const string SqliteBest = $"(select m.meter_id, coalesce((select {Rank} from readings r where r.meter_id = m.meter_id and r.reading_at >= @from and r.reading_at < @to), 0) as best from cycle_meters m where m.cycle_id = @cycle and m.successor_id is null %SCOPE%)";

    private const string PostgresBest = $"(select m.meter_id, coalesce(w.best, 0) as best from cycle_meters m left join (select r.meter_id, {Rank} as best from readings r where r.reading_at >= @from and r.reading_at < @to group by r.meter_id) w on w.meter_id = m.meter_id where m.cycle_id = @cycle and m.successor_id is null %SCOPE%)";

    private const string Outcome = """
        case best when 3 then 'read' when 2 then 'held' when 1 then 'estimated'
          else case when exists (select 1 from skips s where s.meter_id = b.meter_id and s.cycle_id = @cycle) then 'skipped'
            when exists (select 1 from assignments a where a.meter_id = b.meter_id and a.status in ('pending', 'in_progress', 'overdue')) then 'assigned'
            else 'unassigned' end end
        """;

    public async Task<CycleCount> CountAsync(ReadCycle cycle, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        await ReadAsync($"select {Outcome} as outcome, count(*) from {Best()} b group by 1", cycle, row => counts[row.GetString(0)] = Convert.ToInt32(row.GetValue(1), CultureInfo.InvariantCulture), cancellationToken);
        return new CycleCount(
            counts.GetValueOrDefault("read"),
            counts.GetValueOrDefault("held"),
            counts.GetValueOrDefault("estimated"),
            counts.GetValueOrDefault("skipped"),
            counts.GetValueOrDefault("assigned"),
            counts.GetValueOrDefault("unassigned"));
    }

    /// <summary>Meters without any value in the window, by id.</summary>
    public async Task<IReadOnlyList<MeterId>> MissingAsync(ReadCycle cycle, CancellationToken cancellationToken)
    {
        var missing = new List<MeterId>();
        await ReadAsync($"select b.meter_id from {Best()} b where best = 0 order by b.meter_id", cycle, row => missing.Add(new MeterId(db.IsSqlite ? new Guid(row.GetFieldValue<byte[]>(0), bigEndian: true) : row.GetGuid(0))), cancellationToken);
        return missing;
    }

    private string Best()
    {
        var scope = callers.Known?.RegionsOnly is { } regions ? "and " + MeterScope.SqlFrom(db.Provider, "m.meter_id", regions)
            : callers.Known?.OwnOnly is { } agent ? "and " + MeterScope.SqlNowOf(db.Provider, "m.meter_id", agent)
            : "";
        return (db.IsSqlite ? SqliteBest : PostgresBest).Replace("%SCOPE%", scope, StringComparison.Ordinal);
    }

    private async Task ReadAsync(string sql, ReadCycle cycle, Action<DbDataReader> take, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = sql;
            command.Transaction = db.Database.CurrentTransaction is { } transaction ? Microsoft.EntityFrameworkCore.Storage.DbContextTransactionExtensions.GetDbTransaction(transaction) : null;
            Add("cycle", db.IsSqlite ? cycle.Id.Value.ToByteArray(true) : cycle.Id.Value);
            Add("from", db.IsSqlite ? cycle.WindowFrom.ToUnixMicroseconds() : cycle.WindowFrom);
            Add("to", db.IsSqlite ? cycle.WindowTo.ToUnixMicroseconds() : cycle.WindowTo);
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                take(rows);
            }

            void Add(string name, object value)
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (name, value);
                command.Parameters.Add(parameter);
            }
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }
}
