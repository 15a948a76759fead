using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Tests.Modules.Meters;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Scenarios.Regions;

/// <summary>Whose view is bounded to regions makes and moves meters within them, and imports into them, only.</summary>
public abstract class WorksInOwnRegionsTests(ServerFixture server)
{
    private const string Meters = "/api/v1/meters/import";
    private const string Readings = "/api/v1/readings/import";

    [Fact]
    public async Task Makes_meters_in_the_own_regions_only()
    {
        var scene = await RegionScene.MakeAsync(server);
        var made = await scene.Manager.MakeMeterAsync(new { serial_number = scene.Tag + "-new", meter_type = "water", region_id = scene.North });
        Assert.Equal(scene.North, (string?)made["region_id"]);
        foreach (var region in new[] { null, scene.South, Guid.CreateVersion7().ToString() })
        {
            var refused = await scene.Manager.PostAsync("/api/v1/meters", new { serial_number = scene.Tag + "-refused", meter_type = "water", region_id = region });
            Assert.Equal((HttpStatusCode.BadRequest, "request.invalid"), (refused.Status, refused.Code));
            Assert.NotNull(refused.Body["error"]!["details"]!["region_id"]);
            Assert.Equal(region is null ? "You see the meters of named regions only: say in which of them this one is." : $"There is no region {region}.", refused.Message);
        }

        // A number that is taken is all that is told of a meter elsewhere.
        var taken = await scene.Manager.PostAsync("/api/v1/meters", new { serial_number = scene.Other.SerialNumber, meter_type = "water", region_id = scene.North });
        Assert.Equal((HttpStatusCode.Conflict, "meter.serial_taken", $"Another meter has the serial number {scene.Other.SerialNumber}."), (taken.Status, taken.Code, taken.Message));
    }

    [Fact]
    public async Task Does_not_move_a_meter_out_of_the_own_regions()
    {
        var scene = await RegionScene.MakeAsync(server);
        var path = $"/api/v1/meters/{scene.Own.Id}";
        var changes = new[] { $$"""{"region_id":"{{scene.South}}"}""", """{"region_id":null}""" };
        foreach (var change in changes)
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await scene.Manager.PatchAsync(path, change)).Status);
        }

        // PUT sets back what is left out.
        Assert.Equal(HttpStatusCode.BadRequest, (await scene.Manager.PutAsync(path, new { serial_number = scene.Own.SerialNumber, meter_type = "electric" })).Status);
        Assert.Equal(scene.North, (string?)(await scene.Admin.GetAsync(path)).Data["region_id"]);

        scene.See(scene.North, scene.South);
        Assert.Equal(scene.South, (string?)(await scene.Manager.PatchAsync(path, changes[0])).Data["region_id"]);
        Assert.Null((string?)(await scene.Admin.PatchAsync(path, changes[1])).Data["region_id"]);
        Assert.Equal(HttpStatusCode.NotFound, (await scene.Manager.GetAsync(path)).Status);
    }

    [Fact]
    public async Task A_resent_reading_tells_nothing_of_a_meter_elsewhere()
    {
        var scene = await RegionScene.MakeAsync(server);
        var sent = new { meter_id = scene.Other.Id, reading_value = 1200m, reading_timestamp = "2026-01-05T08:00:00Z", client_id = Guid.CreateVersion7() };
        Assert.Equal(HttpStatusCode.Created, (await scene.Admin.PostAsync("/api/v1/readings", sent)).Status);
        Assert.Equal(HttpStatusCode.OK, (await scene.Admin.PostAsync("/api/v1/readings", sent)).Status);
        var again = await scene.Manager.PostAsync("/api/v1/readings", sent);
        Assert.Equal((HttpStatusCode.NotFound, "reading.meter_not_found"), (again.Status, again.Code));
        var other = await scene.Manager.PostAsync("/api/v1/readings", new { meter_id = scene.Own.Id, sent.reading_value, sent.reading_timestamp, sent.client_id });
        Assert.Equal((HttpStatusCode.Conflict, "reading.client_id_conflict"), (other.Status, other.Code));
    }

    [Fact]
    public async Task Imports_meters_into_the_own_regions_only()
    {
        var scene = await RegionScene.MakeAsync(server);
        var list = $"""
            serial_number,type,region,owner
            {scene.Tag}-i1,electric,{scene.Tag} NORTH,A
            {scene.Tag}-i2,electric,,A
            {scene.Tag}-i3,electric,{scene.Tag} south,A
            {scene.Tag}-i4,electric,{scene.South},A
            {scene.Own.SerialNumber},electric,,A
            {scene.Other.SerialNumber},water,,A
            {scene.Loose.SerialNumber},electric,{scene.North},A

            """;
        string[] problems = ["3 region meter.region_missing", "4 region meter.region_unknown", "5 region meter.region_unknown", "7 serial_number meter.not_yours", "8 serial_number meter.not_yours"];
        var refused = await scene.ImportAsync(scene.Manager, Meters, list);
        Assert.Equal(problems, RegionScene.Problems(refused));
        Assert.False((bool)refused["result"]!["applied"]!);

        var taken = await scene.ImportAsync(scene.Manager, Meters, list, ("partial", "true"));
        Assert.Equal(problems, RegionScene.Problems(taken));
        Assert.Equal((1, 1, 5), ((int)taken["result"]!["created"]!, (int)taken["result"]!["updated"]!, (int)taken["result"]!["refused"]!));
        Assert.Equal([scene.Tag + "-i1", scene.Own.SerialNumber], (await RegionScene.ListAsync(scene.Admin, $"/api/v1/meters?region_id={scene.North}")).Serials);
        Assert.Null((string?)(await scene.Admin.GetAsync($"/api/v1/meters/{scene.Other.Id}")).Data["owner"]);

        Assert.Equal(HttpStatusCode.OK, (await scene.Manager.DeleteAsync($"{Meters}/{taken["id"]}")).Status);
        Assert.Equal([scene.Own.SerialNumber], (await RegionScene.ListAsync(scene.Admin, $"/api/v1/meters?region_id={scene.North}")).Serials);
    }

    [Fact]
    public async Task Imports_readings_of_the_own_regions_only()
    {
        var scene = await RegionScene.MakeAsync(server);
        var list = $"serial_number,reading_timestamp,reading_value\n{scene.Own.SerialNumber},2020-01-01,500\n{scene.Other.SerialNumber},2020-01-01,500\n{scene.Loose.SerialNumber},2020-01-01,500\n{scene.Tag}-none,2020-01-01,500\n";
        var taken = await scene.ImportAsync(scene.Manager, Readings, list, ("partial", "true"));
        Assert.Equal([.. Enumerable.Range(3, 3).Select(row => $"{row} serial_number reading.meter_not_found")], RegionScene.Problems(taken));
        Assert.Equal(1, (int)taken["result"]!["created"]!);
        Assert.Equal(3, (await RegionScene.ListAsync(scene.Admin, $"/api/v1/readings?meter_id={scene.Own.Id}")).Total);
        Assert.Equal(2, (await RegionScene.ListAsync(scene.Admin, $"/api/v1/readings?meter_id={scene.Other.Id}")).Total);
        Assert.Equal(HttpStatusCode.OK, (await scene.Manager.DeleteAsync($"{Readings}/{taken["id"]}")).Status);
        Assert.Equal(2, (await RegionScene.ListAsync(scene.Admin, $"/api/v1/readings?meter_id={scene.Own.Id}")).Total);
    }

    [Fact]
    public async Task Does_not_undo_an_own_import_that_reaches_beyond_the_own_regions_now()
    {
        var scene = await RegionScene.MakeAsync(server);
        var meters = await scene.ImportAsync(scene.Manager, Meters, $"serial_number,type,region\n{scene.Tag}-u1,electric,{scene.North}\n");
        var readings = await scene.ImportAsync(scene.Manager, Readings, $"serial_number,reading_timestamp,reading_value\n{scene.Own.SerialNumber},2020-01-01,500\n");
        scene.See(scene.South);
        foreach (var path in new[] { $"{Meters}/{meters["id"]}", $"{Readings}/{readings["id"]}" })
        {
            var refused = await scene.Manager.DeleteAsync(path);
            Assert.Equal((path, HttpStatusCode.Forbidden, "auth.scope_too_narrow"), (path, refused.Status, refused.Code));
            Assert.Equal(HttpStatusCode.OK, (await scene.Admin.DeleteAsync(path)).Status);
        }
    }

    [Fact]
    public async Task A_job_goes_by_what_its_maker_sees_when_it_runs()
    {
        var scene = await RegionScene.MakeAsync(server);
        scene.See();
        JsonNode job = await scene.ImportAsync(scene.Manager, Meters, $"serial_number,type,region\n{scene.Tag}-j1,electric,{scene.North}\n");
        Assert.Equal(["2 region meter.region_unknown"], RegionScene.Problems(job));
    }
}

public sealed class WorksInOwnRegionsOnSqliteTests(NarrowSqliteServer server) : WorksInOwnRegionsTests(server), IClassFixture<NarrowSqliteServer>;

public sealed class WorksInOwnRegionsOnPostgresTests(NarrowPostgresServer server) : WorksInOwnRegionsTests(server), IClassFixture<NarrowPostgresServer>;
