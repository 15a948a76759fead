using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Tests.Modules.Reports;
using MeterSync.Tests.Modules.Workforce;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Scenarios.Regions;

/// <summary>Whose view is bounded to regions finds nothing of the others: not by id, not in lists, not in their totals, not in files.</summary>
public abstract class SeesOwnRegionsTests(ServerFixture server)
{
    /// <summary>Every operation about one meter or reading: method, path, and a body that would be taken.</summary>
    public static TheoryData<string, string, string?> Single => new()
    {
        { "GET", "/meters/{meter}", null },
        { "PUT", "/meters/{meter}", """{"serial_number":"{serial}","meter_type":"electric","region_id":"{north}"}""" },
        { "PATCH", "/meters/{meter}", """{"priority":"high"}""" },
        { "DELETE", "/meters/{meter}", null },
        { "GET", "/meters/{meter}/registers", null },
        { "POST", "/meters/{meter}/registers", """{"label":"T2"}""" },
        { "PUT", "/meters/{meter}/registers/{register}", """{"digits":6}""" },
        { "GET", "/readings/meter/{meter}", null },
        { "GET", "/readings/{reading}", null },
        { "PUT", "/readings/{reading}", """{"notes":"By the gate"}""" },
        { "POST", "/readings/{reading}/verify", "{}" },
        { "POST", "/readings/{reading}/correct", """{"reading_value":1101,"reason":"Misread"}""" },
        { "POST", "/readings/{reading}/reject", """{"reason":"Another meter"}""" },
        { "POST", "/readings", """{"meter_id":"{meter}","reading_value":1200}""" },
        { "POST", "/readings", """{"serial_number":"{serial}","reading_value":1200}""" },
        { "GET", "/regions/{region}", null },
        { "GET", "/regions/{region}/stats", null },
    };

    [Theory]
    [MemberData(nameof(Single))]
    public async Task What_is_not_in_the_own_regions_is_not_there(string method, string path, string? body)
    {
        var scene = await RegionScene.MakeAsync(server);
        foreach (var (meter, region) in new[] { (scene.Other, scene.South), (scene.Loose, Guid.CreateVersion7().ToString()) })
        {
            string Filled(string text) => text.Replace("{meter}", meter.Id.ToString()).Replace("{serial}", meter.SerialNumber).Replace("{register}", meter.Registers[0].ToString())
                .Replace("{reading}", scene.Newest[meter]).Replace("{north}", scene.North).Replace("{region}", region);
            var answer = await scene.Manager.SendAsync(new HttpMethod(method), "/api/v1" + Filled(path), body is null ? null : Filled(body), headers => headers.TryAddWithoutValidation("If-Match", "\"99\""));
            Assert.True(answer.Status == HttpStatusCode.NotFound, $"{(int)answer.Status} {answer.Body.ToJsonString()}");
            Assert.Null(answer.ETag);
            var unknown = await scene.Manager.SendAsync(new HttpMethod(method), "/api/v1" + Unknown(path), body is null ? null : Unknown(body));
            Assert.Equal((unknown.Status, unknown.Code), (answer.Status, answer.Code));
        }

        // Nothing was changed by what was refused.
        Assert.Equal(1, (int?)(await scene.Admin.GetAsync($"/api/v1/readings/{scene.Newest[scene.Other]}")).Data["version"]);
        Assert.Equal(1, (int?)(await scene.Admin.GetAsync($"/api/v1/meters/{scene.Other.Id}")).Data["version"]);

        static string Unknown(string text) => System.Text.RegularExpressions.Regex.Replace(text, "{[a-z]+}", _ => Guid.CreateVersion7().ToString());
    }

    [Theory]
    [MemberData(nameof(Single))]
    public async Task What_is_in_the_own_regions_is(string method, string path, string? body)
    {
        var scene = await RegionScene.MakeAsync(server);
        string Filled(string text) => text.Replace("{meter}", scene.Own.Id.ToString()).Replace("{serial}", scene.Own.SerialNumber).Replace("{register}", scene.Own.Registers[0].ToString())
            .Replace("{reading}", scene.Newest[scene.Own]).Replace("{north}", scene.North).Replace("{region}", scene.North);
        var answer = await scene.Manager.SendAsync(new HttpMethod(method), "/api/v1" + Filled(path), body is null ? null : Filled(body));
        Assert.True((int)answer.Status < 300 || answer.Code == "meter.has_readings", $"{(int)answer.Status} {answer.Body.ToJsonString()}");
    }

    [Theory]
    [InlineData("/meters?limit=100", 1)]
    [InlineData("/meters?search={tag}", 1)]
    [InlineData("/meters?location_id={tag}&sort=address", 1)]
    [InlineData("/meters?region_id={north}", 1)]
    [InlineData("/meters?cursor=&limit=100", null)]
    [InlineData("/meters?no_reading_since=2099-01-01T00:00:00Z&sort=last_reading_at", 1)]
    [InlineData("/readings?limit=100", 2)]
    [InlineData("/readings?state=accepted&from=2000-01-01&sort=reading_timestamp", 2)]
    [InlineData("/readings?cursor=&limit=100", null)]
    [InlineData("/readings?meter_id={own}", 2)]
    [InlineData("/billing-rows?from=2000-01-01&to=2100-01-01", 1)]
    public async Task Lists_and_their_totals_hold_the_own_regions_alone(string path, int? total)
    {
        var scene = await RegionScene.MakeAsync(server);
        var filled = "/api/v1" + path.Replace("{tag}", scene.Tag).Replace("{north}", scene.North).Replace("{own}", scene.Own.Id.ToString());
        var (serials, counted) = await RegionScene.ListAsync(scene.Manager, filled);
        Assert.Equal([scene.Own.SerialNumber], serials);
        Assert.Equal(total, counted);
    }

    [Theory]
    [InlineData("/meters?search={other}")]
    [InlineData("/meters?region_id={south}")]
    [InlineData("/readings?meter_id={id}")]
    public async Task Asking_for_another_region_finds_nothing(string path)
    {
        var scene = await RegionScene.MakeAsync(server);
        var filled = "/api/v1" + path.Replace("{other}", scene.Other.SerialNumber).Replace("{south}", scene.South).Replace("{id}", scene.Other.Id.ToString());
        var (serials, counted) = await RegionScene.ListAsync(scene.Manager, filled);
        Assert.Empty(serials);
        Assert.Equal(0, counted);
        Assert.Equal([scene.Other.SerialNumber], (await RegionScene.ListAsync(scene.Admin, filled)).Serials);
    }

    [Fact]
    public async Task A_walk_by_cursor_passes_over_the_other_regions()
    {
        var scene = await RegionScene.MakeAsync(server);
        var more = new List<string> { scene.Own.SerialNumber };
        for (var number = 1; number <= 4; number++)
        {
            more.Add((await scene.MeterAsync($"own{number}", scene.North)).SerialNumber);
            await scene.MeterAsync($"other{number}", scene.South);
        }

        foreach (var (list, rows) in new[] { ("meters", 5), ("readings", 10) })
        {
            var (seen, count, cursor) = (new SortedSet<string>(StringComparer.Ordinal), 0, "");
            while (cursor is not null)
            {
                var page = (await scene.Manager.GetAsync($"/api/v1/{list}?limit=2&cursor={cursor}")).Data;
                foreach (var item in page["items"]!.AsArray())
                {
                    count++;
                    seen.Add((string)item!["serial_number"]!);
                }

                cursor = (string?)page["next_cursor"];
            }

            Assert.Equal(more.Order(StringComparer.Ordinal), seen);
            Assert.Equal(rows, count);
            Assert.Equal((2, rows), await PageAsync(scene, $"/api/v1/{list}?limit=2&page=2"));
        }

        Assert.Equal((2, 5), await PageAsync(scene, "/api/v1/billing-rows?from=2000-01-01&to=2100-01-01&limit=2&page=2"));
    }

    [Fact]
    public async Task A_region_of_many_meters_is_listed_no_otherwise()
    {
        var scene = await RegionScene.MakeAsync(server);
        var rows = string.Concat(Enumerable.Range(1, 1_001).Select(number => $"{scene.Tag}-{number:0000},gas,{scene.North}\n{scene.Tag}-x{number:0000},gas,{scene.South}\n"));
        await scene.ImportAsync(scene.Admin, "/api/v1/meters/import", "serial_number,type,region\n" + rows);
        await FindsAsync(scene, "/api/v1/readings", 2, [scene.Own.SerialNumber]);
        await FindsAsync(scene, "/api/v1/readings?state=accepted&limit=1", 2, [scene.Own.SerialNumber]);
        await FindsAsync(scene, "/api/v1/readings?cursor=", null, [scene.Own.SerialNumber]);
        await FindsAsync(scene, "/api/v1/meters?sort=serial_number&limit=2", 1_002, [$"{scene.Tag}-0001", $"{scene.Tag}-0002"]);
        var walked = (await RegionScene.ListAsync(scene.Manager, "/api/v1/meters?cursor=&limit=100")).Serials;
        Assert.Equal(100, walked.Length);
        Assert.All(walked, serial => Assert.DoesNotContain("-x", serial, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_nearest_meters_are_the_nearest_of_the_own_regions()
    {
        var scene = await RegionScene.MakeAsync(server);
        var nearby = $"/api/v1/meters/nearby?lat={scene.Latitude}&lng=20.5&radius=50";
        Assert.Equal([scene.Own.SerialNumber], (await RegionScene.ListAsync(scene.Manager, nearby)).Serials);
        Assert.Equal([scene.Own.SerialNumber], (await RegionScene.ListAsync(scene.Manager, "/api/v1/meters/nearby?lat=10.5&lng=-180&radius=20015115&limit=100")).Serials);
        scene.See();
        Assert.Empty((await RegionScene.ListAsync(scene.Manager, nearby)).Serials);
        var all = await RegionScene.ListAsync(scene.Admin, nearby + "&limit=100");
        Assert.Equal(scene.All.Select(meter => meter.SerialNumber).Order(StringComparer.Ordinal), all.Serials);
    }

    [Fact]
    public async Task Regions_are_listed_as_far_as_they_are_the_own()
    {
        var scene = await RegionScene.MakeAsync(server);
        var names = (await scene.Manager.GetAsync("/api/v1/regions")).Data;
        Assert.Equal((1, $"{scene.Tag} north"), ((int?)names["total"], (string?)Assert.Single(names["items"]!.AsArray())!["name"]));
        Assert.Equal(2, (int?)(await scene.Admin.GetAsync($"/api/v1/regions?search={scene.Tag.ToUpperInvariant()}")).Data["total"]);
    }

    [Fact]
    public async Task Who_was_given_no_region_sees_nothing()
    {
        var scene = await RegionScene.MakeAsync(server);
        scene.See();
        foreach (var path in new[] { "/meters", "/readings", "/readings?cursor=", "/meters?cursor=", "/regions", "/billing-rows?from=2000-01-01&to=2100-01-01" })
        {
            var list = (await scene.Manager.GetAsync("/api/v1" + path)).Data;
            Assert.Empty(list["items"]!.AsArray());
            Assert.Equal(path.Contains("cursor", StringComparison.Ordinal) ? null : 0, (int?)list["total"]);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await scene.Manager.GetAsync($"/api/v1/meters/{scene.Own.Id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await scene.Manager.PostAsync("/api/v1/readings", new { meter_id = scene.Own.Id, reading_value = 1200 })).Status);
        foreach (var type in new[] { "readings", "meters" })
        {
            Assert.Empty(Exports.Rows(await Exports.TextAsync(scene.Manager, new { type })));
        }
    }

    [Fact]
    public async Task Files_hold_the_own_regions_alone_and_count_nothing_else()
    {
        var scene = await RegionScene.MakeAsync(server);
        foreach (var request in new object[] { new { type = "readings" }, new { type = "readings", from = "2000-01-01" }, new { type = "readings", state = "accepted", to = "2100-01-01" }, new { type = "meters" }, new { type = "billing", from = "2000-01-01", to = "2100-01-01" } })
        {
            var export = await Exports.RunAsync(scene.Manager, request);
            var rows = Exports.Rows(await scene.Manager.Http.GetStringAsync((string)export["download_url"]!));
            Assert.NotEmpty(rows);
            Assert.All(rows, row => Assert.Equal(scene.Own.SerialNumber, row["serial_number"]));
            Assert.Equal((int)export["result"]!["rows"]!, rows.Count);
        }

        foreach (var request in new object[] { new { type = "readings", meter_id = scene.Other.Id }, new { type = "meters", meter_id = scene.Other.Id } })
        {
            Assert.Equal(0, (int?)(await Exports.RunAsync(scene.Manager, request))["result"]!["rows"]);
        }
    }

    [Fact]
    public async Task The_jobs_and_files_of_others_are_not_there()
    {
        var scene = await RegionScene.MakeAsync(server);
        var export = await Exports.RunAsync(scene.Admin, new { type = "meters" });
        var import = await scene.ImportAsync(scene.Admin, "/api/v1/meters/import", $"serial_number,type\n{scene.Tag}-job,electric\n");
        var readings = await scene.ImportAsync(scene.Admin, "/api/v1/readings/import", $"serial_number,reading_timestamp,reading_value\n{scene.Own.SerialNumber},2020-01-01,1\n");
        foreach (var path in new[] { $"/export/status/{export["id"]}", $"/export/download/{export["id"]}", $"/meters/import/{import["id"]}", $"/readings/import/{readings["id"]}" })
        {
            Assert.Equal((path, HttpStatusCode.NotFound), (path, (await scene.Manager.GetAsync("/api/v1" + path)).Status));
        }

        foreach (var path in new[] { $"/meters/import/{import["id"]}", $"/meters/import/{import["result"]!["batch_id"]}", $"/readings/import/{readings["id"]}" })
        {
            Assert.Equal((path, HttpStatusCode.NotFound), (path, (await scene.Manager.DeleteAsync("/api/v1" + path)).Status));
        }

        var own = await Exports.RunAsync(scene.Manager, new { type = "meters" });
        var history = (await scene.Manager.GetAsync("/api/v1/export/history?limit=100")).Data["items"]!.AsArray().Select(item => (string?)item!["id"]).ToList();
        Assert.Contains((string?)own["id"], history);
        Assert.DoesNotContain((string?)export["id"], history);
    }

    [Fact]
    public async Task Frozen_runs_are_for_who_sees_everything()
    {
        var scene = await RegionScene.MakeAsync(server);
        var request = new { name = scene.Tag, period_from = "2000-01-01", period_to = "2100-01-01", location_id = scene.Tag, allow_overlap = true };
        var job = await scene.Admin.WaitForJobAsync($"/api/v1/billing-runs/jobs/{(await scene.Admin.PostAsync("/api/v1/billing-runs", request)).Data["id"]}");
        var run = (string?)job["result"]!["billing_run_id"];
        foreach (var (method, path, body) in new (string, string, object?)[]
        {
            ("GET", "/billing-runs", null),
            ("POST", "/billing-runs", request),
            ("GET", $"/billing-runs/{run}", null),
            ("GET", $"/billing-runs/{run}/lines", null),
            ("GET", $"/billing-runs/{run}/adjustments", null),
            ("POST", $"/billing-runs/{run}/adjustments", null),
            ("GET", $"/billing-runs/jobs/{job["id"]}", null),
            ("POST", "/export/csv", new { type = "billing", billing_run_id = run }),
            ("POST", "/export/csv", new { type = "billing", billing_run_id = Guid.CreateVersion7() }),
        })
        {
            var answer = await scene.Manager.SendAsync(new HttpMethod(method), "/api/v1" + path, body);
            Assert.Equal((path, HttpStatusCode.Forbidden, "auth.scope_too_narrow"), (path, answer.Status, answer.Code));
        }
    }

    [Fact]
    public async Task Agents_see_what_is_assigned_to_them_wherever_it_lies()
    {
        var scene = await RegionScene.MakeAsync(server);
        var agent = await server.SignInAsync("agent1");
        Assert.Equal(0, (int?)(await agent.GetAsync($"/api/v1/meters?location_id={scene.Tag}")).Data["total"]);
        await server.GiveToAgentsAsync(scene.Loose.Id);
        Assert.Equal(1, (int?)(await (await server.SignInAsync("agent2")).GetAsync($"/api/v1/meters?location_id={scene.Tag}")).Data["total"]);
        Assert.Equal(HttpStatusCode.Created, (await agent.PostAsync("/api/v1/readings", new { meter_id = scene.Loose.Id, reading_value = 1150 })).Status);
    }

    private static async Task FindsAsync(RegionScene scene, string path, int? total, string[] serials)
    {
        var (found, counted) = await RegionScene.ListAsync(scene.Manager, path);
        Assert.Equal(serials, found);
        Assert.Equal(total, counted);
    }

    private static async Task<(int Items, int Total)> PageAsync(RegionScene scene, string path)
    {
        JsonNode page = (await scene.Manager.GetAsync(path)).Data;
        return (page["items"]!.AsArray().Count, (int)page["total"]!);
    }
}

public sealed class SeesOwnRegionsOnSqliteTests(NarrowSqliteServer server) : SeesOwnRegionsTests(server), IClassFixture<NarrowSqliteServer>;

public sealed class SeesOwnRegionsOnPostgresTests(NarrowPostgresServer server) : SeesOwnRegionsTests(server), IClassFixture<NarrowPostgresServer>;
