using System.Data.Common;
using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Public;
using MeterSync.Store;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace MeterSync.Modules.Meters.Store;

/// <summary>Finds the meters nearest to a place inside the database: by R*Tree and haversine on SQLite, by PostGIS on PostgreSQL, on the same sphere.</summary>
internal sealed class MeterDistances(MeterSyncDb db)
{
    // Ordered by whole millimetres: two databases differ in the last digits of equal distances.
    // The cross joins fix the order: boxes first, then the rows they name.
    private const string SqliteSql = """
        select m.id, distance_metres(p.latitude, p.longitude, @latitude, @longitude) as metres
        from service_point_positions r cross join service_points p cross join meters m
        where r.latitude_high >= @south and r.latitude_low <= @north and r.longitude_high >= @west and r.longitude_low <= @east
          and p.row_id = r.row_id and m.service_point_id = p.id and metres <= @radius
        """;

    private const string PostgresSql = """
        select m.id, st_distance(p.position, here.point, false) as metres
        from (select st_setsrid(st_makepoint(@longitude, @latitude), 4326)::geography as point) here
        join service_points p on st_dwithin(p.position, here.point, @radius, false)
        join meters m on m.service_point_id = p.id
        """;

    private const string PostgresOrder = """
        order by round(st_distance(p.position, here.point, false)::numeric, 3), m.serial_number collate "C" limit @limit
        """;

    /// <summary>Nearest first, equally near ones (to the millimetre) by serial number. Meters without a position are never among them. One query.</summary>
    /// <param name="centre">Where from.</param>
    /// <param name="radiusMetres">Inclusive.</param>
    /// <param name="limit">The most rows.</param>
    /// <param name="caller">Only meters the caller sees; nobody sees all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyList<(MeterId Meter, double Metres)>> NearestAsync(GeoPoint centre, double radiusMetres, int limit, Caller? caller, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            Add(command, "latitude", centre.Latitude);
            Add(command, "longitude", centre.Longitude);
            Add(command, "radius", radiusMetres);
            Add(command, "limit", limit);
            var within = caller?.OwnOnly is { } agent ? MeterScope.SqlNowOf(db.Provider, "m.id", agent) : caller?.RegionsOnly is { } regions ? $"p.region_id {MeterScope.SqlIn(db.Provider, regions)}" : "";
            command.CommandText = command is NpgsqlCommand
                ? $"{PostgresSql}{(within.Length == 0 ? "" : "\nwhere " + within)}\n{PostgresOrder}"
                : SqliteCommandText(command, GeoBox.Around(centre, radiusMetres), within.Length == 0 ? "" : " and " + within);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var rows = new List<(MeterId, double)>();
            while (await reader.ReadAsync(cancellationToken))
            {
                var id = db.IsSqlite ? new Guid(reader.GetFieldValue<byte[]>(0), bigEndian: true) : reader.GetGuid(0);
                rows.Add((new MeterId(id), reader.GetDouble(1)));
            }

            return rows;
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private static string SqliteCommandText(DbCommand command, IReadOnlyList<GeoBox> boxes, string within)
    {
        ((SqliteConnection)command.Connection!).CreateFunction(
            "distance_metres",
            (double latitude, double longitude, double otherLatitude, double otherLongitude) => new GeoPoint(latitude, longitude).MetresTo(new GeoPoint(otherLatitude, otherLongitude)),
            isDeterministic: true);
        var parts = boxes.Select((box, index) =>
        {
            Add(command, $"south{index}", box.South);
            Add(command, $"north{index}", box.North);
            Add(command, $"west{index}", box.West);
            Add(command, $"east{index}", box.East);
            return (SqliteSql + within).Replace("@south", $"@south{index}").Replace("@north", $"@north{index}").Replace("@west", $"@west{index}").Replace("@east", $"@east{index}");
        });
        // union, not union all: a point on the antimeridian can be in both boxes.
        return $"select n.id, n.metres from ({string.Join(" union ", parts)}) n join meters m on m.id = n.id order by round(n.metres, 3), m.serial_number limit @limit";
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
