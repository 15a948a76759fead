using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Modules.Workforce;
using MeterSync.Tests.Support;
using Xunit;
using static MeterSync.Tests.Modules.Readings.ExchangeScene;

namespace MeterSync.Tests.Modules.Readings;

public abstract class ExchangeMeterTests(ServerFixture server)
{
    [Fact]
    public async Task Ends_one_installation_and_begins_the_next_at_the_same_place()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        var exchange = await scene.ExchangeAsync();
        Assert.False((bool)exchange["held"]!);
        Assert.Equal(("accepted", 50m), (exchange["removal"]!.State(), exchange["removal"]!.Consumption()));
        Assert.Equal(("accepted", null), (exchange["install"]!.State(), exchange["install"]!.Consumption()));

        var (old, following) = (await scene.MeterAsync(scene.Id), await scene.MeterAsync(NewId(exchange)));
        Assert.Equal(("out_of_service", null, null), ((string?)old["status"], (string?)old["service_point_id"], (string?)old["address"]));
        Assert.Equal((1450m, ReadingScene.Text(ReadingScene.Day(15))), ((decimal)old["last_reading"]!["value"]!, (string?)old["last_reading"]!["at"]));
        Assert.Equal(("active", (string?)scene.Meter["service_point_id"], $"A {scene.Tag} Street"), ((string?)following["status"], (string?)following["service_point_id"], (string?)following["address"]));
        Assert.Equal(ReadingScene.Text(ReadingScene.Day(15)), (string?)following["installed_at"]);
        var register = following["registers"]!.AsArray().Single()!;
        Assert.Equal(("total", "kwh", "kWh", 5, 1), ((string?)register["label"], (string?)register["quantity"], (string?)register["unit"], (int?)register["digits"], (int?)register["decimals"]));

        foreach (var id in new[] { scene.Id, NewId(exchange) })
        {
            var listed = (await scene.Client.GetAsync($"/api/v1/meters/{id}/exchanges")).Data["items"]!.AsArray().Single()!;
            Assert.Equal((scene.Serial("A"), scene.Serial("B"), "Calibration period is over"), ((string?)listed["old_meter"]!["serial_number"], (string?)listed["new_meter"]!["serial_number"], (string?)listed["reason"]));
            Assert.Null(listed["undone_at"]);
        }
    }

    [Fact]
    public async Task Bills_both_segments_and_their_sum_is_the_use_of_the_place()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        var exchange = await scene.ExchangeAsync();
        await ReadingScene.ReadAsync(scene.Client, SceneOf(await scene.MeterAsync(NewId(exchange))), 55, ReadingScene.Day(1));

        var rows = await scene.RowsAsync(20, 0);
        Assert.Equal([scene.Serial("A"), scene.Serial("B")], rows.Select(row => (string?)row["serial_number"]));
        Assert.Equal([(1400m, 1450m, 50m), (3m, 55m, 52m)], rows.Select(row => ((decimal)row["previous_value"]!, (decimal)row["current_value"]!, (decimal)row["consumption"]!)));
        Assert.All(rows, row => Assert.Equal(("billable", $"A {scene.Tag} Street", "Owner A"), ((string?)row["state"], (string?)row["address"], (string?)row["owner"])));
        Assert.Equal(102m, rows.Sum(row => (decimal)row["consumption"]!));
        Assert.Equal((ReadingScene.Text(ReadingScene.Day(15)), null), ((string?)rows[0]["removed_at"], (string?)rows[0]["installed_at"]));
        Assert.Equal((null, ReadingScene.Text(ReadingScene.Day(15))), ((string?)rows[1]["removed_at"], (string?)rows[1]["installed_at"]));
        Assert.Contains("use is counted from its install value", (string?)rows[1]["remark"]);
        Assert.DoesNotContain("No reading before the period", (string?)rows[1]["remark"]);

        Assert.Equal([scene.Serial("A")], (await scene.RowsAsync(80, 65)).Select(row => (string?)row["serial_number"]));
        Assert.Equal("missing", (string?)(await scene.RowsAsync(80, 65))[0]["state"]);
        var after = Assert.Single(await scene.RowsAsync(10, 0));
        Assert.Equal((scene.Serial("B"), 52m, 3m), ((string?)after["serial_number"], (decimal)after["consumption"]!, (decimal)after["previous_value"]!));
        var month = await scene.RowsAsync(20, 10);
        Assert.Equal([("billable", 50m), ("billable", (decimal?)null)], month.Select(row => ((string?)row["state"], (decimal?)row["consumption"])));
    }

    [Fact]
    public async Task Counts_a_removal_at_the_very_beginning_of_a_period_in_that_period()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        await scene.ExchangeAsync();
        Assert.Equal(50m, (decimal?)(await scene.RowsAsync(15, 5))[0]["consumption"]);
        Assert.Equal("missing", (string?)Assert.Single(await scene.RowsAsync(25, 15))["state"]);
    }

    [Fact]
    public async Task Expects_of_the_new_meter_what_the_old_one_counted()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        var following = SceneOf(await scene.MeterAsync(NewId(await scene.ExchangeAsync())));
        var high = await ReadingScene.ReadAsync(scene.Client, following, 403, ReadingScene.Day(1));
        Assert.Equal(("held", "VEE-105", 400m), (high.State(), high.Flags(), high.Consumption()));
        Assert.Equal(3.333333m, Math.Round((decimal)high.Verdict()["expected"]!["average_daily_use"]!, 6));
        var low = await ReadingScene.ReadAsync(scene.Client, following, 10, ReadingScene.Day(1));
        Assert.Equal(("accepted", "VEE-106", 7m), (low.State(), low.Flags(), low.Consumption()));
    }

    [Fact]
    public async Task Goes_on_expecting_through_a_second_exchange()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        var first = await scene.ExchangeAsync();
        var second = await scene.ExchangeAsync(NewId(first), scene.Body("C", removal: 36, install: 0, daysAgo: 5));
        Assert.Equal(33m, second["removal"]!.Consumption());
        var reading = await ReadingScene.ReadAsync(scene.Client, SceneOf(await scene.MeterAsync(NewId(second))), 900, ReadingScene.Day(1));
        Assert.Equal(("held", "VEE-105"), (reading.State(), reading.Flags()));
        Assert.Equal(2, (await scene.Client.GetAsync($"/api/v1/meters/{NewId(second)}/exchanges")).Data["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task Happens_although_a_rule_holds_the_removal_value()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        var answer = await scene.Client.PostAsync($"/api/v1/meters/{scene.Id}/exchange", scene.Body(removal: 1390));
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.True((bool)answer.Data["held"]!);
        Assert.Equal(("held", "VEE-103"), (answer.Data["removal"]!.State(), answer.Data["removal"]!.Flags()));
        Assert.Contains("holds", (string?)answer.Body["message"]);
        Assert.Equal("held", (string?)(await scene.RowsAsync(20, 0))[0]["state"]);

        await scene.Client.PostAsync($"/api/v1/readings/{(string?)answer.Data["removal_reading_id"]}/correct", new { reading_value = 1460, reason = "Digits turned round" });
        Assert.Equal(("billable", 60m), ((string?)(await scene.RowsAsync(20, 0))[0]["state"], (decimal?)(await scene.RowsAsync(20, 0))[0]["consumption"]));
    }

    [Fact]
    public async Task Takes_an_estimate_where_the_old_meter_cannot_be_read_any_more()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        var body = new { serial_number = scene.Serial("B"), exchanged_at = ReadingScene.Day(15), removal_estimated = true, removal_readings = new[] { new { label = "total", value = 1450 } }, install_readings = new[] { new { label = "total", value = 0 } } };
        var exchange = await scene.ExchangeAsync(body: body);
        Assert.Equal(("estimate", "estimated"), ((string?)exchange["removal"]!["source"], (string?)exchange["removal"]!["quality"]));
    }

    [Fact]
    public async Task A_reading_from_before_the_removal_that_comes_late_is_judged_as_of_its_day()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        await scene.ExchangeAsync();
        var late = await ReadingScene.ReadAsync(scene.Client, scene.AsScene, 1430, ReadingScene.Day(20));
        Assert.Equal(("accepted", "VEE-110", 30m), (late.State(), late.Flags(), late.Consumption()));
        Assert.Equal(50m, (decimal?)(await scene.RowsAsync(25, 10))[0]["consumption"]);
        var afterwards = await ReadingScene.ReadAsync(scene.Client, scene.AsScene, 1471, ReadingScene.Day(3));
        Assert.Equal(("held", "VEE-109"), (afterwards.State(), afterwards.Flags()));
    }

    [Fact]
    public async Task A_meter_from_store_counts_anew_at_its_next_place()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        await scene.ExchangeAsync();
        var other = await scene.OtherAsync("X");
        await ReadingScene.ReadAsync(scene.Client, SceneOf(other), 500, ReadingScene.Day(12));
        var second = await scene.ExchangeAsync((string)other["id"]!, scene.Body("A", removal: 520, install: 1460, daysAgo: 8));
        Assert.Equal(scene.Id, NewId(second));
        Assert.Equal((null, 20m), (second["install"]!.Consumption(), second["removal"]!.Consumption()));
        var reading = await ReadingScene.ReadAsync(scene.Client, scene.AsScene, 1475, ReadingScene.Day(1));
        Assert.Equal(("accepted", 15m), (reading.State(), reading.Consumption()));

        var rows = await scene.RowsAsync(20, 0);
        Assert.Equal(["A", "A", "B", "X"], rows.Select(row => ((string)row["serial_number"]!)[^1..]));
        Assert.Equal([("Owner A", 50m), ("Owner X", 15m), ("Owner A", null), ("Owner X", 20m)], rows.Select(row => ((string?)row["owner"], (decimal?)row["consumption"])));

        var run = await scene.Client.PostAsync("/api/v1/billing-runs", new { period_from = ReadingScene.Day(20), period_to = ReadingScene.Day(0), location_id = scene.Tag });
        var job = await scene.Client.WaitForJobAsync($"/api/v1/billing-runs/jobs/{(string?)run.Data["id"]}");
        Assert.Equal(4, (int)job["result"]!["lines"]!);
        var path = $"/api/v1/billing-runs/{(string?)job["result"]!["billing_run_id"]}/adjustments";
        Assert.Empty((await scene.Client.GetAsync(path)).Data["items"]!.AsArray());
        await scene.Client.PostAsync($"/api/v1/readings/{(string?)reading["id"]}/correct", new { reading_value = 1480, reason = "Misread" });
        var difference = (await scene.Client.GetAsync(path)).Data["items"]!.AsArray().Single()!;
        Assert.Equal((scene.Serial("A"), 5m, 15m, 20m), ((string?)difference["serial_number"], (decimal)difference["difference"]!, (decimal)difference["old_consumption"]!, (decimal)difference["new_consumption"]!));
    }

    [Fact]
    public async Task A_meter_is_not_put_anywhere_at_the_very_instant_it_was_taken_away()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        await scene.ExchangeAsync();
        var other = await scene.OtherAsync("X");
        Assert.Equal("exchange.too_early", await CodeAsync(scene, (string)other["id"]!, scene.Body("A", removal: 20, install: 1450)));
        Assert.Equal(50m, (await scene.RowsAsync(20, 0)).Sum(row => (decimal?)row["consumption"] ?? 0));
    }

    [Fact]
    public async Task A_role_that_sees_the_own_meters_exchanges_them_and_undoes_it()
    {
        var admin = await server.SignInAsync("admin");
        var name = WorkCalls.NewName("mechanic");
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/roles", new { name, permissions = new[] { "meters:read", "meters:exchange", "readings:read", "readings:create" }, sees = "own" })).Status);
        var user = (string)(await admin.MakeUserAsync(name, name))["id"]!;
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/agents", new { user_id = user, status = "available" })).Status);
        var mechanic = await server.SignInWithAsync(name);

        var (own, strange) = (await MakeAsync(admin), await MakeAsync(admin));
        await admin.GiveAsync(own.Id, user);
        var exchanged = await mechanic.PostAsync($"/api/v1/meters/{own.Id}/exchange", own.Body());
        Assert.True(exchanged.Status == HttpStatusCode.Created, exchanged.Body.ToJsonString());
        Assert.Equal("meter.not_found", (await mechanic.PostAsync($"/api/v1/meters/{strange.Id}/exchange", strange.Body())).Code);

        // He was given the new meter only; the old one that comes back was never his.
        var made = await strange.ExchangeAsync();
        await admin.GiveAsync(NewId(made), user);
        var undone = await mechanic.DeleteAsync($"/api/v1/meters/{NewId(made)}/exchanges/{made["id"]}");
        Assert.True(undone.Status == HttpStatusCode.OK, undone.Body.ToJsonString());
    }

    [Fact]
    public async Task Takes_registers_for_a_new_meter_of_another_kind()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        object[] registers = [new { label = "T1", quantity = "kwh", unit = "kWh", digits = 6, decimals = 2 }, new { label = "T2", quantity = "kwh", unit = "kWh", digits = 6, decimals = 2 }, new { label = "peak", quantity = "kw_max", unit = "kW", kind = "maximum_demand" }];
        var body = new { serial_number = scene.Serial("B"), removal_readings = new[] { new { label = "total", value = 1450 } }, install_readings = new[] { new { label = "T1", value = 0.5 }, new { label = "T2", value = 0.25 } }, registers };
        var exchange = await scene.ExchangeAsync(body: body);
        Assert.Equal(["T1", "T2", "peak"], (await scene.MeterAsync(NewId(exchange)))["registers"]!.AsArray().Select(register => (string?)register!["label"]));
    }

    [Fact]
    public async Task Refuses_a_meter_from_store_that_does_not_count_the_same()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        var reactive = await scene.OtherAsync("R", new[] { new { label = "reactive", quantity = "kvarh", unit = "kvarh", digits = 5, decimals = 1 } });
        await scene.ExchangeAsync((string)reactive["id"]!, new { serial_number = scene.Serial("S"), removal_readings = new[] { new { ordinal = 1, value = 7 } }, install_readings = new[] { new { ordinal = 1, value = 0 } } });
        Assert.Equal("exchange.registers_differ", await CodeAsync(scene, scene.Id, scene.Body("R", daysAgo: 0)));
    }

    [Fact]
    public async Task Refuses_what_cannot_be()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        var other = await scene.OtherAsync("X");
        Assert.Equal("meter.not_found", await CodeAsync(scene, Guid.CreateVersion7().ToString(), scene.Body()));
        Assert.Equal("exchange.in_future", await CodeAsync(scene, scene.Id, scene.Body(daysAgo: -2)));
        Assert.Equal("exchange.too_early", await CodeAsync(scene, scene.Id, scene.Body(daysAgo: 31)));
        Assert.Equal("exchange.installed_elsewhere", await CodeAsync(scene, scene.Id, scene.Body("X")));
        Assert.Equal("request.invalid", await CodeAsync(scene, scene.Id, scene.Body("A")));
        Assert.Equal("reading.unknown_register", await CodeAsync(scene, scene.Id, With("removal_readings", """[{"label":"T9","value":1}]""")));
        Assert.Equal("reading.register_twice", await CodeAsync(scene, scene.Id, With("install_readings", """[{"ordinal":1,"value":1},{"label":"total","value":1}]""")));
        Assert.Equal("request.invalid", await CodeAsync(scene, scene.Id, With("install_readings", """[{"ordinal":1,"value":1234567890123}]""")));
        Assert.Equal("request.invalid", await CodeAsync(scene, scene.Id, With("install_readings", "[null]")));
        Assert.Equal("request.invalid", await CodeAsync(scene, scene.Id, With("install_readings", """[{"value":1}]""")));
        Assert.Equal("request.invalid", await CodeAsync(scene, scene.Id, With("registers", "[null]")));
        Assert.Equal("active", (string?)(await scene.MeterAsync(scene.Id))["status"]);

        var two = await scene.OtherAsync("Y", new[] { new { label = "T1", quantity = "kwh", unit = "kWh" }, new { label = "T2", quantity = "kwh", unit = "kWh" } });
        Assert.Equal("exchange.register_not_read", await CodeAsync(scene, (string)two["id"]!, scene.Body("Z", removal: 5)));

        await scene.ExchangeAsync();
        Assert.Equal("exchange.not_installed", await CodeAsync(scene, scene.Id, scene.Body("D", daysAgo: 1)));
        Assert.Equal("exchange.too_early", await CodeAsync(scene, (string)other["id"]!, scene.Body("A", daysAgo: 16)));
        var denied = await (await server.SignInAsync("agent1")).PostAsync($"/api/v1/meters/{scene.Id}/exchange", scene.Body("D"));
        Assert.Equal(HttpStatusCode.Forbidden, denied.Status);

        JsonNode With(string field, string json)
        {
            var body = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(scene.Body("N")))!;
            body[field] = JsonNode.Parse(json);
            return body;
        }
    }

    [Fact]
    public async Task The_same_exchange_sent_again_is_made_once()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        var body = scene.Body(clientId: Guid.CreateVersion7());
        var first = await scene.ExchangeAsync(body: body);
        var again = await scene.Client.PostAsync($"/api/v1/meters/{scene.Id}/exchange", body);
        Assert.Equal((HttpStatusCode.OK, (string?)first["id"]), (again.Status, (string?)again.Data["id"]));
        var other = scene.Body("C", clientId: Guid.Parse((string)first["client_id"]!));
        Assert.Equal("exchange.client_id_conflict", await CodeAsync(scene, scene.Id, other));
        Assert.Equal("exchange.client_id_conflict", await CodeAsync(scene, NewId(first), scene.Body("C", removal: 9, install: 0, daysAgo: 2, clientId: Guid.Parse((string)first["client_id"]!))));
    }

    [Fact]
    public async Task Of_two_exchanges_of_one_meter_at_once_one_wins()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => scene.Client.PostAsync($"/api/v1/meters/{scene.Id}/exchange", scene.Body($"N{number}"))));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Created), answer => Assert.Equal((HttpStatusCode.Conflict, "exchange.not_installed"), (answer.Status, answer.Code)));
        Assert.Single((await scene.Client.GetAsync($"/api/v1/meters/{scene.Id}/exchanges")).Data["items"]!.AsArray());
    }

    [Fact]
    public async Task Of_two_meters_that_are_to_get_the_same_new_one_one_does()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        var other = await scene.OtherAsync("X");
        var answers = await Task.WhenAll(new[] { scene.Id, (string)other["id"]! }.Select(id => scene.Client.PostAsync($"/api/v1/meters/{id}/exchange", scene.Body("N"))));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Contains(answers.Single(answer => answer.Status != HttpStatusCode.Created).Code, new[] { "meter.serial_taken", "exchange.installed_elsewhere" });
    }

    [Fact]
    public async Task A_list_that_still_has_the_old_meter_at_its_place_is_told_so()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        await scene.ExchangeAsync();
        var job = await scene.Client.RunFileJobAsync("/api/v1/meters/import", "list.csv", System.Text.Encoding.UTF8.GetBytes($"serial_number,meter_type,address,priority\n{scene.Serial("A")},electric,1 Old Street,high\n"));
        Assert.Equal("meter.in_store", (string?)job["result"]!["problems"]![0]!["code"]);
        job = await scene.Client.RunFileJobAsync("/api/v1/meters/import", "list.csv", System.Text.Encoding.UTF8.GetBytes($"serial_number,meter_type,priority\n{scene.Serial("A")},electric,high\n"));
        Assert.Equal(1, (int)job["result"]!["updated"]!);
        await scene.Client.PatchAsync($"/api/v1/meters/{scene.Id}", new { estimated_time = 7 });
        var old = await scene.MeterAsync(scene.Id);
        Assert.Equal(("high", 7, null), ((string?)old["priority"], (int?)old["estimated_time"], (string?)old["service_point_id"]));
    }

    private static async Task<string?> CodeAsync(ExchangeScene scene, string id, object body) => (await scene.Client.PostAsync($"/api/v1/meters/{id}/exchange", body)).Code;
}

public sealed class ExchangeMeterOnSqliteTests(SqliteServer server) : ExchangeMeterTests(server), IClassFixture<SqliteServer>;

public sealed class ExchangeMeterOnPostgresTests(PostgresServer server) : ExchangeMeterTests(server), IClassFixture<PostgresServer>;
