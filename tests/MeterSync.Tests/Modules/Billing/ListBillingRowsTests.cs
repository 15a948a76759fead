using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Tests.Support;
using Xunit;
using static MeterSync.Tests.Modules.Billing.BillingScene;

namespace MeterSync.Tests.Modules.Billing;

public abstract class ListBillingRowsTests(ServerFixture server)
{
    private readonly BillingScene scene = new(server);

    [Fact]
    public async Task Measures_the_period_from_the_last_accepted_value_before_it()
    {
        var register = await scene.AddMeterAsync("A", owner: "North Mill Ltd");
        await scene.AddValueAsync(register, Day(1, 31), 900);
        var previous = await scene.AddValueAsync(register, Day(2, 28), 1000, 100);
        var current = await scene.AddValueAsync(register, Day(3, 31), 1150.5m, 150.5m, flags: "VEE-106");
        await scene.AddValueAsync(register, Day(4, 30), 1300, 149.5m);

        var row = await OnlyRowAsync("2026-03-01", "2026-04-01");
        Assert.Equal((scene.Serial("A"), "total", "1.8.1", "kwh", "kWh"), ((string?)row["serial_number"], (string?)row["register"], (string?)row["obis_code"], (string?)row["quantity"], (string?)row["unit"]));
        Assert.Equal((1000m, 1150.5m, 150.5m, 31m), (Number(row, "previous_value"), Number(row, "current_value"), Number(row, "consumption"), Number(row, "days")));
        Assert.Equal(("2026-02-28T09:00:00Z", "2026-03-31T09:00:00Z"), ((string?)row["previous_at"], (string?)row["current_at"]));
        Assert.Equal((previous.Id.Value.ToString(), current.Id.Value.ToString(), current.ReadingId.Value.ToString()), ((string?)row["previous_value_id"], (string?)row["current_value_id"], (string?)row["current_reading_id"]));
        Assert.Equal(("billable", "valid", """["VEE-106"]"""), ((string?)row["state"], (string?)row["quality"], row["flags"]!.ToJsonString()));
        Assert.Equal(("12 Mill Lane", "North Mill Ltd", scene.Location, "NMI-A"), ((string?)row["address"], (string?)row["owner"], (string?)row["location_id"], (string?)row["external_id"]));
        Assert.Null((string?)row["remark"]);
    }

    [Fact]
    public async Task Adds_up_all_accepted_values_in_the_period_and_no_others()
    {
        var register = await scene.AddMeterAsync("A");
        await scene.AddValueAsync(register, Day(3, 1, 0), 1000, 70);
        await scene.AddValueAsync(register, Day(3, 10), 1010, 10, quality: Quality.Edited, flags: "VEE-110,VEE-108");
        await scene.AddValueAsync(register, Day(3, 15), 5000, 3990, ReadingState.Held, Quality.Suspect);
        await scene.AddValueAsync(register, Day(3, 16), 5000, 3990, ReadingState.Rejected, Quality.Rejected);
        await scene.AddValueAsync(register, Day(3, 20), 1025, 15, flags: "VEE-106,VEE-108");
        await scene.AddValueAsync(register, Day(4, 1, 0), 1040, 15);

        var row = await OnlyRowAsync("2026-03-01", "2026-04-01");
        Assert.Equal((95m, 3, 1, 1025m), (Number(row, "consumption"), (int)row["value_count"]!, (int)row["held_count"]!, Number(row, "current_value")));
        Assert.Equal(("edited", """["VEE-106","VEE-108","VEE-110"]"""), ((string?)row["quality"], row["flags"]!.ToJsonString()));
        Assert.Equal("1 further reading in the period is held. No reading before the period: use is counted from the first one in it.", (string?)row["remark"]);
        Assert.Equal([1000m, 1010m, 1025m], row["inputs"]!.AsArray().Select(input => Number(input!, "value")!.Value));
        Assert.Equal(95m, row["inputs"]!.AsArray().Sum(input => Number(input!, "consumption")));
    }

    [Fact]
    public async Task Takes_the_use_across_a_rollover_as_it_was_accepted()
    {
        var register = await scene.AddMeterAsync("A", multiplier: 40);
        await scene.AddValueAsync(register, Day(2, 28), 99900);
        await scene.AddValueAsync(register, Day(3, 31), 20, 4800, flags: "VEE-104");
        var row = await OnlyRowAsync("2026-03-01", "2026-04-01");
        Assert.Equal((4800m, 40m), (Number(row, "consumption"), Number(row, "multiplier")));
        Assert.Equal("""["VEE-104"]""", row["flags"]!.ToJsonString());
    }

    [Theory]
    [InlineData(Quality.Estimated, Quality.Valid, "estimated")]
    [InlineData(Quality.Valid, Quality.Estimated, "estimated")]
    [InlineData(Quality.Edited, Quality.Valid, "edited")]
    public async Task Shows_the_worst_quality_of_what_it_rests_on(Quality before, Quality after, string shown)
    {
        var register = await scene.AddMeterAsync("A");
        await scene.AddValueAsync(register, Day(2, 28), 1000, quality: before);
        await scene.AddValueAsync(register, Day(3, 31), 1100, 100, quality: after);
        Assert.Equal(shown, (string?)(await OnlyRowAsync("2026-03-01", "2026-04-01"))["quality"]);
    }

    [Fact]
    public async Task A_held_reading_is_not_billed_but_told()
    {
        var register = await scene.AddMeterAsync("A");
        await scene.AddValueAsync(register, Day(2, 28), 1000);
        await scene.AddValueAsync(register, Day(3, 31), 9000, 8000, ReadingState.Held, Quality.Suspect, "VEE-105");
        var row = await OnlyRowAsync("2026-03-01", "2026-04-01");
        Assert.Equal(("held", 1, "1 reading in the period is held; none is billable."), ((string?)row["state"], (int)row["held_count"]!, (string?)row["remark"]));
        Assert.Equal((1000m, null, null), (Number(row, "previous_value"), Number(row, "current_value"), Number(row, "consumption")));
        Assert.Null(row["quality"]);
    }

    [Fact]
    public async Task A_register_without_a_reading_is_there_as_missing()
    {
        await scene.AddMeterAsync("A");
        var row = await OnlyRowAsync("2026-03-01", "2026-04-01");
        Assert.Equal(("missing", "No reading in the period.", "kWh"), ((string?)row["state"], (string?)row["remark"], (string?)row["unit"]));
    }

    [Fact]
    public async Task A_first_reading_has_nothing_to_measure_from()
    {
        var register = await scene.AddMeterAsync("A");
        await scene.AddValueAsync(register, Day(3, 31), 20);
        var row = await OnlyRowAsync("2026-03-01", "2026-04-01");
        Assert.Equal(("billable", "First reading of the register: there is nothing to measure its use from."), ((string?)row["state"], (string?)row["remark"]));
        Assert.Null(Number(row, "consumption"));
    }

    [Fact]
    public async Task A_demand_register_shows_its_value_and_no_use()
    {
        var register = await scene.AddMeterAsync("A", kind: RegisterKind.MaximumDemand);
        await scene.AddValueAsync(register, Day(2, 28), 80);
        await scene.AddValueAsync(register, Day(3, 31), 75);
        var row = await OnlyRowAsync("2026-03-01", "2026-04-01");
        Assert.Equal((75m, null, "billable"), (Number(row, "current_value"), Number(row, "consumption"), (string?)row["state"]));
        Assert.Null((string?)row["remark"]);
    }

    [Fact]
    public async Task Each_reading_counts_with_the_multiplier_of_its_day()
    {
        var register = await scene.AddMeterAsync("A", multiplier: 1);
        await scene.SaveAsync(db => db.Add(new RegisterVersion { RegisterId = register.Id, EffectiveFrom = Day(3, 15), Unit = "kWh", Digits = 5, Multiplier = 40 }));
        await scene.AddValueAsync(register, Day(2, 28), 1000);
        await scene.AddValueAsync(register, Day(3, 10), 1010, 10);
        await scene.AddValueAsync(register, Day(3, 31), 1020, 400);
        var row = await OnlyRowAsync("2026-03-01", "2026-04-01");
        Assert.Equal((410m, 40m), (Number(row, "consumption"), Number(row, "multiplier")));
        Assert.Contains("Unit or multiplier changed", (string?)row["remark"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_by_serial_number_and_register_and_pages()
    {
        await scene.AddMeterAsync("b");
        await scene.AddMeterAsync("C", secondRegister: true);
        await scene.AddMeterAsync("A");
        var client = await server.SignInAsync("viewer");
        var expected = new[] { ("A", "total"), ("C", "total"), ("C", "T2"), ("b", "total") }.Select(pair => (scene.Serial(pair.Item1), pair.Item2)).ToList();
        List<(string, string)> found = [];
        for (var page = 1; page <= 2; page++)
        {
            var answer = (await client.GetAsync(scene.RowsOf("2026-03-01", "2026-04-01").Replace("limit=100", $"limit=3&page={page}", StringComparison.Ordinal))).Data;
            Assert.Equal((4, 2), ((int)answer["total"]!, (int)answer["pages"]!));
            found.AddRange(answer["items"]!.AsArray().Select(row => ((string)row!["serial_number"]!, (string)row["register"]!)));
        }

        Assert.Equal(expected, found);
    }

    [Fact]
    public async Task A_meter_in_store_without_readings_gives_no_row()
    {
        var register = await scene.AddMeterAsync("A");
        await scene.AddMeterAsync("B");
        await scene.SaveAsync(db =>
        {
            var meter = db.Set<Meter>().Single(candidate => candidate.Id == register.MeterId);
            meter.Status = MeterStatus.Inactive;
            meter.ServicePointId = null;
            db.Set<MeterInstallation>().Single(installation => installation.MeterId == meter.Id).RemovedAt = Day(2, 10);
        });
        var client = await server.SignInAsync("manager");
        var serials = (await ItemsAsync(client, scene.RowsOf("2026-03-01", "2026-04-01"))).Select(row => (string?)row!["serial_number"]);
        Assert.Equal([scene.Serial("B")], serials);

        // While it still was there, it is billed there.
        await scene.AddValueAsync(register, Day(2, 9), 100);
        Assert.Equal([scene.Serial("A"), scene.Serial("B")], (await ItemsAsync(client, scene.RowsOf("2026-02-01", "2026-03-01"))).Select(row => (string?)row!["serial_number"]));
    }

    [Theory]
    [InlineData("from=2026-04-01&to=2026-03-01", "to")]
    [InlineData("from=2026-03-01&to=2026-03-01", "to")]
    [InlineData("from=march&to=2026-03-01", "from")]
    [InlineData("from=2026-03-01&to=2026-02-30", "to")]
    [InlineData("to=2026-03-01", "from")]
    public async Task Refuses_a_period_that_is_none(string query, string field)
    {
        var client = await server.SignInAsync("manager");
        var answer = await client.GetAsync("/api/v1/billing-rows?" + query);
        Assert.Equal((HttpStatusCode.BadRequest, "request.invalid"), (answer.Status, answer.Code));
        Assert.NotNull(answer.Body["error"]!["details"]![field]);
    }

    [Fact]
    public async Task Agents_see_no_bills()
    {
        var client = await server.SignInAsync("agent1");
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(scene.RowsOf("2026-03-01", "2026-04-01"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/api/v1/billing-runs")).Status);
    }

    private async Task<JsonNode> OnlyRowAsync(string from, string to)
    {
        var client = await server.SignInAsync("manager");
        return Assert.Single(await ItemsAsync(client, scene.RowsOf(from, to)))!;
    }

    private static decimal? Number(JsonNode row, string name) => (decimal?)row[name];
}

public sealed class ListBillingRowsOnSqliteTests(SqliteServer server) : ListBillingRowsTests(server), IClassFixture<SqliteServer>;

public sealed class ListBillingRowsOnPostgresTests(PostgresServer server) : ListBillingRowsTests(server), IClassFixture<PostgresServer>;
