using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Meters;

public abstract class RegionShapeTests(ServerFixture server)
{
    private static int made;

    private static string NewName(string name) => $"{name} shape {Interlocked.Increment(ref made):000}";

    [Fact]
    public async Task Keeps_a_circle_however_it_is_spelled()
    {
        var admin = await server.SignInAsync("admin");
        foreach (var body in new object[]
        {
            new { name = NewName("Circle"), location = new { latitude = 48.62, longitude = 22.29 }, radius = 1500 },
            new { name = NewName("Circle"), coordinates = new { lat = 48.62, lng = 22.29 }, radius = 1500, polygon = (object?)null },
            new { name = NewName("Circle"), latitude = 48.62, longitude = 22.29, radius = "1500" },
            new { name = NewName("Circle"), lat = 48.62, lng = 22.29, radius = 1500.0, status = "Active" },
        })
        {
            var made = await admin.PostAsync("/api/v1/regions", body);
            Assert.True(made.Status == HttpStatusCode.Created, made.Body.ToJsonString());
            Assert.Equal((48.62, 22.29, 1500, "active"), ((double)made.Data["location"]!["latitude"]!, (double)made.Data["location"]!["longitude"]!, (double)made.Data["radius"]!, (string?)made.Data["status"]));
            Assert.Equal(7.068583, (double)made.Data["area_km2"]!, 5);
            Assert.Null(made.Data["polygon"]);
            Assert.Equal(made.Data.ToJsonString(), (await admin.GetAsync($"/api/v1/regions/{made.Data["id"]}")).Data.ToJsonString());
        }
    }

    [Fact]
    public async Task Keeps_a_polygon_however_it_is_spelled()
    {
        var admin = await server.SignInAsync("admin");
        foreach (var polygon in new[]
        {
            """[{"latitude":0.5,"longitude":179},{"lat":0.5,"lng":"-179"},{"lat":2,"lon":-179.25,"latitude":2}]""",
            "[[179,0.5],[-179,0.5],[-179.25,2],[179,0.5]]",
            """{"type":"Polygon","bbox":[179,0.5,-179,2],"coordinates":[[[179,0.5,120],[-179,0.5,120],[-179.25,2,121],[179,0.5,120]]]}""",
        })
        {
            var made = await admin.PostAsync("/api/v1/regions", new JsonObject { ["name"] = NewName("Polygon"), ["polygon"] = JsonNode.Parse(polygon) });
            Assert.True(made.Status == HttpStatusCode.Created, made.Body.ToJsonString());
            Assert.Equal("""[{"latitude":0.5,"longitude":179},{"latitude":0.5,"longitude":-179},{"latitude":2,"longitude":-179.25}]""", made.Data["polygon"]!.ToJsonString());
            Assert.InRange((double)made.Data["area_km2"]!, 18_500, 18_600);
            Assert.Null(made.Data["location"]);
            Assert.Null(made.Data["radius"]);
        }
    }

    [Fact]
    public async Task Replaces_shape_and_status_and_takes_them_away()
    {
        var admin = await server.SignInAsync("admin");
        var name = NewName("Changing");
        var made = (await admin.PostAsync("/api/v1/regions", new { name, status = "maintenance", location = new { latitude = -90, longitude = 0 }, radius = 20_015_115 })).Data;
        var path = $"/api/v1/regions/{made["id"]}";
        var ring = new[] { new[] { 1e-7, 0.0000001 }, [1.1, 0], [1, 1.2345678901234] };
        var changed = (await admin.PutAsync(path, new { name, polygon = ring })).Data;
        Assert.Equal(("active", 3, 2), ((string?)changed["status"], changed["polygon"]!.AsArray().Count, (int?)changed["version"]));
        Assert.Equal(1.2345678901234, (double)changed["polygon"]![2]!["latitude"]!);

        // What was shown, sent back, changes nothing.
        Assert.Equal(2, (int?)(await admin.PutAsync(path, changed.DeepClone())).Data["version"]);
        Assert.Equal(2, (int?)(await admin.PutAsync(path, new { name, polygon = ring.Append(ring[0]) })).Data["version"]);
        var bare = (await admin.PutAsync(path, new { name, status = "inactive" })).Data;
        Assert.Equal((3, "inactive", null, null, null), ((int?)bare["version"], (string?)bare["status"], bare["polygon"], bare["radius"], bare["area_km2"]));
        Assert.Equal(["created", "updated", "updated"], await MeterRows.AuditActionsAsync(server, "region", (string)made["id"]!));
    }

    [Fact]
    public async Task Lists_regions_by_status()
    {
        var admin = await server.SignInAsync("admin");
        var stem = NewName("Listed");
        foreach (var status in new[] { "active", "inactive", "maintenance" })
        {
            Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/regions", new { name = $"{stem} {status}", status })).Status);
        }

        async Task<IEnumerable<string?>> NamesAsync(string query) => (await admin.GetAsync($"/api/v1/regions?search={Uri.EscapeDataString(stem)}{query}")).Data["items"]!.AsArray().Select(item => (string?)item!["status"]);
        Assert.Equal(["active", "inactive", "maintenance"], await NamesAsync(""));
        Assert.Equal(["inactive"], await NamesAsync("&status=inactive"));
        Assert.Equal(["maintenance"], await NamesAsync("&status=MAINTENANCE"));
        (await admin.GetAsync("/api/v1/regions?status=asleep")).Refused(HttpStatusCode.BadRequest, "request.invalid");
        (await admin.PostAsync("/api/v1/regions", new { name = stem, status = "asleep" })).Refused(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Theory]
    [InlineData("""{"radius":100}""", "region.circle_incomplete", "location")]
    [InlineData("""{"location":{"latitude":1,"longitude":2}}""", "region.circle_incomplete", "radius")]
    [InlineData("""{"location":{"latitude":1},"radius":5}""", "request.invalid", "location")]
    [InlineData("""{"location":{"latitude":1,"longitude":2},"lat":1,"lng":3,"radius":5}""", "request.invalid", "location")]
    [InlineData("""{"location":{"latitude":90.1,"longitude":2},"radius":5}""", "request.invalid", "location.latitude")]
    [InlineData("""{"lat":1,"lng":-180.5,"radius":5}""", "request.invalid", "lng")]
    [InlineData("""{"lat":"NaN","lng":1,"radius":5}""", "request.invalid", "lat")]
    [InlineData("""{"lat":1,"lng":2,"radius":0}""", "region.radius_out_of_range", "radius")]
    [InlineData("""{"lat":1,"lng":2,"radius":-5}""", "region.radius_out_of_range", "radius")]
    [InlineData("""{"lat":1,"lng":2,"radius":20015115.5}""", "region.radius_out_of_range", "radius")]
    [InlineData("""{"lat":1,"lng":2,"radius":1e8}""", "region.radius_out_of_range", "radius")]
    [InlineData("""{"lat":1,"lng":2,"radius":"NaN"}""", "request.invalid", "radius")]
    [InlineData("""{"lat":1,"lng":2,"radius":5,"polygon":[[0,0],[1,0],[1,1]]}""", "region.two_shapes", "polygon")]
    [InlineData("""{"radius":5,"polygon":[[0,0],[1,0],[1,1]]}""", "region.two_shapes", "polygon")]
    [InlineData("""{"polygon":"0 0, 1 0, 1 1"}""", "region.polygon_unreadable", "polygon")]
    [InlineData("""{"polygon":7}""", "region.polygon_unreadable", "polygon")]
    [InlineData("""{"polygon":true}""", "region.polygon_unreadable", "polygon")]
    [InlineData("""{"polygon":{}}""", "region.polygon_unreadable", "polygon")]
    [InlineData("""{"polygon":{"type":"Point","coordinates":[0,0]}}""", "region.polygon_unreadable", "polygon")]
    [InlineData("""{"polygon":{"type":"Polygon","coordinates":[]}}""", "region.polygon_unreadable", "polygon")]
    [InlineData("""{"polygon":{"type":"Polygon","coordinates":[7]}}""", "region.polygon_unreadable", "polygon")]
    [InlineData("""{"polygon":{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9]],[[5,2],[6,2],[6,3]]]}}""", "region.polygon_unreadable", "polygon")]
    [InlineData("""{"polygon":[[0,0],[1,0],[1]]}""", "region.polygon_bad_point", "polygon[2]")]
    [InlineData("""{"polygon":[[0,0],null,[1,1]]}""", "region.polygon_bad_point", "polygon[1]")]
    [InlineData("""{"polygon":[[0,0],[1,"NaN"],[1,1]]}""", "region.polygon_bad_point", "polygon[1]")]
    [InlineData("""{"polygon":[[0,0],[1,"Infinity"],[1,1]]}""", "region.polygon_bad_point", "polygon[1]")]
    [InlineData("""{"polygon":[[0,0],[1,0],[1,90.0001]]}""", "region.polygon_bad_point", "polygon[2]")]
    [InlineData("""{"polygon":[[0,0],[180.0001,0],[1,1]]}""", "region.polygon_bad_point", "polygon[1]")]
    [InlineData("""{"polygon":[[0,0],{"latitude":1,"lat":2,"longitude":1},[1,1]]}""", "region.polygon_bad_point", "polygon[1]")]
    [InlineData("""{"polygon":[[0,0],{"latitude":1},[1,1]]}""", "region.polygon_bad_point", "polygon[1]")]
    [InlineData("""{"polygon":[]}""", "region.polygon_too_few_points", "polygon")]
    [InlineData("""{"polygon":[[0,0],[1,1],[0,0],[1,1]]}""", "region.polygon_too_few_points", "polygon")]
    [InlineData("""{"polygon":[[0,0],[1,1],[3,3],[0,0]]}""", "region.polygon_no_area", "polygon")]
    [InlineData("""{"polygon":[[170,60],[-100,60],[10,60]]}""", "region.polygon_around_pole", "polygon")]
    [InlineData("""{"polygon":[[0,0],[180,0],[100,10]]}""", "region.polygon_halfway_round", "polygon")]
    [InlineData("""{"polygon":[[0,0],[2,2],[2,0],[0,2]]}""", "region.polygon_edges_meet", "polygon")]
    public async Task Refuses_what_is_no_shape(string shape, string code, string field)
    {
        var admin = await server.SignInAsync("admin");
        var body = shape.Insert(1, $"\"name\":\"{NewName("Refused")}\",");
        var refused = await admin.PostAsync("/api/v1/regions", body);
        refused.Refused(HttpStatusCode.BadRequest, code);
        Assert.True(refused.Body["error"]!["details"]![field] is not null, refused.Body.ToJsonString());

        // The same on the way to another shape, which stays.
        var name = NewName("Kept");
        var kept = (await admin.PostAsync("/api/v1/regions", new { name, lat = 1, lng = 2, radius = 3 })).Data;
        (await admin.PutAsync($"/api/v1/regions/{kept["id"]}", shape.Insert(1, $"\"name\":\"{name}\","))).Refused(HttpStatusCode.BadRequest, code);
        Assert.Equal(kept.ToJsonString(), (await admin.GetAsync($"/api/v1/regions/{kept["id"]}")).Data.ToJsonString());
    }

    [Fact]
    public async Task Says_which_edges_meet()
    {
        var admin = await server.SignInAsync("admin");
        var refused = await admin.PostAsync("/api/v1/regions", new { name = NewName("Bow"), polygon = new[] { new[] { 0, 0 }, [2, 0], [2, 2], [1, -1] } });
        Assert.Equal("Edge 1 of the polygon, from point 1 to point 2, meets edge 3, from point 3 to point 4.", refused.Message);
        Assert.Equal("region.polygon_edges_meet", refused.Code);
        (await admin.PostAsync("/api/v1/regions", $"{{\"name\":\"{NewName("Far")}\",\"polygon\":[[0,0],[1,1e400],[1,1]]}}")).Refused(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task Takes_a_thousand_points_and_no_more()
    {
        var admin = await server.SignInAsync("admin");
        static JsonArray Ring(int count) => [.. Enumerable.Range(0, count).Append(0).Select(index => 2 * Math.PI * index / count).Select(angle => (JsonNode)new JsonArray(Math.Cos(angle), Math.Sin(angle)))];
        var most = await admin.PostAsync("/api/v1/regions", new JsonObject { ["name"] = NewName("Thousand"), ["polygon"] = Ring(1000) });
        Assert.True(most.Status == HttpStatusCode.Created, most.Body.ToJsonString());
        Assert.Equal(1000, most.Data["polygon"]!.AsArray().Count);
        foreach (var count in new[] { 1001, 5000 })
        {
            (await admin.PostAsync("/api/v1/regions", new JsonObject { ["name"] = NewName("Too many"), ["polygon"] = Ring(count) })).Refused(HttpStatusCode.BadRequest, "region.polygon_too_many_points");
        }
    }
}

public sealed class RegionShapeOnSqliteTests(SqliteServer server) : RegionShapeTests(server), IClassFixture<SqliteServer>;

public sealed class RegionShapeOnPostgresTests(PostgresServer server) : RegionShapeTests(server), IClassFixture<PostgresServer>;
