using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Modules.Meters.Public;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Readings;

/// <summary>Verify, reject, correct and change: what people decide about readings.</summary>
public abstract class DecideReadingTests(ServerFixture server)
{
    private readonly ReadingScene scene = new(server);

    [Fact]
    public async Task Verifying_a_held_reading_accepts_it_and_measures_the_next_from_it()
    {
        var manager = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        await ReadingScene.MonthlyAsync(manager, meter, 1000, 100, 3);
        var held = await ReadingScene.ReadAsync(manager, meter, 2500, ReadingScene.Day(10));
        Assert.Equal(("held", "VEE-105"), (held.State(), held.Flags()));
        var next = await ReadingScene.ReadAsync(manager, meter, 2510, ReadingScene.Day(0));
        Assert.Equal("held", next.State());

        var verified = (await manager.PostAsync($"/api/v1/readings/{(string?)held["id"]}/verify", new { note = "A new kiln" })).Data;
        Assert.Equal(("accepted", "valid", true, "A new kiln"), (verified.State(), (string?)verified["quality"], (bool?)verified["verified"], (string?)verified["decision_note"]));
        Assert.Equal(("VEE-105", 1300m), (verified.Flags(), verified.Consumption()));
        var after = (await manager.PostAsync($"/api/v1/readings/{(string?)next["id"]}/verify")).Data;
        Assert.Equal(("accepted", 10m), (after.State(), after.Consumption()));
        Assert.Equal(2510m, (await LastAsync(meter))?.Value);
    }

    [Fact]
    public async Task Rejecting_the_newest_reading_gives_the_meter_its_former_last_reading()
    {
        var manager = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        await ReadingScene.ReadAsync(manager, meter, 1000, ReadingScene.Day(60));
        var middle = await ReadingScene.ReadAsync(manager, meter, 1100, ReadingScene.Day(30));
        var newest = await ReadingScene.ReadAsync(manager, meter, 1200, ReadingScene.Day(0));
        Assert.Equal(1200m, (await LastAsync(meter))?.Value);

        await manager.PostAsync($"/api/v1/readings/{(string?)middle["id"]}/reject", new { reason = "Wrong house" });
        Assert.Equal(200m, (await ReadingScene.GetAsync(manager, newest)).Consumption());
        Assert.Equal(1200m, (await LastAsync(meter))?.Value);

        var rejected = (await manager.PostAsync($"/api/v1/readings/{(string?)newest["id"]}/reject", new { reason = "Wrong house" })).Data;
        Assert.Equal(("rejected", "rejected", null, "Wrong house"), (rejected.State(), (string?)rejected["quality"], rejected.Consumption(), (string?)rejected["decision_note"]));
        Assert.Equal(1000m, (await LastAsync(meter))?.Value);
        var again = await manager.PostAsync($"/api/v1/readings/{(string?)newest["id"]}/reject", new { reason = "Once more" });
        Assert.Equal((HttpStatusCode.BadRequest, "reading.not_rejectable"), (again.Status, again.Code));
        var verify = await manager.PostAsync($"/api/v1/readings/{(string?)newest["id"]}/verify");
        Assert.Equal((HttpStatusCode.BadRequest, "reading.not_verifiable"), (verify.Status, verify.Code));
    }

    [Fact]
    public async Task Rejecting_a_meters_only_reading_leaves_it_without_one()
    {
        var manager = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        var only = await ReadingScene.ReadAsync(manager, meter, 1000, ReadingScene.Day(3));
        await manager.PostAsync($"/api/v1/readings/{(string?)only["id"]}/reject", new { reason = "Wrong house" });
        Assert.Null(await LastAsync(meter));
        await ReadingScene.ReadAsync(manager, meter, 900, ReadingScene.Day(2));
        Assert.Equal(900m, (await LastAsync(meter))?.Value);
    }

    [Fact]
    public async Task A_correction_supersedes_and_overwrites_nothing()
    {
        var manager = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        await ReadingScene.ReadAsync(manager, meter, 1000, ReadingScene.Day(60));
        var wrong = await ReadingScene.ReadAsync(manager, meter, 1090, ReadingScene.Day(30));
        var newest = await ReadingScene.ReadAsync(manager, meter, 1200, ReadingScene.Day(0));

        var path = $"/api/v1/readings/{(string?)wrong["id"]}/correct";
        var corrected = (await manager.PostAsync(path, new { reading_value = 1100, reason = "Digits turned round" })).Data;
        Assert.Equal(("accepted", "edited", 1100m, 100m), (corrected.State(), (string?)corrected["quality"], (decimal?)corrected["reading_value"], corrected.Consumption()));
        var old = Assert.Single(corrected["superseded"]!.AsArray())!;
        Assert.Equal((1090m, "superseded"), ((decimal?)old["value"], (string?)old["verdict"]!["state"]));
        Assert.Equal((string?)old["id"], (string?)corrected["values"]![0]!["supersedes_id"]);
        Assert.Equal(100m, (await ReadingScene.GetAsync(manager, newest)).Consumption());

        Assert.Equal("reading.not_correctable", (await manager.PostAsync(path, new { reading_value = 1100, reason = "Same" })).Code);
        Assert.Equal("request.invalid", (await manager.PostAsync(path, new { reading_value = 1101 })).Code);
        Assert.Single((await manager.GetAsync($"/api/v1/readings/meter/{meter.Id}")).Data["items"]![1]!["values"]!.AsArray());
    }

    [Fact]
    public async Task A_rejected_reading_can_still_be_corrected()
    {
        var manager = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        var reading = await ReadingScene.ReadAsync(manager, meter, 1000, ReadingScene.Day(3));
        await manager.PostAsync($"/api/v1/readings/{(string?)reading["id"]}/reject", new { reason = "Wrong house" });
        var corrected = (await manager.PostAsync($"/api/v1/readings/{(string?)reading["id"]}/correct", new { reading_value = 100, reason = "Right after all" })).Data;
        Assert.Equal(("accepted", "edited"), (corrected.State(), (string?)corrected["quality"]));
        Assert.Equal(100m, (await LastAsync(meter))?.Value);
    }

    [Fact]
    public async Task A_lost_update_is_refused()
    {
        var manager = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        var reading = await ReadingScene.ReadAsync(manager, meter, 1000, ReadingScene.Day(3));
        var path = $"/api/v1/readings/{(string?)reading["id"]}";
        var changed = await manager.PutAsync(path, new { notes = "Behind the door" }, headers => headers.TryAddWithoutValidation("If-Match", "\"1\""));
        Assert.Equal((HttpStatusCode.OK, "\"2\"", "Behind the door"), (changed.Status, changed.ETag, (string?)changed.Data["notes"]));
        var lost = await manager.PutAsync(path, new { notes = "Under the stairs" }, headers => headers.TryAddWithoutValidation("If-Match", "\"1\""));
        Assert.Equal((HttpStatusCode.PreconditionFailed, "resource.lost_update"), (lost.Status, lost.Code));
    }

    [Fact]
    public async Task Putting_another_value_is_a_correction_and_the_same_value_is_none()
    {
        var manager = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        var reading = await ReadingScene.ReadAsync(manager, meter, 1000, ReadingScene.Day(3));
        var path = $"/api/v1/readings/{(string?)reading["id"]}";
        var same = (await manager.PutAsync(path, new { notes = "Seen", reading_value = 1000 })).Data;
        Assert.Equal(("valid", "Seen", 0), ((string?)same["quality"], (string?)same["notes"], same["superseded"]!.AsArray().Count));
        var other = (await manager.PutAsync(path, new { reading_value = 1001, reason = "Typed wrong" })).Data;
        Assert.Equal(("edited", "Seen", 1), ((string?)other["quality"], (string?)other["notes"], other["superseded"]!.AsArray().Count));
    }

    [Fact]
    public async Task Agents_see_their_own_readings_only_and_decide_nothing()
    {
        var (agent, other) = (await server.SignInAsync("agent1"), await server.SignInAsync("agent2"));
        var meter = await scene.GivenMeterAsync();
        var own = await ReadingScene.ReadAsync(agent, meter, 1000, ReadingScene.Day(60));
        var foreign = await ReadingScene.ReadAsync(other, meter, 1100, ReadingScene.Day(3));
        Assert.Equal([(string?)own["id"]], Ids((await agent.GetAsync($"/api/v1/readings/meter/{meter.Id}")).Data));
        Assert.Equal([(string?)own["id"]], Ids((await agent.GetAsync($"/api/v1/readings?meter_id={meter.Id}")).Data));
        Assert.Empty(Ids((await agent.GetAsync($"/api/v1/readings?agent_id={(string?)foreign["agent_id"]}")).Data));
        Assert.Equal(HttpStatusCode.NotFound, (await agent.GetAsync($"/api/v1/readings/{(string?)foreign["id"]}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await agent.PutAsync($"/api/v1/readings/{(string?)foreign["id"]}", new { notes = "Mine" })).Status);

        var path = $"/api/v1/readings/{(string?)own["id"]}";
        Assert.Equal(HttpStatusCode.Forbidden, (await agent.PostAsync(path + "/verify")).Status);
        Assert.Equal("reading.not_editable", (await agent.PutAsync(path, new { reading_value = 1 })).Code);
        Assert.Equal(HttpStatusCode.OK, (await agent.PutAsync(path, new { notes = "Dog" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await (await server.SignInAsync("manager")).PostAsync(path + "/verify")).Status);
        Assert.Equal("reading.not_editable", (await agent.PutAsync(path, new { notes = "No dog" })).Code);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await server.SignInAsync("viewer")).PutAsync(path, new { notes = "Dog" })).Status);
    }

    [Fact]
    public async Task A_list_over_several_meters_names_registers_and_units_as_they_are_now()
    {
        var manager = await server.SignInAsync("manager");
        var (one, two) = (await scene.MeterAsync(registers: 2), await scene.MeterAsync());
        var day = ReadingScene.Day(1) - TimeSpan.FromDays(4_000);
        await manager.PostAsync("/api/v1/readings", new { meter_id = one.Id, reading_timestamp = day, registers = new[] { new { ordinal = 1, value = 5 }, new { ordinal = 2, value = 7 } } });
        await ReadingScene.ReadAsync(manager, two, 9, day.AddHours(1));
        Assert.Equal([(two.SerialNumber, "total kWh"), (one.SerialNumber, "total kWh, T2 kWh")], await ListAsync());
        Assert.Equal([(two.SerialNumber, "total kWh"), (one.SerialNumber, "total kWh, T2 kWh")], await ListAsync());

        Assert.Equal(HttpStatusCode.OK, (await manager.PutAsync($"/api/v1/meters/{one.Id}/registers/{one.Registers[1]}", new { label = "night" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await manager.PatchAsync($"/api/v1/meters/{two.Id}", new { serial_number = two.SerialNumber + "-new" })).Status);
        Assert.Equal([(two.SerialNumber + "-new", "total kWh"), (one.SerialNumber, "total kWh, night kWh")], await ListAsync());

        async Task<List<(string?, string)>> ListAsync() =>
            [.. (await manager.GetAsync($"/api/v1/readings?from={day:yyyy-MM-dd'T'HH:mm:ss'Z'}&to={day.AddHours(2):yyyy-MM-dd'T'HH:mm:ss'Z'}")).Data["items"]!.AsArray()
                .Select(reading => ((string?)reading!["serial_number"], string.Join(", ", reading["values"]!.AsArray().Select(value => $"{value!["label"]} {value["unit"]}"))))];
    }

    [Fact]
    public async Task Walks_by_cursor_and_by_page_over_the_same_rows()
    {
        var manager = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync(registers: 2);
        for (var step = 0; step < 5; step++)
        {
            await manager.PostAsync("/api/v1/readings", new { meter_id = meter.Id, reading_timestamp = ReadingScene.Day(50 - (step / 2)), registers = new[] { new { ordinal = 1, value = step }, new { ordinal = 2, value = step } } });
        }

        foreach (var sort in new[] { "", "&sort=reading_timestamp" })
        {
            var all = Ids((await manager.GetAsync($"/api/v1/readings?meter_id={meter.Id}{sort}")).Data);
            Assert.Equal(5, all.Count);
            var walked = new List<string?>();
            for (string? cursor = ""; cursor is not null;)
            {
                var page = (await manager.GetAsync($"/api/v1/readings?meter_id={meter.Id}&limit=2&cursor={cursor}{sort}")).Data;
                walked.AddRange(Ids(page));
                cursor = (string?)page["next_cursor"];
            }

            var second = (await manager.GetAsync($"/api/v1/readings?meter_id={meter.Id}&limit=2&page=2{sort}")).Data;
            Assert.Equal(all, walked);
            Assert.Equal(all[2..4], Ids(second));
            Assert.Equal((5, 3, true, true), ((int?)second["total"], (int?)second["pages"], (bool?)second["has_next"], (bool?)second["has_prev"]));
        }

        var beyond = (await manager.GetAsync($"/api/v1/readings?meter_id={meter.Id}&limit=2&page=9")).Data;
        Assert.Equal((5, 0, false), ((int?)beyond["total"], beyond["items"]!.AsArray().Count, (bool?)beyond["has_next"]));
        Assert.Equal("request.invalid", (await manager.GetAsync("/api/v1/readings?cursor=nonsense")).Code);
        Assert.Equal("request.invalid", (await manager.GetAsync("/api/v1/readings?state=maybe")).Code);
    }

    [Fact]
    public async Task Ends_with_a_full_page_and_goes_on_from_a_numbered_one_by_cursor()
    {
        var manager = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        for (var step = 0; step < 4; step++)
        {
            await ReadingScene.ReadAsync(manager, meter, 1000 + step, ReadingScene.Day(50 - step));
        }

        var path = $"/api/v1/readings?meter_id={meter.Id}&limit=2";
        var first = (await manager.GetAsync(path)).Data;
        Assert.Equal((4, true), ((int?)first["total"], (bool?)first["has_next"]));
        var last = (await manager.GetAsync(path + "&page=2")).Data;
        Assert.Equal((4, false, null), ((int?)last["total"], (bool?)last["has_next"], (string?)last["next_cursor"]));
        var walked = (await manager.GetAsync($"{path}&cursor={(string?)first["next_cursor"]}")).Data;
        Assert.Equal(Ids(last), Ids(walked));
        Assert.Null((string?)walked["next_cursor"]);
    }

    [Fact]
    public async Task Filters_by_state_verification_source_and_time()
    {
        var manager = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        await ReadingScene.ReadAsync(manager, meter, 1000, ReadingScene.Day(60));
        await ReadingScene.ReadAsync(manager, meter, 900, ReadingScene.Day(30), "customer");
        async Task<int?> Count(string query) => (int?)(await manager.GetAsync($"/api/v1/readings?meter_id={meter.Id}&{query}")).Data["total"];
        Assert.Equal((1, 1, 2, 1, 1, 1), (await Count("state=held"), await Count("state=accepted"), await Count("verified=false"), await Count("source=customer"), await Count($"from={ReadingScene.Text(ReadingScene.Day(30))}"), await Count($"to={ReadingScene.Text(ReadingScene.Day(30))}")));
    }

    private static List<string?> Ids(JsonNode page) => [.. page["items"]!.AsArray().Select(item => (string?)item!["id"])];

    private async Task<LastReading?> LastAsync(SceneMeter meter)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<IMeterRegistry>().FindAsync(new MeterSync.Kernel.MeterId(meter.Id), default))?.Last;
    }
}

public sealed class DecideReadingOnSqliteTests(SqliteServer server) : DecideReadingTests(server), IClassFixture<SqliteServer>;

public sealed class DecideReadingOnPostgresTests(PostgresServer server) : DecideReadingTests(server), IClassFixture<PostgresServer>;
