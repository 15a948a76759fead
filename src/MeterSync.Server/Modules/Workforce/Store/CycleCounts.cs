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

/// <summary>Which meters of a cycle are wanted.</summary>
/// <param name="Outcome">Of this outcome; null for any.</param>
/// <param name="Missing">Only those without any value.</param>
/// <param name="AgentId">Only those that the agent has to do.</param>
internal sealed record CycleMeterFilter(CycleOutcome? Outcome, bool Missing, UserId? AgentId);

/// <summary>Counts and lists the meters of a cycle from what is stored of readings, skips and work: kept nowhere, it cannot be wrong. What is counted and what is listed
/// are the same rows of one statement.</summary>
internal sealed class CycleCounts(MeterSyncDb db, CallerAccessor callers)
{
    /// <summary>What a reading makes of its meter: a person's value counts more than a held one, that more than an estimate.</summary>
    private const string Rank = "max(case when r.state = 'accepted' and r.source <> 'estimate' then 3 when r.state in ('held', 'captured') then 2 when r.state = 'accepted' then 1 else 0 end)";

    // SQLite looks each meter up in its index alone: that there is a reading means that it counts, but for the few meters with an estimate or something undecided in the window,
    // whose rows are looked at. PostgreSQL goes over the window once.
    private const string SqliteBest = $"""
        (with odd (meter_id) as materialized (
          select r.meter_id from readings r where r.state <> 'accepted' and r.reading_at >= @from and r.reading_at < @to
          union select r.meter_id from readings r where r.source = 'estimate' and r.reading_at >= @from and r.reading_at < @to)
        select m.meter_id, case
            when m.meter_id in (select meter_id from odd) then coalesce((select {Rank} from readings r where r.meter_id = m.meter_id and r.reading_at >= @from and r.reading_at < @to), 0)
            when exists (select 1 from readings r where r.meter_id = m.meter_id and r.reading_at >= @from and r.reading_at < @to) then 3
            else 0 end as best
          from cycle_meters m where m.cycle_id = @cycle and m.successor_id is null %SCOPE%)
        """;

    private const string PostgresBest = $"(select m.meter_id, coalesce(w.best, 0) as best from cycle_meters m left join (select r.meter_id, {Rank} as best from readings r where r.reading_at >= @from and r.reading_at < @to group by r.meter_id) w on w.meter_id = m.meter_id where m.cycle_id = @cycle and m.successor_id is null %SCOPE%)";

    private const string OutcomeOf = """
        case best when 3 then 'read' when 2 then 'held' when 1 then 'estimated'
          else case when exists (select 1 from skips s where s.meter_id = b.meter_id and s.cycle_id = @cycle) then 'skipped'
            when exists (select 1 from assignments a where a.meter_id = b.meter_id and a.status in ('pending', 'in_progress', 'overdue')) then 'assigned'
            else 'unassigned' end end
        """;

    private const string IsMissing = "o.best = 0";

    public async Task<CycleCount> CountAsync(ReadCycle cycle, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        await ReadAsync($"select o.outcome, count(*) from {Rows(cycle)} o group by o.outcome", cycle, null, row => counts[row.GetString(0)] = Convert.ToInt32(row.GetValue(1), CultureInfo.InvariantCulture), cancellationToken);
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
        await ReadAsync($"select o.meter_id from {Rows(cycle)} o where {IsMissing} order by o.meter_id", cycle, null, row => missing.Add(MeterOf(row)), cancellationToken);
        return missing;
    }

    /// <summary>How many meters are wanted, up to one past <see cref="PageRules.CountCap"/>.</summary>
    public async Task<int> CountAsync(ReadCycle cycle, CycleMeterFilter filter, CancellationToken cancellationToken)
    {
        var count = 0;
        await ReadAsync(
            string.Create(CultureInfo.InvariantCulture, $"select count(*) from (select 1 from {Rows(cycle)} o{Where(filter)} limit {PageRules.CountCap + 1}) c"), cycle, filter.AgentId,
            row => count = Convert.ToInt32(row.GetValue(0), CultureInfo.InvariantCulture), cancellationToken);
        return count;
    }

    /// <summary>A page of the meters that are wanted, by serial number.</summary>
    public async Task<IReadOnlyList<(MeterId Meter, CycleOutcome Outcome)>> ListAsync(ReadCycle cycle, CycleMeterFilter filter, int skip, int take, CancellationToken cancellationToken)
    {
        var rows = new List<(MeterId, CycleOutcome)>(take);
        await ReadAsync(
            string.Create(CultureInfo.InvariantCulture, $"select o.meter_id, o.outcome from {Rows(cycle)} o join meters k on k.id = o.meter_id{Where(filter)} order by k.serial_number, o.meter_id limit {take} offset {skip}"), cycle, filter.AgentId,
            row => rows.Add((MeterOf(row), Terms<CycleOutcome>.Parse(row.GetString(1)))), cancellationToken);
        return rows;
    }

    private static string Where(CycleMeterFilter filter)
    {
        var conditions = new List<string>(3);
        if (filter.Outcome is { } outcome)
        {
            conditions.Add($"o.outcome = '{Terms<CycleOutcome>.WordOf(outcome)}'");
        }

        if (filter.Missing)
        {
            conditions.Add(IsMissing);
        }

        if (filter.AgentId is not null)
        {
            conditions.Add("exists (select 1 from assignments a where a.meter_id = o.meter_id and a.agent_id = @agent and a.status in ('pending', 'in_progress', 'overdue'))");
        }

        return conditions.Count == 0 ? "" : " where " + string.Join(" and ", conditions);
    }

    private MeterId MeterOf(DbDataReader row) => new(db.IsSqlite ? new Guid(row.GetFieldValue<byte[]>(0), bigEndian: true) : row.GetGuid(0));

    /// <summary>The meters of the cycle that the caller sees, each with its outcome.</summary>
    private string Rows(ReadCycle cycle) => $"(select b.meter_id, b.best, {OutcomeOf} as outcome from {Best(cycle)} b)";

    private string Best(ReadCycle cycle)
    {
        // A meter of the region's cycle that was taken away since lies in no region any more, and is counted all the same.
        var removed = cycle.RegionId is { } region && callers.Known?.RegionsOnly?.Contains(region) == true ? " or exists (select 1 from meters k where k.id = m.meter_id and k.service_point_id is null)" : "";
        var scope = callers.Known?.RegionsOnly is { } regions ? $"and ({MeterScope.SqlFrom(db.Provider, "m.meter_id", regions)}{removed})"
            : callers.Known?.OwnOnly is { } agent ? "and " + MeterScope.SqlNowOf(db.Provider, "m.meter_id", agent)
            : "";
        return (db.IsSqlite ? SqliteBest : PostgresBest).Replace("%SCOPE%", scope, StringComparison.Ordinal);
    }

    private async Task ReadAsync(string sql, ReadCycle cycle, UserId? agent, Action<DbDataReader> take, CancellationToken cancellationToken)
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
            if (agent is { } of)
            {
                Add("agent", db.IsSqlite ? of.Value.ToByteArray(true) : of.Value);
            }

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
