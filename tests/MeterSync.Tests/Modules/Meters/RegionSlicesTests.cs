using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Tests.Modules.Reports;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Meters;

public abstract class RegionSlicesTests(ServerFixture server)
{
    private static int made;

    private static string NewName(string name) => $"{name} {Interlocked.Increment(ref made):000}";

    [Fact]
    public async Task Makes_shows_changes_and_deletes_a_region()
    {
        var admin = await server.SignInAsync("admin");
        var name = NewName("Ужгород");
        var made = await admin.PostAsync("/api/v1/regions", new { name = $"  {name} ", description = "Both banks" });
        Assert.Equal((HttpStatusCode.Created, name, "Both banks", "\"1\""), (made.Status, (string?)made.Data["name"], (string?)made.Data["description"], made.ETag));
        var path = $"/api/v1/regions/{made.Data["id"]}";
        Assert.Equal(made.Data.ToJsonString(), (await admin.GetAsync(path)).Data.ToJsonString());

        var changed = await admin.PutAsync(path, new { name = name + " Схід" }, headers => headers.TryAddWithoutValidation("If-Match", made.ETag));
        Assert.Equal((HttpStatusCode.OK, name + " Схід", null, "\"2\""), (changed.Status, (string?)changed.Data["name"], (string?)changed.Data["description"], changed.ETag));
        foreach (var late in new[] { await admin.PutAsync(path, new { name }, headers => headers.TryAddWithoutValidation("If-Match", made.ETag)), await admin.DeleteAsync(path, headers => headers.TryAddWithoutValidation("If-Match", made.ETag)) })
        {
            Assert.Equal((HttpStatusCode.PreconditionFailed, "resource.lost_update"), (late.Status, late.Code));
        }

        Assert.Equal(HttpStatusCode.OK, (await admin.DeleteAsync(path)).Status);
        Assert.Equal((HttpStatusCode.NotFound, "region.not_found"), ((await admin.GetAsync(path)).Status, (await admin.DeleteAsync(path)).Code));
        Assert.Equal(["created", "updated", "deleted"], await MeterRows.AuditActionsAsync(server, "region", (string)made.Data["id"]!));
    }

    [Fact]
    public async Task Two_regions_do_not_share_a_name_whatever_its_capitals()
    {
        var admin = await server.SignInAsync("admin");
        var name = NewName("Берег Північ");
        var first = await admin.PostAsync("/api/v1/regions", new { name });
        var second = await admin.PostAsync("/api/v1/regions", new { name = NewName("South") });
        foreach (var same in new[] { name, name.ToUpperInvariant(), name.Replace(" ", "  ", StringComparison.Ordinal) })
        {
            foreach (var refused in new[] { await admin.PostAsync("/api/v1/regions", new { name = same }), await admin.PutAsync($"/api/v1/regions/{second.Data["id"]}", new { name = same }) })
            {
                Assert.Equal((HttpStatusCode.Conflict, "region.name_taken"), (refused.Status, refused.Code));
            }
        }

        Assert.Equal(HttpStatusCode.OK, (await admin.PutAsync($"/api/v1/regions/{first.Data["id"]}", new { name = name.ToUpperInvariant() })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.PostAsync("/api/v1/regions", new { name = "   " })).Status);
    }

    [Fact]
    public async Task Managers_and_viewers_see_regions_and_do_not_make_them()
    {
        var admin = await server.SignInAsync("admin");
        var name = NewName("Seen");
        var region = (await admin.PostAsync("/api/v1/regions", new { name })).Data;
        foreach (var user in new[] { "manager", "viewer", "agent1" })
        {
            var client = await server.SignInAsync(user);
            Assert.Equal(name, (string?)Assert.Single((await client.GetAsync($"/api/v1/regions?search={Uri.EscapeDataString(name.ToUpperInvariant())}")).Data["items"]!.AsArray())!["name"]);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/api/v1/regions/{region["id"]}")).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync("/api/v1/regions", new { name = NewName("Mine") })).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await client.DeleteAsync($"/api/v1/regions/{region["id"]}")).Status);
        }

        await using var scope = server.Services.CreateAsyncScope();
        var id = new RegionId(Guid.Parse((string)region["id"]!));
        var names = await scope.ServiceProvider.GetRequiredService<IRegionNames>().FindAsync([id, new RegionId(Guid.CreateVersion7())], CancellationToken.None);
        Assert.Equal([(id, name)], names.Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public async Task A_meter_lies_in_a_region_and_can_change_it()
    {
        var admin = await server.SignInAsync("admin");
        var (one, other) = (await RegionAsync(admin, "One"), await RegionAsync(admin, "Other"));
        var meter = await admin.MakeMeterAsync(new { serial_number = MeterCalls.NewSerial("RG"), meter_type = "gas", region_id = one });
        var serial = (string)meter["serial_number"]!;
        var path = $"/api/v1/meters/{meter["id"]}";
        Assert.Equal(one, (string?)meter["region_id"]);
        Assert.Equal([serial], await admin.SerialsAsync($"region_id={one}"));
        Assert.Equal([], await admin.SerialsAsync($"region_id={other}"));

        var inUse = await admin.DeleteAsync($"/api/v1/regions/{one}");
        Assert.Equal((HttpStatusCode.Conflict, "region.in_use"), (inUse.Status, inUse.Code));

        var moved = await admin.PatchAsync(path, new { region_id = other });
        Assert.Equal((other, 2), ((string?)moved.Data["region_id"], (int?)moved.Data["version"]));
        Assert.Equal(HttpStatusCode.OK, (await admin.DeleteAsync($"/api/v1/regions/{one}")).Status);

        foreach (var refused in new[]
        {
            await admin.PatchAsync(path, new { region_id = one }),
            await admin.PutAsync(path, new { serial_number = serial, meter_type = "gas", region_id = one }),
            await admin.PostAsync("/api/v1/meters", new { serial_number = MeterCalls.NewSerial("RG"), meter_type = "gas", region_id = one }),
        })
        {
            Assert.Equal((HttpStatusCode.BadRequest, $"There is no region {one}."), (refused.Status, refused.Message));
            Assert.NotNull(refused.Body["error"]!["details"]!["region_id"]);
        }

        Assert.Null((string?)(await admin.PutAsync(path, new { serial_number = serial, meter_type = "gas" })).Data["region_id"]);
    }

    [Fact]
    public async Task A_list_names_regions_by_name_or_id()
    {
        var admin = await server.SignInAsync("admin");
        var name = NewName("Лівий Берег");
        var region = (string)(await admin.PostAsync("/api/v1/regions", new { name })).Data["id"]!;
        var serial = MeterCalls.NewSerial("RI");
        var result = await ImportAsync(admin, $"serial_number,type,District\n{serial}1,electric,{name.ToUpperInvariant()}\n{serial}2,electric,{region}\n{serial}3,electric,\n");
        Assert.Equal(3, (int?)result["result"]!["created"]);
        Assert.Equal([serial + "1", serial + "2"], (await admin.SerialsAsync($"region_id={region}")).Order(StringComparer.Ordinal));

        // An empty cell changes nothing, and the file written is the file read.
        Assert.Equal(1, (int?)(await ImportAsync(admin, $"serial_number,type,region\n{serial}1,electric,\n"))["result"]!["unchanged"]);
        var row = Exports.Rows(await Exports.TextAsync(admin, new { type = "meters" })).Single(row => row["serial_number"] == serial + "1");
        Assert.Equal(name, row["region"]);

        var unknown = (await ImportAsync(admin, $"serial_number,type,region\n{serial}4,electric,Nowhere\n"))["result"]!;
        var problem = Assert.Single(unknown["problems"]!.AsArray())!;
        Assert.Equal((2, "region", "meter.region_unknown", "There is no region \"Nowhere\"."), ((int)problem["row"]!, (string?)problem["column"], (string?)problem["code"], (string?)problem["message"]));
    }

    [Fact]
    public async Task Undoing_a_list_sets_regions_back_unless_they_are_gone()
    {
        var admin = await server.SignInAsync("admin");
        var (before, after) = (await RegionAsync(admin, "Before"), await RegionAsync(admin, "After"));
        var serial = MeterCalls.NewSerial("RU");
        var meter = await admin.MakeMeterAsync(new { serial_number = serial, meter_type = "gas", region_id = before });
        var first = await ImportAsync(admin, $"serial_number,type,region\n{serial},gas,{after}\n");
        Assert.Equal([serial], await admin.SerialsAsync($"region_id={after}"));
        Assert.Equal(HttpStatusCode.OK, (await admin.DeleteAsync($"/api/v1/meters/import/{first["id"]}")).Status);
        Assert.Equal([serial], await admin.SerialsAsync($"region_id={before}"));

        var second = await ImportAsync(admin, $"serial_number,type,region\n{serial},gas,{after}\n");
        Assert.Equal(HttpStatusCode.OK, (await admin.DeleteAsync($"/api/v1/regions/{before}")).Status);
        var refused = await admin.DeleteAsync($"/api/v1/meters/import/{second["id"]}");
        Assert.Equal((HttpStatusCode.Conflict, "import.in_use", $"The import cannot be undone: the region {serial} was in is gone."), (refused.Status, refused.Code, refused.Message));
        Assert.Equal(after, (string?)(await admin.GetAsync($"/api/v1/meters/{meter["id"]}")).Data["region_id"]);
    }

    private static async Task<string> RegionAsync(ApiClient client, string name) => (string)(await client.PostAsync("/api/v1/regions", new { name = NewName(name) })).Data["id"]!;

    private static Task<JsonNode> ImportAsync(ApiClient client, string text) => client.RunFileJobAsync("/api/v1/meters/import", "meters.csv", Encoding.UTF8.GetBytes(text));
}

public sealed class RegionSlicesOnSqliteTests(SqliteServer server) : RegionSlicesTests(server), IClassFixture<SqliteServer>;

public sealed class RegionSlicesOnPostgresTests(PostgresServer server) : RegionSlicesTests(server), IClassFixture<PostgresServer>;
