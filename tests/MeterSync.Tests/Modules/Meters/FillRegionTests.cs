using System.Net;
using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Store.Audit;
using MeterSync.Store.Bulk;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;
using Place = MeterSync.Modules.Meters.Domain.ServicePoint;

namespace MeterSync.Tests.Modules.Meters;

/// <summary>Each test has a part of the Earth of its own: a region is filled with whatever lies there.</summary>
public abstract class FillRegionTests(ServerFixture server)
{
    private static int made;

    private static string NewName(string name) => $"{name} fill {Interlocked.Increment(ref made):000}";

    [Fact]
    public async Task Takes_in_what_lies_in_the_circle_and_is_in_no_region()
    {
        var admin = await server.SignInAsync("admin");
        var other = await RegionAsync(admin, new { name = NewName("Other") });
        var region = await RegionAsync(admin, new { name = NewName("Circle"), lat = 10, lng = 30, radius = 10_000 });
        var free = await MeterAsync(admin, 10.01, 30.01, null);
        var elsewhere = await MeterAsync(admin, 10.02, 30.02, other);
        var there = await MeterAsync(admin, 10.03, 30.03, region);
        var outside = await MeterAsync(admin, 11, 30, region);
        var lost = await MeterAsync(admin, null, null, region);
        var far = await MeterAsync(admin, 11, 30, null);

        Assert.Equal((1, 0, 1, 1, 1, 1), await FillAsync(admin, region));
        Assert.Equal((region, 2), await WhereAsync(admin, free));
        Assert.Equal((other, 1), await WhereAsync(admin, elsewhere));
        Assert.Equal((region, 1), await WhereAsync(admin, there));
        Assert.Equal((region, 1), await WhereAsync(admin, outside));
        Assert.Equal((region, 1), await WhereAsync(admin, lost));
        Assert.Equal((null, 1), await WhereAsync(admin, far));
        Assert.Equal(4, (int)(await admin.GetAsync($"/api/v1/regions/{region}")).Data["meter_count"]!);

        Assert.Equal((0, 0, 2, 1, 1, 1), await FillAsync(admin, region, new { move = false }));
        Assert.Equal((0, 1, 2, 0, 1, 1), await FillAsync(admin, region, new { move = true }));
        Assert.Equal((region, 2), await WhereAsync(admin, elsewhere));
        Assert.Equal((0, 0, 3, 0, 1, 1), await FillAsync(admin, region, new { move = true }));

        // One entry for each time that something changed.
        var told = await MeterRows.WithDbAsync(server, (db, _) => db.Set<AuditEntry>().Where(entry => entry.EntityId == Guid.Parse(region) && entry.Action == "region.filled").OrderBy(entry => entry.At).Select(entry => entry.NewData!).ToListAsync());
        Assert.Equal(["""{"move":false,"added":1,"moved":0,"already_there":1,"left_elsewhere":1}""", """{"move":true,"added":0,"moved":1,"already_there":2,"left_elsewhere":0}"""], told);
    }

    [Fact]
    public async Task Works_over_the_antimeridian_and_on_it()
    {
        var admin = await server.SignInAsync("admin");
        var polygon = await RegionAsync(admin, new { name = NewName("Fiji"), polygon = new[] { new[] { 178, -20 }, [-178, -20], [-178, -15], [178, -15] } });
        var circle = await RegionAsync(admin, new { name = NewName("Date line"), lat = -17, lng = -179.9, radius = 60_000 });
        foreach (var (latitude, longitude) in new[] { (-17d, 179.95), (-17d, -179.95), (-17d, 180d), (-17d, -180d), (-16d, 178d), (-20d, 179.5) })
        {
            await MeterAsync(admin, latitude, longitude, null);
        }

        await MeterAsync(admin, -17, 177.9, null);
        await MeterAsync(admin, -17, 0, null);
        Assert.Equal((4, 0, 0, 0, 0, 0), await FillAsync(admin, circle));
        Assert.Equal((2, 4, 0, 0, 0, 0), await FillAsync(admin, polygon, new { move = true }));
        Assert.Equal((0, 4, 0, 0, 0, 0), await FillAsync(admin, circle, new { move = true }));
        var west = await RegionAsync(admin, new { name = NewName("West"), polygon = new[] { new[] { -180, -18 }, [-175, -18], [-175, -16], [-180, -16] } });
        Assert.Equal((0, 3, 0, 0, 0, 0), await FillAsync(admin, west, new { move = true }));
        var east = await RegionAsync(admin, new { name = NewName("East"), polygon = new[] { new[] { 175, -18 }, [180, -18], [180, -16], [175, -16] } });
        Assert.Equal((1, 4, 0, 0, 0, 0), await FillAsync(admin, east, new { move = true }));
    }

    [Fact]
    public async Task Puts_thousands_in_as_measuring_each_would()
    {
        var admin = await server.SignInAsync("admin");
        var random = new Random(20260331);
        var points = Enumerable.Range(0, 25_000).Select(_ => new GeoPoint(60 + (random.NextDouble() * 4), 40 + (random.NextDouble() * 8))).ToList();
        await MeterRows.WithDbAsync(server, async (db, ids) =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            var count = await new BulkStore(db).InsertAsync(points.Select(point => new Place { Id = ids.Next<ServicePointId>(), Latitude = point.Latitude, Longitude = point.Longitude, CreatedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch }), CancellationToken.None);
            await transaction.CommitAsync();
            return count;
        });
        double[][] ring = [.. Enumerable.Range(0, 400).Select(index => (Angle: Math.PI * index / 200, Reach: 1 + (index % 2 * 0.6))).Select(spoke => new[] { 44 + (2 * spoke.Reach * Math.Cos(spoke.Angle)), 62 + (spoke.Reach * Math.Sin(spoke.Angle)) })];
        var polygon = GeoPolygon.Of([.. ring.Select(pair => new GeoPoint(pair[1], pair[0]))], out _)!;
        var inside = points.Count(polygon.Contains);
        Assert.InRange(inside, 6_000, 12_000);
        var region = await RegionAsync(admin, new { name = NewName("Star"), polygon = ring });
        Assert.Equal((inside, 0, 0, 0, 0, 0), await FillAsync(admin, region));

        var everything = await RegionAsync(admin, new { name = NewName("North"), lat = 90, lng = 0, radius = 4_000_000 });
        Assert.Equal((points.Count - inside, inside, 0, 0, 0, 0), await FillAsync(admin, everything, new { move = true }));
        Assert.Equal((inside, points.Count - inside), await MeterRows.WithDbAsync(server, async (db, _) =>
        {
            Assert.Equal(inside, (await FillAsync(admin, region, new { move = true })).Item2);
            RegionId? one = new RegionId(Guid.Parse(region)), all = new RegionId(Guid.Parse(everything));
            return (await db.Set<Place>().CountAsync(point => point.RegionId == one), await db.Set<Place>().CountAsync(point => point.RegionId == all));
        }));
    }

    [Fact]
    public async Task Two_fillings_at_once_leave_every_place_in_one_region_and_counts_that_add_up()
    {
        var admin = await server.SignInAsync("admin");
        for (var index = 0; index < 40; index++)
        {
            await MeterAsync(admin, -40 + (index * 0.001), 60, null);
        }

        var regions = new List<string>();
        for (var index = 0; index < 3; index++)
        {
            regions.Add(await RegionAsync(admin, new { name = NewName("Race"), lat = -40, lng = 60, radius = 20_000 }));
        }

        var counts = await Task.WhenAll(regions.Concat(regions).Select(region => FillAsync(admin, region)));
        Assert.Equal(40, counts.Sum(count => count.Added));
        await Task.WhenAll(regions.Select(region => FillAsync(admin, region, new { move = true })));
        var total = 0;
        foreach (var region in regions)
        {
            total += (int)(await admin.GetAsync($"/api/v1/regions/{region}")).Data["meter_count"]!;
        }

        Assert.Equal(40, total);
    }

    [Fact]
    public async Task Refuses_a_region_without_a_shape_and_whoever_does_not_see_everything()
    {
        var admin = await server.SignInAsync("admin");
        var bare = await RegionAsync(admin, new { name = NewName("Bare") });
        (await admin.PostAsync($"/api/v1/regions/{bare}/fill")).Refused(HttpStatusCode.Conflict, "region.no_shape");
        (await admin.PostAsync($"/api/v1/regions/{Guid.CreateVersion7()}/fill")).Refused(HttpStatusCode.NotFound, "region.not_found");
        (await admin.PostAsync($"/api/v1/regions/{bare}/fill", new { move = "perhaps" })).Refused(HttpStatusCode.BadRequest, "request.malformed");
        (await (await server.SignInAsync("manager")).PostAsync($"/api/v1/regions/{bare}/fill")).Refused(HttpStatusCode.Forbidden, "auth.forbidden");

        var role = NewName("keeper").Replace(' ', '-');
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/roles", new { name = role, permissions = new[] { "regions:read", "regions:write" }, sees = "scope" })).Status);
        await admin.MakeUserAsync(role, role, new[] { Guid.Parse(bare) });
        var keeper = await server.SignInWithAsync(role);
        Assert.Equal(HttpStatusCode.OK, (await keeper.GetAsync($"/api/v1/regions/{bare}")).Status);
        (await keeper.PostAsync($"/api/v1/regions/{bare}/fill")).Refused(HttpStatusCode.Forbidden, "auth.scope_too_narrow");
    }

    [Fact]
    public async Task A_meter_that_comes_into_a_shape_by_itself_changes_nothing()
    {
        var admin = await server.SignInAsync("admin");
        var region = await RegionAsync(admin, new { name = NewName("Quiet"), lat = 5, lng = -60, radius = 5_000 });
        var meter = await MeterAsync(admin, 5, -60, null);
        Assert.Equal((null, 1), await WhereAsync(admin, meter));
        await admin.PatchAsync($"/api/v1/meters/{meter}", new { lat = 5.001, lng = -60 });
        Assert.Equal((null, 2), await WhereAsync(admin, meter));
        Assert.Equal(0, (int)(await admin.GetAsync($"/api/v1/regions/{region}")).Data["meter_count"]!);
    }

    private static async Task<string> RegionAsync(ApiClient client, object body)
    {
        var region = await client.PostAsync("/api/v1/regions", body);
        Assert.True(region.Status == HttpStatusCode.Created, region.Body.ToJsonString());
        return (string)region.Data["id"]!;
    }

    private static async Task<string> MeterAsync(ApiClient client, double? latitude, double? longitude, string? region) =>
        (string)(await client.MakeMeterAsync(new { serial_number = MeterCalls.NewSerial("FR"), meter_type = "water", latitude, longitude, region_id = region }))["id"]!;

    private static async Task<(int Added, int Moved, int AlreadyThere, int LeftElsewhere, int OutsideShape, int WithoutPosition)> FillAsync(ApiClient client, string region, object? body = null)
    {
        var filled = await client.PostAsync($"/api/v1/regions/{region}/fill", body);
        Assert.True(filled.Status == HttpStatusCode.OK, filled.Body.ToJsonString());
        int Of(string name) => (int)filled.Data[name]!;
        return (Of("added"), Of("moved"), Of("already_there"), Of("left_elsewhere"), Of("outside_shape"), Of("without_position"));
    }

    private static async Task<(string? Region, int? Version)> WhereAsync(ApiClient client, string meter)
    {
        var shown = (await client.GetAsync($"/api/v1/meters/{meter}")).Data;
        return ((string?)shown["region_id"], (int?)shown["version"]);
    }
}

public sealed class FillRegionOnSqliteTests(SqliteServer server) : FillRegionTests(server), IClassFixture<SqliteServer>;

public sealed class FillRegionOnPostgresTests(PostgresServer server) : FillRegionTests(server), IClassFixture<PostgresServer>;
