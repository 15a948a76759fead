using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Readings;

public abstract class CreateReadingTests(ServerFixture server)
{
    private readonly ReadingScene scene = new(server);

    [Fact]
    public async Task Accepts_a_first_reading_and_measures_the_second_from_it()
    {
        var client = await server.SignInAsync("agent1");
        var meter = await scene.GivenMeterAsync();
        var first = await ReadingScene.ReadAsync(client, meter, 1000, ReadingScene.Day(30));
        Assert.Equal(("accepted", "valid", null), (first.State(), (string?)first["quality"], first.Consumption()));
        Assert.Equal((meter.SerialNumber, 1000m, "manual", false), ((string?)first["serial_number"], (decimal?)first["reading_value"], (string?)first["source"], (bool?)first["verified"]));

        var second = await ReadingScene.ReadAsync(client, meter, 1120.5m, ReadingScene.Day(0));
        Assert.Equal((120.5m, 30m, 4.016667m), (second.Consumption(), (decimal?)second.Verdict()["days"], (decimal?)second.Verdict()["average_daily_use"]));
        Assert.Equal(("total", "kWh"), ((string?)second["values"]![0]!["label"], (string?)second["values"]![0]!["unit"]));
    }

    [Fact]
    public async Task Holds_a_reading_below_the_previous_one_and_says_why()
    {
        var client = await server.SignInAsync("agent1");
        var meter = await scene.GivenMeterAsync();
        await ReadingScene.MonthlyAsync(client, meter, 1000, 100, 3);
        var held = await ReadingScene.ReadAsync(client, meter, 1100, ReadingScene.Day(0));
        Assert.Equal(("held", "suspect"), (held.State(), (string?)held["quality"]));
        var finding = held.Verdict()["findings"]!.AsArray().Single(found => (string?)found!["rule"] == "VEE-103")!;
        Assert.Equal("hold", (string?)finding["effect"]);
        Assert.Contains("1100", (string?)finding["message"]);

        var next = await ReadingScene.ReadAsync(client, meter, 1310, ReadingScene.Day(0).AddMinutes(1));
        Assert.Equal(110m, next.Consumption());
        Assert.InRange((decimal)next.Verdict()["expected"]!["high"]!, 1310, 1600);
    }

    [Fact]
    public async Task Accepts_a_plausible_rollover()
    {
        var client = await server.SignInAsync("agent1");
        var meter = await scene.GivenMeterAsync();
        await ReadingScene.MonthlyAsync(client, meter, 99_700, 100, 3);
        var over = await ReadingScene.ReadAsync(client, meter, 5, ReadingScene.Day(0));
        Assert.Equal(("accepted", 105m, true), (over.State(), over.Consumption(), (bool?)over.Verdict()["rolled_over"]));
        Assert.Contains("VEE-104", over.Flags());
    }

    [Fact]
    public async Task A_late_reading_measures_the_next_one_again()
    {
        var client = await server.SignInAsync("manager");
        var meter = await scene.GivenMeterAsync();
        await ReadingScene.ReadAsync(client, meter, 1000, ReadingScene.Day(60));
        var newest = await ReadingScene.ReadAsync(client, meter, 1200, ReadingScene.Day(0));
        Assert.Equal(200m, newest.Consumption());

        var late = await ReadingScene.ReadAsync(client, meter, 1080, ReadingScene.Day(30));
        Assert.Equal((80m, "VEE-110"), (late.Consumption(), late.Flags()));
        var after = await ReadingScene.GetAsync(client, newest);
        Assert.Equal((120m, 30m), (after.Consumption(), (decimal?)after.Verdict()["days"]));
    }

    [Fact]
    public async Task An_actual_reading_below_an_estimate_voids_it()
    {
        var client = await server.SignInAsync("manager");
        var meter = await scene.GivenMeterAsync();
        await ReadingScene.MonthlyAsync(client, meter, 1000, 100, 3);
        var estimate = await ReadingScene.ReadAsync(client, meter, 1300, ReadingScene.Day(10), "estimate");
        Assert.Equal("estimated", (string?)estimate["quality"]);

        var actual = await ReadingScene.ReadAsync(client, meter, 1290, ReadingScene.Day(0));
        Assert.Equal(("accepted", 90m), (actual.State(), actual.Consumption()));
        Assert.Equal("superseded", (await ReadingScene.GetAsync(client, estimate)).State());
    }

    [Fact]
    public async Task Sending_the_same_client_id_again_gives_the_same_reading()
    {
        var client = await server.SignInAsync("agent1");
        var meter = await scene.GivenMeterAsync();
        var id = Guid.CreateVersion7();
        var at = ReadingScene.Text(ReadingScene.Day(1));
        var first = await client.PostAsync("/api/v1/readings", $$"""{"meter_id":"{{meter.Id}}","reading_value":12.5,"reading_timestamp":"{{at}}","client_id":"{{id}}","new_field":1}""");
        var again = await client.PostAsync("/api/v1/readings", $$"""{"meter_id":"{{meter.Id}}","reading_value":"12.50","reading_timestamp":"{{at}}","client_id":"{{id}}"}""");
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (first.Status, again.Status));
        Assert.Equal((string?)first.Data["id"], (string?)again.Data["id"]);

        var other = await client.PostAsync("/api/v1/readings", new { meter_id = meter.Id, reading_value = 12.6m, reading_timestamp = at, client_id = id });
        Assert.Equal((HttpStatusCode.Conflict, "reading.client_id_conflict"), (other.Status, other.Code));
        var stranger = await (await server.SignInAsync("agent2")).PostAsync("/api/v1/readings", new { meter_id = meter.Id, reading_value = 12.5m, reading_timestamp = at, client_id = id });
        Assert.Equal("reading.client_id_conflict", stranger.Code);
        Assert.Equal(1, (int?)(await client.GetAsync($"/api/v1/readings?meter_id={meter.Id}")).Data["total"]);
    }

    [Fact]
    public async Task Concurrent_readings_of_one_meter_are_judged_one_after_the_other()
    {
        var client = await server.SignInAsync("manager");
        var meter = await scene.GivenMeterAsync(digits: null);
        var answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(step => client.PostAsync("/api/v1/readings", new { meter_id = meter.Id, reading_value = 1000 + (step * 10), reading_timestamp = ReadingScene.Day(40 - step) })));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.Status));
        var rows = (await client.GetAsync($"/api/v1/readings/meter/{meter.Id}")).Data["items"]!.AsArray();
        Assert.Equal(8, rows.Count);
        Assert.Equal([10m, 10m, 10m, 10m, 10m, 10m, 10m, null], rows.Select(row => row!.Consumption()));
    }

    [Fact]
    public async Task Reads_several_registers_at_one_visit()
    {
        var client = await server.SignInAsync("agent1");
        var meter = await scene.GivenMeterAsync(registers: 3);
        var body = new { serial_number = meter.SerialNumber, reading_timestamp = ReadingScene.Day(30), registers = new object[] { new { ordinal = 3, value = 30 }, new { label = "TOTAL", value = 10 }, new { register_id = meter.Registers[1], value = 20 } } };
        var reading = (await client.PostAsync("/api/v1/readings", body)).Data;
        Assert.Equal(["total", "T2", "T3"], reading["values"]!.AsArray().Select(value => (string?)value!["label"]));
        Assert.Equal(10m, (decimal?)reading["reading_value"]);

        var later = (await client.PostAsync("/api/v1/readings", new { meter_id = meter.Id, reading_timestamp = ReadingScene.Day(0), registers = new[] { new { label = "1-0:1.8.1", value = 5 }, new { label = "total", value = 15 } } })).Data;
        Assert.Equal(("held", "accepted", "held"), (later.State(), (string?)later.Verdict(0)["state"], (string?)later.Verdict(1)["state"]));

        var main = await ReadingScene.ReadAsync(client, meter, 25, ReadingScene.Day(0).AddHours(1));
        Assert.Equal((1, 10m), (main["values"]!.AsArray().Count, main.Consumption()));
    }

    [Fact]
    public async Task A_second_agent_on_the_same_day_is_noted_as_a_check_read()
    {
        var meter = await scene.GivenMeterAsync();
        var first = await server.SignInAsync("agent1");
        await ReadingScene.MonthlyAsync(first, meter, 1000, 100, 3);
        await ReadingScene.ReadAsync(first, meter, 1300, ReadingScene.Day(0));
        var again = await ReadingScene.ReadAsync(first, meter, 1300.1m, ReadingScene.Day(0).AddMinutes(5));
        Assert.DoesNotContain("VEE-111", again.Flags());
        var second = await ReadingScene.ReadAsync(await server.SignInAsync("agent2"), meter, 1300.2m, ReadingScene.Day(0).AddMinutes(10));
        Assert.Contains("VEE-111", second.Flags());
    }

    [Fact]
    public async Task Takes_the_position_in_every_spelling()
    {
        var client = await server.SignInAsync("agent1");
        var meter = await scene.GivenMeterAsync();
        foreach (var position in new[] { "\"location\":{\"latitude\":50.1,\"longitude\":30.2,\"accuracy_m\":5}", "\"location\":{\"lat\":50.1,\"lng\":30.2,\"accuracy\":5}", "\"latitude\":50.1,\"longitude\":30.2,\"accuracy_m\":5", "\"lat\":50.1,\"lng\":30.2,\"accuracy_m\":5" })
        {
            var answer = await client.PostAsync("/api/v1/readings", $$"""{"meter_id":"{{meter.Id}}","reading_value":1,{{position}}}""");
            Assert.Equal((50.1, 30.2, 5.0), ((double?)answer.Data["location"]!["latitude"], (double?)answer.Data["location"]!["longitude"], (double?)answer.Data["location"]!["accuracy_m"]));
        }
    }

    [Theory]
    [InlineData("""{"reading_value":1}""", 400, "request.invalid")]
    [InlineData("""{"meter_id":"METER"}""", 400, "request.invalid")]
    [InlineData("""{"meter_id":"METER","reading_value":1,"registers":[{"ordinal":1,"value":1}]}""", 400, "request.invalid")]
    [InlineData("""{"meter_id":"METER","registers":[{"ordinal":1}]}""", 400, "request.invalid")]
    [InlineData("""{"meter_id":"METER","registers":[{"value":1}]}""", 400, "request.invalid")]
    [InlineData("""{"meter_id":"METER","registers":[]}""", 400, "request.invalid")]
    [InlineData("""{"meter_id":"METER","registers":[null]}""", 400, "request.invalid")]
    [InlineData("""{"meter_id":"METER","registers":[{"ordinal":7,"value":1}]}""", 400, "reading.unknown_register")]
    [InlineData("""{"meter_id":"METER","registers":[{"ordinal":1,"value":1},{"label":"total","value":2}]}""", 400, "reading.register_twice")]
    [InlineData("""{"meter_id":"METER","reading_value":1.1234567}""", 400, "request.invalid")]
    [InlineData("""{"meter_id":"METER","reading_value":1000000000000}""", 400, "request.invalid")]
    [InlineData("""{"meter_id":"METER","reading_value":"many"}""", 400, "request.invalid")]
    [InlineData("""{"meter_id":"METER","reading_value":1e999}""", 400, "request.invalid")]
    [InlineData("""{"meter_id":"00000000-0000-0000-0000-000000000000","reading_value":1}""", 404, "reading.meter_not_found")]
    [InlineData("""{"serial_number":"nobody has this","reading_value":1}""", 404, "reading.meter_not_found")]
    [InlineData("""{"meter_id":"METER","reading_value":1,"source":"guess"}""", 400, "request.invalid")]
    [InlineData("""{"meter_id":"METER","reading_value":1,"source":"telemetry"}""", 403, "reading.source_not_allowed")]
    [InlineData("""{"meter_id":"METER","reading_value":1,"reading_date":"31.12.2025"}""", 400, "request.invalid")]
    [InlineData("""{"meter_id":"METER","reading_value":1,"reading_timestamp":"yesterday"}""", 400, "request.invalid")]
    [InlineData("""{"meter_id":"METER","reading_value":1,"location":{"latitude":91,"longitude":1}}""", 400, "request.invalid")]
    [InlineData("""{"meter_id":"METER","reading_value":1,"latitude":1}""", 400, "request.invalid")]
    [InlineData("""{"meter_id":"METER","reading_value":1,"photos":[""]}""", 400, "request.invalid")]
    [InlineData("[]", 400, "request.malformed")]
    public async Task Refuses_what_is_no_reading(string body, int status, string code)
    {
        var client = await server.SignInAsync("agent1");
        var meter = await scene.GivenMeterAsync();
        var answer = await client.PostAsync("/api/v1/readings", body.Replace("METER", meter.Id.ToString(), StringComparison.Ordinal));
        Assert.Equal((status, code), ((int)answer.Status, answer.Code));
        Assert.Equal(0, (int?)(await client.GetAsync($"/api/v1/readings?meter_id={meter.Id}")).Data["total"]);
    }

    [Fact]
    public async Task Holds_what_nothing_can_be_computed_with()
    {
        var client = await server.SignInAsync("agent1");
        var meter = await scene.GivenMeterAsync(digits: null, multiplier: 1000);
        await ReadingScene.ReadAsync(client, meter, 1, ReadingScene.Day(30));
        var huge = await ReadingScene.ReadAsync(client, meter, 999_999_999_999.999999m, ReadingScene.Day(0));
        Assert.Equal(("held", null), (huge.State(), huge.Consumption()));
        Assert.Contains("VEE-101", huge.Flags());
    }

    [Fact]
    public async Task A_day_stands_for_its_start()
    {
        var client = await server.SignInAsync("agent1");
        var meter = await scene.GivenMeterAsync();
        JsonNode reading = (await client.PostAsync("/api/v1/readings", new { meter_id = meter.Id, reading_value = 1, reading_date = "2026-01-31" })).Data;
        Assert.Equal("2026-01-31T00:00:00Z", (string?)reading["reading_timestamp"]);
    }
}

public sealed class CreateReadingOnSqliteTests(SqliteServer server) : CreateReadingTests(server), IClassFixture<SqliteServer>;

public sealed class CreateReadingOnPostgresTests(PostgresServer server) : CreateReadingTests(server), IClassFixture<PostgresServer>;
