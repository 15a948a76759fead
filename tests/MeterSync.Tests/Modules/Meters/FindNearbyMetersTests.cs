using System.Net;
using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Store;
using MeterSync.Store;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Meters;

public abstract class FindNearbyMetersTests(ServerFixture server)
{
    private static readonly GeoPoint[] Corners =
    [
        new(90, 0), new(90, 77), new(-90, 0), new(-90, -180), new(0, 180), new(0, -180), new(52, 180), new(-17, -180), new(0, 0), new(89.9999, 120), new(-89.9999, 0.5),
    ];

    [Fact]
    public async Task Finds_what_measuring_every_meter_finds()
    {
        var random = new Random(20260331);
        var points = Corners.Concat(Enumerable.Range(0, 600).Select(index => Near(random, Corners[index % Corners.Length], index))).ToList();
        await MeterRows.WithDbAsync(server, async (db, ids) =>
        {
            var now = DateTimeOffset.UnixEpoch;
            var number = 0;
            foreach (var point in points)
            {
                var place = new MeterSync.Modules.Meters.Domain.ServicePoint { Id = ids.Next<ServicePointId>(), Latitude = point.Latitude, Longitude = point.Longitude, CreatedAt = now, UpdatedAt = now };
                db.AddRange(place, new Meter { Id = ids.Next<MeterId>(), SerialNumber = $"near-{number++:00000}", ServicePointId = place.Id, CreatedAt = now, UpdatedAt = now });
            }

            return await db.SaveChangesAsync();
        });

        await using var scope = server.Services.CreateAsyncScope();
        var distances = scope.ServiceProvider.GetRequiredService<MeterDistances>();
        var (serials, everyMeter) = await MetersAsync();
        double[] radii = [1, 150, 2_000, 90_000, 1_500_000, 9_000_000, GeoPoint.FurthestMetres];
        for (var round = 0; round < 150; round++)
        {
            var centre = round < Corners.Length ? Corners[round] : Near(random, Corners[round % Corners.Length], round);
            var radius = radii[round % radii.Length];
            var limit = round % 3 == 0 ? 5 : 2_000;
            var expected = everyMeter.Select(meter => (meter.Serial, Metres: meter.Point.MetresTo(centre))).Where(row => row.Metres <= radius).OrderBy(row => Math.Round(row.Metres, 3)).ThenBy(row => row.Serial, StringComparer.Ordinal).Take(limit).ToList();
            var found = await distances.NearestAsync(centre, radius, limit, null, CancellationToken.None);
            Assert.Equal(expected.Count, found.Count);
            Assert.Equal(expected.Select(row => row.Serial).Order(), found.Select(row => serials[row.Meter]).Order());
            foreach (var (wanted, got) in expected.Zip(found))
            {
                Assert.InRange(got.Metres, (wanted.Metres * (1 - 1e-6)) - 1e-3, (wanted.Metres * (1 + 1e-6)) + 1e-3);
            }
        }
    }

    [Fact]
    public async Task Equally_near_meters_come_by_serial_number()
    {
        var client = await server.SignInAsync("manager");
        foreach (var serial in new[] { "tie-b", "tie-a", "tie-C" })
        {
            await client.MakeMeterAsync(new { serial_number = serial, meter_type = "gas", lat = 11.5, lng = 99.5 });
        }

        await client.MakeMeterAsync(new { serial_number = "tie-off", meter_type = "gas", lat = 11.5009, lng = 99.5 });
        var near = await client.GetAsync("/api/v1/meters/nearby?lat=11.5&lng=99.5&radius=100.5");
        Assert.Equal(["tie-C", "tie-a", "tie-b", "tie-off"], near.Data["items"]!.AsArray().Select(item => (string?)item!["serial_number"]));
        Assert.Equal([0, 0, 0, 100.1], near.Data["items"]!.AsArray().Select(item => (double)item!["distance_m"]!));
        Assert.Single((await client.GetAsync("/api/v1/meters/nearby?latitude=11.5&longitude=99.5&limit=1")).Data["items"]!.AsArray());
    }

    [Theory]
    [InlineData("lat=1", "lng")]
    [InlineData("lng=1", "lat")]
    [InlineData("lat=91&lng=0", "lat")]
    [InlineData("lat=0&lng=0&radius=-1", "radius")]
    [InlineData("lat=0&lng=0&radius=99999999", "radius")]
    [InlineData("lat=0&lng=0&limit=0", "limit")]
    [InlineData("lat=NaN&lng=0", "lat")]
    public async Task Refuses_a_place_that_is_none(string query, string field)
    {
        var client = await server.SignInAsync("viewer");
        var answer = await client.GetAsync("/api/v1/meters/nearby?" + query);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.NotNull(answer.Body["error"]!["details"]![field]);
    }

    /// <summary>Every meter with a place, whichever test of this class made it: they share a database and run in any order.</summary>
    private Task<(Dictionary<MeterId, string> Serials, List<(string Serial, GeoPoint Point)> Meters)> MetersAsync() => MeterRows.WithDbAsync(server, async (db, _) =>
    {
        var rows = await db.Set<Meter>().Join(db.Set<MeterSync.Modules.Meters.Domain.ServicePoint>(), meter => meter.ServicePointId, place => place.Id, (meter, place) => new { meter.Id, meter.SerialNumber, place.Latitude, place.Longitude })
            .Where(row => row.Latitude != null && row.Longitude != null).ToListAsync();
        return (rows.ToDictionary(row => row.Id, row => row.SerialNumber), rows.Select(row => (row.SerialNumber, new GeoPoint(row.Latitude!.Value, row.Longitude!.Value))).ToList());
    });

    private static GeoPoint Near(Random random, GeoPoint corner, int spread)
    {
        double[] degrees = [0.00001, 0.001, 0.02, 1, 15, 180];
        var reach = degrees[spread % degrees.Length];
        var latitude = Math.Clamp(corner.Latitude + ((random.NextDouble() - 0.5) * 2 * reach), -90, 90);
        var longitude = corner.Longitude + ((random.NextDouble() - 0.5) * 2 * reach * (Math.Abs(corner.Latitude) > 85 ? 180 : 1));
        return new GeoPoint(latitude, Math.IEEERemainder(longitude, 360));
    }
}

public sealed class FindNearbyMetersOnSqliteTests(SqliteServer server) : FindNearbyMetersTests(server), IClassFixture<SqliteServer>;

public sealed class FindNearbyMetersOnPostgresTests(PostgresServer server) : FindNearbyMetersTests(server), IClassFixture<PostgresServer>;
