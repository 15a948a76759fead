using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Metering;
using MeterSync.Tests.Support;
using Xunit;
using static MeterSync.Tests.Modules.Billing.BillingScene;

namespace MeterSync.Tests.Modules.Billing;

public abstract class AdjustBillingRunTests(ServerFixture server)
{
    private readonly BillingScene scene = new(server);

    [Fact]
    public async Task A_correction_after_freezing_becomes_a_difference_that_names_the_reading()
    {
        var register = await scene.AddMeterAsync("A");
        await scene.AddValueAsync(register, Day(2, 28), 1000);
        var value = await scene.AddValueAsync(register, Day(3, 31), 1150, 150);
        var client = await server.SignInAsync("manager");
        var run = await FreezeMarchAsync(client);
        Assert.Empty(await ItemsAsync(client, run + "/adjustments"));
        await scene.CorrectAsync(value, 1250.5m, 250.5m);

        var difference = Assert.Single(await ItemsAsync(client, run + "/adjustments"))!;
        Assert.Equal((1150m, 1250.5m, 150m, 250.5m, 100.5m), (Number(difference, "old_value"), Number(difference, "new_value"), Number(difference, "old_consumption"), Number(difference, "new_consumption"), Number(difference, "difference")));
        Assert.Equal($"Reading {value.ReadingId.Value} of 2026-03-31 09:00 UTC was corrected: 1250.5 instead of 1150.", (string?)difference["reason"]);
    }

    [Fact]
    public async Task A_late_reading_is_told_from_one_that_is_accepted_later()
    {
        var late = await scene.AddMeterAsync("A");
        await scene.AddValueAsync(late, Day(2, 28), 1000);
        var released = await scene.AddMeterAsync("B");
        await scene.AddValueAsync(released, Day(2, 28), 500);
        var held = await scene.AddValueAsync(released, Day(3, 30), 560, 60, ReadingState.Held, Quality.Suspect);
        var client = await server.SignInAsync("manager");
        var run = await FreezeMarchAsync(client);
        var received = new DateTimeOffset(2100, 1, 2, 3, 4, 0, TimeSpan.Zero);
        var came = await scene.AddValueAsync(late, Day(3, 29), 1100, 100, receivedAt: received);
        await scene.ChangeAsync(held, value => (value.State, value.Quality) = (ReadingState.Accepted, Quality.Valid));

        var differences = await ItemsAsync(client, run + "/adjustments");
        Assert.Equal([("missing", "billable", 100m), ("held", "billable", 60m)], differences.Select(row => ((string)row!["old_state"]!, (string)row["new_state"]!, Number(row, "difference")!.Value)));
        Assert.Equal($"Reading {came.ReadingId.Value} of 2026-03-29 09:00 UTC came in late, on 2100-01-02 03:04 UTC: 1100.", (string?)differences[0]!["reason"]);
        Assert.Equal($"Reading {held.ReadingId.Value} of 2026-03-30 09:00 UTC is accepted now: 560.", (string?)differences[1]!["reason"]);
    }

    [Fact]
    public async Task A_second_adjustment_holds_only_what_is_new_and_all_add_up_to_the_present_use()
    {
        var first = await scene.AddMeterAsync("A");
        var value = await scene.AddValueAsync(first, Day(3, 31), 1150, 150);
        var second = await scene.AddMeterAsync("B");
        var other = await scene.AddValueAsync(second, Day(3, 31), 300, 30);
        var client = await server.SignInAsync("manager");
        var run = await FreezeMarchAsync(client);

        value = await scene.CorrectAsync(value, 1160, 160);
        var one = await client.PostAsync(run + "/adjustments");
        Assert.Equal((HttpStatusCode.Created, 1, 1), (one.Status, (int)one.Data["number"]!, (int)one.Data["lines"]!));
        Assert.Equal(10m, Number(one.Data["totals"]![0]!, "consumption"));
        Assert.Empty(await ItemsAsync(client, run + "/adjustments"));
        var nothing = await client.PostAsync(run + "/adjustments");
        Assert.Equal((HttpStatusCode.Conflict, "billing.nothing_to_adjust"), (nothing.Status, nothing.Code));

        await scene.CorrectAsync(value, 1155, 155);
        await scene.CorrectAsync(other, 290, 20);
        Assert.Equal(2, (int)(await client.PostAsync(run + "/adjustments")).Data["number"]!);
        var lines = await ItemsAsync(client, run + "/lines?adjustment=2");
        Assert.Equal([(1, -5m, 155m), (2, -10m, 20m)], lines.Select(line => ((int)line!["line_number"]!, Number(line, "billed_consumption")!.Value, Number(line, "consumption")!.Value)));
        Assert.Equal((10m, 1), (Number(Assert.Single(await ItemsAsync(client, run + "/lines?adjustment=1"))!, "billed_consumption"), (await client.GetAsync(run)).Data["adjustments"]!.AsArray().Count(set => (int)set!["number"]! == 1)));
        var shown = (await client.GetAsync(run)).Data;
        Assert.Equal((180m, 175m), (Number(shown["totals"]![0]!, "consumption"), Number(shown["adjusted_totals"]![0]!, "consumption")));
    }

    [Fact]
    public async Task A_rejected_reading_is_taken_back()
    {
        var register = await scene.AddMeterAsync("A");
        var value = await scene.AddValueAsync(register, Day(3, 31), 1150, 150);
        var client = await server.SignInAsync("manager");
        var run = await FreezeMarchAsync(client);
        await scene.ChangeAsync(value, changed => (changed.State, changed.Quality) = (ReadingState.Rejected, Quality.Rejected));
        var difference = Assert.Single(await ItemsAsync(client, run + "/adjustments"))!;
        Assert.Equal((-150m, "missing"), (Number(difference, "difference"), (string?)difference["new_state"]));
        Assert.Equal($"Reading {value.ReadingId.Value} of 2026-03-31 09:00 UTC (1150) no longer counts.", (string?)difference["reason"]);
    }

    [Fact]
    public async Task A_change_before_the_period_shows_where_it_changes_the_use_in_it()
    {
        var register = await scene.AddMeterAsync("A");
        var before = await scene.AddValueAsync(register, Day(2, 28), 1000);
        var value = await scene.AddValueAsync(register, Day(3, 31), 1150, 150);
        var client = await server.SignInAsync("manager");
        var run = await FreezeMarchAsync(client);
        await scene.CorrectAsync(before, 1010, null);
        await scene.ChangeAsync(value, changed => changed.Consumption = 140);
        var difference = Assert.Single(await ItemsAsync(client, run + "/adjustments"))!;
        Assert.Equal((1000m, 1010m, -10m), (Number(difference, "old_previous_value"), Number(difference, "new_previous_value"), Number(difference, "difference")));
        Assert.Equal($"Reading {before.ReadingId.Value} of 2026-02-28 09:00 UTC was corrected: 1010 instead of 1000. The use up to reading {value.ReadingId.Value} of 2026-03-31 09:00 UTC was computed anew: 140 instead of 150.", (string?)difference["reason"]);
    }

    [Fact]
    public async Task What_a_bill_does_not_rest_on_is_no_difference()
    {
        var register = await scene.AddMeterAsync("A", owner: "North Mill Ltd");
        await scene.AddValueAsync(register, Day(3, 31), 1150, 150);
        var client = await server.SignInAsync("manager");
        var run = await FreezeMarchAsync(client);
        await scene.AddValueAsync(register, Day(3, 15), 9000, 8000, ReadingState.Held);
        await scene.AddValueAsync(register, Day(4, 2), 1200, 50);
        await scene.SaveAsync(db => db.Set<MeterSync.Modules.Meters.Domain.ServicePoint>().Single(point => point.LocationId == scene.Location).Owner = "South Mill Ltd");
        Assert.Empty(await ItemsAsync(client, run + "/adjustments"));
    }

    private async Task<string> FreezeMarchAsync(ApiClient client) => $"/api/v1/billing-runs/{await scene.FreezeAsync(client, "2026-03-01", "2026-04-01")}";

    private static decimal? Number(JsonNode row, string name) => (decimal?)row[name];
}

public sealed class AdjustBillingRunOnSqliteTests(SqliteServer server) : AdjustBillingRunTests(server), IClassFixture<SqliteServer>;

public sealed class AdjustBillingRunOnPostgresTests(PostgresServer server) : AdjustBillingRunTests(server), IClassFixture<PostgresServer>;
