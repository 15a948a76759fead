using System.Data.Common;
using System.Text.Json;
using Dapper;
using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace MeterSync.Modules.Meters.Store;

/// <param name="Added">Were in no region.</param>
/// <param name="Moved">Were in another one.</param>
/// <param name="AlreadyThere">Lie in the shape and were in the region.</param>
/// <param name="LeftElsewhere">Lie in the shape and stay in another region.</param>
internal sealed record RegionFilled(int Added, int Moved, int AlreadyThere, int LeftElsewhere);

/// <summary>Puts the service points that lie in a shape into a region, in bulk. Which ones lie in it is decided here and not by the database, so that both databases agree to the last point.</summary>
internal sealed class RegionFilling(MeterSyncDb db, TimeProvider clock)
{
    private const int ChunkRows = 20_000;

    // The boxes are found in the R*Tree on SQLite; the tree keeps 32 bits, its boxes are never too small. PostgreSQL goes over the positions once: its own index knows
    // edges along great circles only.
    private const string SqliteBox = """
        select p.row_id as RowId, p.id as IdBytes, p.latitude as Latitude, p.longitude as Longitude, p.region_id as RegionBytes
        from service_point_positions r cross join service_points p
        where r.latitude_high >= @South and r.latitude_low <= @North and r.longitude_high >= @West and r.longitude_low <= @East and p.row_id = r.row_id
        """;

    private const string PostgresBox = """
        select id as Id, latitude as Latitude, longitude as Longitude, region_id as Region from service_points
        where latitude between @South and @North and longitude between @West and @East
        """;

    private DbConnection Connection => db.Database.GetDbConnection();

    private DbTransaction Transaction => db.Database.CurrentTransaction?.GetDbTransaction() ?? throw new InvalidOperationException("A region is filled in one transaction.");

    /// <summary>Keeps the region as it is until the transaction ends; one filling of it at a time.</summary>
    public Task LockAsync(RegionId region, CancellationToken cancellationToken) =>
        db.IsSqlite ? Task.CompletedTask : ExecuteAsync("select 1 from regions where id = @id for no key update", new { id = region.Value }, cancellationToken);

    public async Task<RegionFilled> FillAsync(RegionId region, IGeoShape shape, bool move, CancellationToken cancellationToken)
    {
        var inside = await InsideAsync(shape, cancellationToken);
        var free = inside.Where(place => place.Region is null).ToList();
        var elsewhere = inside.Where(place => place.Region is { } other && other != region.Value).ToList();
        var added = await PutAsync(region, free, "region_id is null", cancellationToken);
        var moved = move ? await PutAsync(region, elsewhere, "region_id <> @region", cancellationToken) : 0;
        return new RegionFilled(added, moved, inside.Count - free.Count - elsewhere.Count, move ? 0 : elsewhere.Count);
    }

    private async Task<List<Place>> InsideAsync(IGeoShape shape, CancellationToken cancellationToken)
    {
        var inside = new List<Place>();
        foreach (var box in shape.Boxes)
        {
            var bounds = new { box.South, box.North, box.West, box.East };
            var rows = db.IsSqlite
                ? (await Connection.QueryAsync<SqlitePlace>(new CommandDefinition(SqliteBox, bounds, Transaction, cancellationToken: cancellationToken))).Select(row => row.Place())
                : await Connection.QueryAsync<Place>(new CommandDefinition(PostgresBox, bounds, Transaction, cancellationToken: cancellationToken));
            inside.AddRange(rows.Where(place => shape.Contains(new GeoPoint(place.Latitude, place.Longitude))));
        }

        return inside;
    }

    /// <summary>How many were put: one that somebody else put elsewhere meanwhile stays there.</summary>
    private async Task<int> PutAsync(RegionId region, List<Place> places, string unlessMoved, CancellationToken cancellationToken)
    {
        var put = 0;
        var now = clock.GetUtcNow().ToStored();
        // In one order, so that two fillings never wait for each other in a ring.
        foreach (var chunk in places.OrderBy(place => place.Id).Chunk(ChunkRows))
        {
            if (db.IsSqlite)
            {
                var values = new { region = region.Value.ToByteArray(true), now = now.ToUnixMicroseconds(), ids = JsonSerializer.Serialize(chunk.Select(place => place.RowId)) };
                put += await ExecuteAsync($"update service_points set region_id = @region, updated_at = @now where row_id in (select value from json_each(@ids)) and {unlessMoved}", values, cancellationToken);
                await ExecuteAsync("update meters set version = version + 1, updated_at = @now where service_point_id in (select id from service_points where row_id in (select value from json_each(@ids)))", values, cancellationToken);
            }
            else
            {
                var values = new { region = region.Value, now, ids = chunk.Select(place => place.Id).ToArray() };
                await ExecuteAsync("select count(*) from (select 1 from service_points where id = any(@ids) order by id for update) locked", values, cancellationToken);
                put += await ExecuteAsync($"update service_points set region_id = @region, updated_at = @now where id = any(@ids) and {unlessMoved}", values, cancellationToken);
                await ExecuteAsync("update meters set version = version + 1, updated_at = @now where service_point_id = any(@ids)", values, cancellationToken);
            }
        }

        return put;
    }

    private Task<int> ExecuteAsync(string sql, object values, CancellationToken cancellationToken) =>
        Connection.ExecuteAsync(new CommandDefinition(sql, values, Transaction, cancellationToken: cancellationToken));

    private sealed record Place(Guid Id, double Latitude, double Longitude, Guid? Region, long RowId = 0)
    {
        /// <summary>For rows that are read by name.</summary>
        public Place()
            : this(Guid.Empty, 0, 0, null)
        {
        }
    }

    private sealed class SqlitePlace
    {
        public long RowId { get; init; }

        public byte[] IdBytes { get; init; } = [];

        public double Latitude { get; init; }

        public double Longitude { get; init; }

        public byte[]? RegionBytes { get; init; }

        public Place Place() => new(new Guid(IdBytes, bigEndian: true), Latitude, Longitude, RegionBytes is { } bytes ? new Guid(bytes, bigEndian: true) : null, RowId);
    }
}
