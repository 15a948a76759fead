using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Meters;

public abstract class MeterSlicesTests(ServerFixture server)
{
    [Fact]
    public async Task Makes_a_meter_with_a_main_register_by_its_type()
    {
        var client = await server.SignInAsync("manager");
        var serial = MeterCalls.NewSerial();
        var made = await client.PostAsync("/api/v1/meters", new { serial_number = $" {serial} ", type = "water", digits = 5, decimals = 3, address = "Mill Lane 3", owner = "Flat 3", estimated_time = "4", metadata = new { floor = 2 } });
        Assert.Equal((HttpStatusCode.Created, "\"1\""), (made.Status, made.ETag));
        Assert.Equal((serial, "water", "active", "medium", 4), ((string?)made.Data["serial_number"], (string?)made.Data["meter_type"], (string?)made.Data["status"], (string?)made.Data["priority"], (int?)made.Data["estimated_time"]));
        var read = await client.GetAsync($"/api/v1/meters/{(string?)made.Data["id"]}");
        Assert.True(JsonNode.DeepEquals(made.Data, read.Data), read.Data.ToJsonString());
        var register = Assert.Single(read.Data["registers"]!.AsArray())!;
        Assert.Equal(("total", "m3", "m3", 5, 3, 1m, "cumulative", "import"), ((string?)register["label"], (string?)register["quantity"], (string?)register["unit"], (int?)register["digits"], (int?)register["decimals"], (decimal?)register["multiplier"], (string?)register["kind"], (string?)register["direction"]));
        Assert.Equal(2, (int?)read.Data["metadata"]!["floor"]);
        Assert.Null(read.Data["last_reading"]);
    }

    [Fact]
    public async Task Makes_the_registers_described()
    {
        var client = await server.SignInAsync("manager");
        var meter = await client.MakeMeterAsync(new
        {
            serial_number = MeterCalls.NewSerial(),
            meter_type = "electric",
            registers = new object[]
            {
                new { label = "T1", unit = "KWH", digits = 6, multiplier = "40", obis_code = "1.8.1", maximum_use_per_day = 5000 },
                new { label = "demand", quantity = "kw_max", kind = "maximum_demand", runs_backwards = false, direction = "export" },
            },
        });
        var registers = meter["registers"]!.AsArray();
        Assert.Equal(("T1", "kwh", "kWh", 40m, "1.8.1"), ((string?)registers[0]!["label"], (string?)registers[0]!["quantity"], (string?)registers[0]!["unit"], (decimal?)registers[0]!["multiplier"], (string?)registers[0]!["obis_code"]));
        Assert.Equal((2, "kw_max", "kW", "maximum_demand", "export"), ((int?)registers[1]!["ordinal"], (string?)registers[1]!["quantity"], (string?)registers[1]!["unit"], (string?)registers[1]!["kind"], (string?)registers[1]!["direction"]));
    }

    [Theory]
    [InlineData("""{"coordinates":{"latitude":48.5,"longitude":23.25}}""")]
    [InlineData("""{"location":{"lat":"48.5","lng":"23.25"}}""")]
    [InlineData("""{"coordinates":{"lat":48.5,"lon":23.25}}""")]
    [InlineData("""{"lat":48.5,"lng":23.25}""")]
    [InlineData("""{"latitude":48.5,"longitude":23.25,"location":{"latitude":48.5,"longitude":23.25}}""")]
    public async Task Understands_every_spelling_of_a_position(string spelling)
    {
        var client = await server.SignInAsync("manager");
        var body = JsonNode.Parse(spelling)!.AsObject();
        body["serial_number"] = MeterCalls.NewSerial();
        body["meter_type"] = "gas";
        body["position_source"] = "surveyed";
        var meter = await client.MakeMeterAsync(body);
        Assert.Equal((48.5, 23.25, "surveyed"), ((double?)meter["coordinates"]!["latitude"], (double?)meter["coordinates"]!["longitude"], (string?)meter["position_source"]));
    }

    [Theory]
    [InlineData("""{"meter_type":"electric"}""", "serial_number")]
    [InlineData("""{"serial_number":"x"}""", "meter_type")]
    [InlineData("""{"serial_number":"x","meter_type":"steam"}""", "meter_type")]
    [InlineData("""{"serial_number":"x","meter_type":"gas","type":"water"}""", "type")]
    [InlineData("""{"serial_number":"x\u0000y","meter_type":"gas"}""", "serial_number")]
    [InlineData("""{"serial_number":"x","meter_type":"gas","coordinates":{"latitude":1}}""", "coordinates")]
    [InlineData("""{"serial_number":"x","meter_type":"gas","coordinates":{"latitude":91,"longitude":0}}""", "coordinates.latitude")]
    [InlineData("""{"serial_number":"x","meter_type":"gas","lat":1,"lng":1,"location":{"lat":2,"lng":1}}""", "coordinates")]
    [InlineData("""{"serial_number":"x","meter_type":"gas","position_source":"surveyed"}""", "position_source")]
    [InlineData("""{"serial_number":"x","meter_type":"gas","time_zone":"Mars/Base"}""", "time_zone")]
    [InlineData("""{"serial_number":"x","meter_type":"gas","metadata":[1]}""", "metadata")]
    [InlineData("""{"serial_number":"x","meter_type":"gas","metadata":{"a":"\u0000"}}""", "metadata")]
    [InlineData("""{"serial_number":"x","meter_type":"gas","estimated_time":0}""", "estimated_time")]
    [InlineData("""{"serial_number":"x","meter_type":"gas","registers":[{"digits":13}]}""", "registers[0].digits")]
    [InlineData("""{"serial_number":"x","meter_type":"gas","registers":[{"multiplier":0}]}""", "registers[0].multiplier")]
    [InlineData("""{"serial_number":"x","meter_type":"gas","registers":[{"multiplier":0.1234567}]}""", "registers[0].multiplier")]
    [InlineData("""{"serial_number":"x","meter_type":"gas","registers":[null]}""", "registers")]
    public async Task Refuses_a_meter_that_cannot_be_and_names_the_field(string body, string field)
    {
        var client = await server.SignInAsync("manager");
        var answer = await client.PostAsync("/api/v1/meters", body);
        Assert.True(answer is { Status: HttpStatusCode.BadRequest, Code: "request.invalid" or "request.malformed" }, answer.Body.ToJsonString());
        Assert.NotNull(answer.Body["error"]!["details"]![field]);
    }

    [Fact]
    public async Task Refuses_a_serial_number_that_another_meter_has()
    {
        var client = await server.SignInAsync("manager");
        var (first, second) = (MeterCalls.NewSerial(), MeterCalls.NewSerial());
        await client.MakeMeterAsync(new { serial_number = first, meter_type = "gas" });
        var again = await client.PostAsync("/api/v1/meters", new { serial_number = first, meter_type = "gas" });
        Assert.Equal((HttpStatusCode.Conflict, "meter.serial_taken"), (again.Status, again.Code));
        var other = await client.MakeMeterAsync(new { serial_number = second, meter_type = "gas" });
        var renamed = await client.PatchAsync($"/api/v1/meters/{(string?)other["id"]}", new { serial_number = first });
        Assert.Equal((HttpStatusCode.Conflict, "meter.serial_taken"), (renamed.Status, renamed.Code));
    }

    [Fact]
    public async Task Patching_changes_what_is_given_and_putting_sets_the_rest_back()
    {
        var client = await server.SignInAsync("manager");
        var meter = await client.MakeMeterAsync(new { serial_number = MeterCalls.NewSerial(), meter_type = "heat", owner = "Flat 9", address = "Quay 1", priority = "high", lat = 1.5, lng = 2.5, position_source = "geocoded", metadata = new { a = 1 }, time_zone = "Europe/Kyiv" });
        var path = $"/api/v1/meters/{(string?)meter["id"]}";

        var patched = await client.PatchAsync(path, new { owner = "Flat 10", address = (string?)null });
        Assert.Equal(("Flat 10", null, "high", 1.5, "geocoded"), ((string?)patched.Data["owner"], (string?)patched.Data["address"], (string?)patched.Data["priority"], (double?)patched.Data["coordinates"]!["latitude"], (string?)patched.Data["position_source"]));
        Assert.Equal(("\"2\"", 2), (patched.ETag, (int?)patched.Data["version"]));

        var same = await client.PatchAsync(path, new { owner = "Flat 10", metadata = new { a = 1 } });
        Assert.Equal("\"2\"", same.ETag);

        var moved = await client.PatchAsync(path, new { lat = 1.6, lng = 2.5 });
        Assert.Equal(("unknown", "\"3\""), ((string?)moved.Data["position_source"], moved.ETag));

        var put = await client.PutAsync(path, new { serial_number = (string?)meter["serial_number"], meter_type = "heat", address = "Quay 2" });
        Assert.Equal(("Quay 2", null, "medium", null, null, "{}"), ((string?)put.Data["address"], (string?)put.Data["owner"], (string?)put.Data["priority"], put.Data["coordinates"], (string?)put.Data["time_zone"], put.Data["metadata"]!.ToJsonString()));
        Assert.Single(put.Data["registers"]!.AsArray());
        var bare = await client.PutAsync(path, new { address = "Quay 2" });
        Assert.Equal((HttpStatusCode.BadRequest, "request.invalid"), (bare.Status, bare.Code));
    }

    [Fact]
    public async Task A_lost_update_is_refused_for_the_meter_its_service_point_and_its_registers()
    {
        var client = await server.SignInAsync("manager");
        var meter = await client.MakeMeterAsync(new { serial_number = MeterCalls.NewSerial(), meter_type = "electric" });
        var path = $"/api/v1/meters/{(string?)meter["id"]}";
        var register = $"{path}/registers/{(string?)meter["registers"]![0]!["id"]}";

        var changed = await client.PatchAsync(path, new { access_notes = "ring twice" }, headers => headers.Add("If-Match", "\"1\""));
        Assert.Equal((HttpStatusCode.OK, "\"2\""), (changed.Status, changed.ETag));
        foreach (var late in new[]
        {
            await client.PatchAsync(path, new { owner = "Flat 1" }, headers => headers.Add("If-Match", "\"1\"")),
            await client.PutAsync(path, new { serial_number = "z", meter_type = "electric" }, headers => headers.Add("If-Match", "\"1\"")),
            await client.PutAsync(register, new { digits = 6 }, headers => headers.Add("If-Match", "\"1\"")),
            await client.PostAsync(path + "/registers", new { label = "T2" }, headers => headers.Add("If-Match", "\"1\"")),
            await client.DeleteAsync(path, headers => headers.Add("If-Match", "\"1\"")),
        })
        {
            Assert.Equal((HttpStatusCode.PreconditionFailed, "resource.lost_update"), (late.Status, late.Code));
        }

        var digits = await client.PutAsync(register, new { digits = 6 }, headers => headers.Add("If-Match", "\"2\""));
        Assert.Equal((HttpStatusCode.OK, "\"3\""), (digits.Status, digits.ETag));
        var added = await client.PostAsync(path + "/registers", new { label = "T2" });
        Assert.Equal((HttpStatusCode.Created, "\"4\""), (added.Status, added.ETag));
        Assert.Equal(("\"4\"", 2), ((await client.GetAsync(path)).ETag, (await client.GetAsync(path + "/registers")).Data["items"]!.AsArray().Count));
    }

    [Fact]
    public async Task A_register_changes_from_an_instant_on_and_keeps_its_past()
    {
        var client = await server.SignInAsync("manager");
        var meter = await client.MakeMeterAsync(new { serial_number = MeterCalls.NewSerial(), meter_type = "electric", digits = 5 });
        var path = $"/api/v1/meters/{(string?)meter["id"]}/registers/{(string?)meter["registers"]![0]!["id"]}";
        await client.PutAsync(path, new { digits = 6 });
        await client.PutAsync(path, new { multiplier = 40, effective_from = "2025-05-01T00:00:00+02:00" });
        var replaced = await client.PutAsync(path, new { multiplier = 60, effective_from = "2025-04-30T22:00:00Z" });
        var versions = replaced.Data["versions"]!.AsArray();
        Assert.Equal((2, 1m, 60m), (versions.Count, (decimal?)versions[0]!["multiplier"], (decimal?)versions[1]!["multiplier"]));
        Assert.Equal((null, "2025-04-30T22:00:00Z", 6, 6), ((string?)versions[0]!["effective_from"], (string?)versions[1]!["effective_from"], (int?)versions[0]!["digits"], (int?)versions[1]!["digits"]));
        var early = await client.PutAsync(path, new { multiplier = 80, effective_from = "2025-04-30T21:59:59Z" });
        Assert.Equal((HttpStatusCode.Conflict, "register.version_too_early"), (early.Status, early.Code));
        var unknown = await client.PutAsync(path[..^12] + "000000000000", new { digits = 6 });
        Assert.Equal((HttpStatusCode.NotFound, "register.not_found"), (unknown.Status, unknown.Code));
    }

    [Fact]
    public async Task Deletes_a_meter_with_all_that_hangs_on_it_but_not_one_with_a_reading()
    {
        var client = await server.SignInAsync("manager");
        var gone = await client.MakeMeterAsync(new { serial_number = MeterCalls.NewSerial(), meter_type = "electric" });
        Assert.Equal(HttpStatusCode.OK, (await client.DeleteAsync($"/api/v1/meters/{(string?)gone["id"]}")).Status);
        var looked = await client.GetAsync($"/api/v1/meters/{(string?)gone["id"]}");
        Assert.Equal((HttpStatusCode.NotFound, "meter.not_found"), (looked.Status, looked.Code));
        Assert.Equal("meter.not_found", (await client.DeleteAsync($"/api/v1/meters/{(string?)gone["id"]}")).Code);

        foreach (var held in new[] { true, false })
        {
            var kept = await client.MakeMeterAsync(new { serial_number = MeterCalls.NewSerial(), meter_type = "electric" });
            await MeterRows.AddReadingAsync(server, kept, held);
            var refused = await client.DeleteAsync($"/api/v1/meters/{(string?)kept["id"]}");
            Assert.Equal((HttpStatusCode.Conflict, "meter.has_readings"), (refused.Status, refused.Code));
        }
    }

    [Fact]
    public async Task Every_change_leaves_audit_rows()
    {
        var client = await server.SignInAsync("manager");
        var meter = await client.MakeMeterAsync(new { serial_number = MeterCalls.NewSerial(), meter_type = "electric" });
        await client.PatchAsync($"/api/v1/meters/{(string?)meter["id"]}", new { owner = "Flat 4" });
        await client.DeleteAsync($"/api/v1/meters/{(string?)meter["id"]}");
        Assert.Equal(["created", "updated", "deleted"], await MeterRows.AuditActionsAsync(server, "meter", (string)meter["id"]!));
        Assert.Equal(["created", "updated", "deleted"], await MeterRows.AuditActionsAsync(server, "service_point", (string)meter["service_point_id"]!));
    }

    [Theory]
    [InlineData("viewer", HttpStatusCode.Forbidden)]
    [InlineData("agent1", HttpStatusCode.Forbidden)]
    public async Task Only_those_who_may_write_make_meters(string user, HttpStatusCode expected)
    {
        var client = await server.SignInAsync(user);
        Assert.Equal(expected, (await client.PostAsync("/api/v1/meters", new { serial_number = MeterCalls.NewSerial(), meter_type = "gas" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/meters?limit=1")).Status);
    }
}

public sealed class MeterSlicesOnSqliteTests(SqliteServer server) : MeterSlicesTests(server), IClassFixture<SqliteServer>;

public sealed class MeterSlicesOnPostgresTests(PostgresServer server) : MeterSlicesTests(server), IClassFixture<PostgresServer>;
