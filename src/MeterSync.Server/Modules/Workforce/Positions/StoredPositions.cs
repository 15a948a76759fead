using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using MeterSync.Store.Bulk;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace MeterSync.Modules.Workforce.Positions;

/// <summary>Writes where agents are and were. Inside a transaction; by statements of its own, since it runs every few seconds for everybody who walks.</summary>
internal sealed class StoredPositions(MeterSyncDb db, BulkStore bulk)
{
    private static readonly TimeSpan Together = TimeSpan.FromMinutes(1);

    /// <summary>Of agents who are none any more nothing is kept: somebody may have been forgotten in these seconds.</summary>
    public async Task<Outcome<Done>> SaveAsync(IReadOnlyList<(UserId Agent, ReportedPosition Last, List<ReportedPosition> Track)> reported, CancellationToken cancellationToken)
    {
        var walking = await db.Set<Agent>().Where(agent => agent.RetiredAt == null).Select(agent => agent.Id).ToHashSetAsync(cancellationToken);
        var moved = reported.Where(row => walking.Contains(row.Agent)).ToList();
        await (db.IsSqlite ? MoveOneByOneAsync(moved, cancellationToken) : MoveAtOnceAsync(moved, cancellationToken));
        var there = await ThereAsync([.. moved.Where(row => row.Track.Count > 0).Select(row => (row.Agent, row.Track[0].At, row.Track[^1].At))], cancellationToken);
        await bulk.InsertAsync(
            moved.SelectMany(row => row.Track.Where(point => there.Add((row.Agent, point.At))).Select(point => new AgentPosition
            {
                AgentId = row.Agent,
                At = point.At,
                Latitude = point.Place.Latitude,
                Longitude = point.Place.Longitude,
                AccuracyMetres = point.AccuracyMetres,
            })),
            cancellationToken);
        return Done.It;
    }

    /// <summary>One prepared statement; SQLite runs it in this process.</summary>
    private async Task MoveOneByOneAsync(IReadOnlyList<(UserId Agent, ReportedPosition Last, List<ReportedPosition> Track)> moved, CancellationToken cancellationToken)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction!.GetDbTransaction();
        command.CommandText = "update agents set latitude = @latitude, longitude = @longitude, accuracy_metres = @accuracy, position_at = @at where id = @id and (position_at is null or position_at < @at)";
        foreach (var name in new[] { "latitude", "longitude", "accuracy", "at", "id" })
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            command.Parameters.Add(parameter);
        }

        foreach (var (agent, last, _) in moved)
        {
            object[] values = [last.Place.Latitude, last.Place.Longitude, last.AccuracyMetres as object ?? DBNull.Value, last.At.ToUnixMicroseconds(), agent.Value.ToByteArray(true)];
            for (var index = 0; index < values.Length; index++)
            {
                command.Parameters[index].Value = values[index];
            }

            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>One statement for all. Locked in the order of everybody who locks agents, so that nobody waits in a ring.</summary>
    private async Task MoveAtOnceAsync(IReadOnlyList<(UserId Agent, ReportedPosition Last, List<ReportedPosition> Track)> moved, CancellationToken cancellationToken)
    {
        Guid[] agents = [.. moved.Select(row => row.Agent.Value)];
        double[] latitudes = [.. moved.Select(row => row.Last.Place.Latitude)];
        double[] longitudes = [.. moved.Select(row => row.Last.Place.Longitude)];
        double?[] accuracies = [.. moved.Select(row => row.Last.AccuracyMetres)];
        DateTimeOffset[] times = [.. moved.Select(row => row.Last.At)];
        await db.Database.ExecuteSqlAsync($"select 1 from agents where id = any({agents}) order by id for no key update", cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"update agents a set latitude = p.latitude, longitude = p.longitude, accuracy_metres = p.accuracy, position_at = p.at from unnest({agents}, {latitudes}, {longitudes}, {accuracies}, {times}) as p (id, latitude, longitude, accuracy, at) where a.id = p.id and (a.position_at is null or a.position_at < p.at)",
            cancellationToken);
    }

    /// <summary>What another server stored already. Most tracks are of the last minute and are asked for together; a phone that brings a day is asked for alone.</summary>
    private async Task<HashSet<(UserId Agent, DateTimeOffset At)>> ThereAsync(List<(UserId Agent, DateTimeOffset From, DateTimeOffset To)> tracks, CancellationToken cancellationToken)
    {
        if (tracks.Count == 0)
        {
            return [];
        }

        var recent = tracks.Max(track => track.To) - Together;
        var (close, far) = (tracks.Where(track => track.From >= recent).ToList(), tracks.Where(track => track.From < recent).ToList());
        var there = new HashSet<(UserId, DateTimeOffset)>();
        var agents = close.ConvertAll(track => track.Agent);
        await AddAsync(db.Set<AgentPosition>().Where(point => agents.Contains(point.AgentId) && point.At >= recent));
        foreach (var (agent, from, to) in far)
        {
            await AddAsync(db.Set<AgentPosition>().Where(point => point.AgentId == agent && point.At >= from && point.At <= to));
        }

        return there;

        async Task AddAsync(IQueryable<AgentPosition> points) =>
            there.UnionWith((await points.Select(point => new { point.AgentId, point.At }).ToListAsync(cancellationToken)).Select(point => (point.AgentId, point.At)));
    }
}
