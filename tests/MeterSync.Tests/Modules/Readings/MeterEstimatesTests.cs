using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Metering.Estimation;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Readings;

public abstract class MeterEstimatesTests(ServerFixture server)
{
    private readonly ReadingScene scene = new(server);

    [Fact]
    public async Task Takes_last_year_times_the_trend_and_keeps_how()
    {
        var client = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        await ReadingScene.MonthlyAsync(client, meter, 1000, 100, 13);
        var made = Assert.Single(await EstimateAsync(meter));
        Assert.Equal((EstimateResult.Estimated, 2300m, EstimationMethod.SamePeriodLastYear, "kWh"), (made.Result, made.Value!.Value, made.Method!.Value, made.Unit));
        Assert.Equal(["last_year_use_per_day", "trend", "days"], made.Inputs.Select(input => input.Name));

        var reading = (await client.GetAsync($"/api/v1/readings/{made.ReadingId!.Value.Value}")).Data;
        Assert.Equal(("estimate", "estimated", "accepted", 100m), ((string?)reading["source"], (string?)reading["quality"], reading.State(), reading.Consumption()));
        var estimate = reading["values"]![0]!["estimate"]!;
        Assert.Equal(("same_period_last_year", made.Explanation, 30m), ((string?)estimate["method"], (string?)estimate["explanation"], (decimal)estimate["inputs"]![2]!["value"]!));
        var listed = (await client.GetAsync($"/api/v1/readings/meter/{meter.Id}?limit=2")).Data["items"]!.AsArray();
        Assert.Equal("same_period_last_year", (string?)listed[0]!["values"]![0]!["estimate"]!["method"]);
        Assert.Null(listed[1]!["values"]![0]!["estimate"]);
    }

    [Fact]
    public async Task Goes_on_from_recent_periods_or_draws_a_line_to_what_follows()
    {
        var client = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        await ReadingScene.MonthlyAsync(client, meter, 1000, 90, 3);
        Assert.Equal((EstimationMethod.RecentPeriods, 1270m), await OneAsync(meter, ReadingScene.Day(0)));
        var sparse = await scene.MeterAsync();
        await ReadingScene.ReadAsync(client, sparse, 1000, ReadingScene.Day(90));
        var next = await ReadingScene.ReadAsync(client, sparse, 1300, ReadingScene.Day(0));
        Assert.Equal((EstimationMethod.Linear, 1200m), await OneAsync(sparse, ReadingScene.Day(30)));
        Assert.Equal(100m, (await ReadingScene.GetAsync(client, next)).Consumption());
    }

    [Fact]
    public async Task Takes_what_meters_of_the_type_use_in_the_region_else_anywhere()
    {
        var client = await server.SignInAsync("admin");
        var region = (string)(await client.PostAsync("/api/v1/regions", new { name = $"est {Guid.CreateVersion7()}" })).Data["id"]!;
        var scenes = new List<SceneMeter>();
        foreach (var use in new[] { 300m, 600m, 900m })
        {
            var known = await ExchangeScene.MakeAsync(client, Registers("kvah"), region);
            await ReadingScene.ReadAsync(client, known.AsScene, 100, ReadingScene.Day(60));
            await ReadingScene.ReadAsync(client, known.AsScene, 100 + use, ReadingScene.Day(30));
            scenes.Add(known.AsScene);
        }

        var inside = (await ExchangeScene.MakeAsync(client, Registers("kvah"), region)).AsScene;
        var outside = (await ExchangeScene.MakeAsync(client, Registers("kvah"))).AsScene;
        var stranger = (await ExchangeScene.MakeAsync(client, Registers("kvarh"))).AsScene;
        foreach (var fresh in new[] { inside, outside, stranger })
        {
            await ReadingScene.ReadAsync(client, fresh, 50, ReadingScene.Day(10));
        }

        Assert.Equal((EstimationMethod.RegionMedian, 250m), await OneAsync(inside, ReadingScene.Day(0)));
        Assert.Equal((EstimationMethod.TypeMedian, 250m), await OneAsync(outside, ReadingScene.Day(0)));
        var none = Assert.Single(await EstimateAsync(stranger));
        Assert.Equal((EstimateResult.Impossible, null), (none.Result, none.ReadingId));
        Assert.Contains("Nothing is known", none.Explanation);
    }

    [Fact]
    public async Task Says_why_no_estimate_is_made_and_makes_none_twice()
    {
        var client = await server.SignInAsync("manager");
        var (never, inactive, read, demand) = (await scene.MeterAsync(), await scene.MeterAsync(status: MeterStatus.Inactive), await scene.MeterAsync(), (await ExchangeScene.MakeAsync(client, new[] { new { label = "peak", quantity = "kw_max", unit = "kW", kind = "maximum_demand" } })).AsScene);
        await ReadingScene.ReadAsync(client, inactive, 10, ReadingScene.Day(20));
        await ReadingScene.MonthlyAsync(client, read, 1000, 90, 3);
        await ReadingScene.ReadAsync(client, read, 1240, ReadingScene.Day(5));
        await ReadingScene.ReadAsync(client, demand, 5, ReadingScene.Day(20));
        var terms = new EstimateTerms(Window: (ReadingScene.Day(6), ReadingScene.Day(-1)));
        var made = await EstimateAsync([never, inactive, read, demand], ReadingScene.Day(0), terms);
        Assert.Equal(
            [(never.Id, EstimateResult.Impossible), (inactive.Id, EstimateResult.Impossible), (read.Id, EstimateResult.Read)],
            made.OrderBy(one => Array.IndexOf([never.Id, inactive.Id, read.Id], one.MeterId.Value)).Select(one => (one.MeterId.Value, one.Result)));
        Assert.Empty((await client.GetAsync($"/api/v1/readings?meter_id={never.Id}")).Data["items"]!.AsArray());

        Assert.Equal(EstimateResult.Estimated, Assert.Single(await EstimateAsync(read)).Result);
        var again = Assert.Single(await EstimateAsync(read));
        Assert.Equal((EstimateResult.Already, null), (again.Result, again.ReadingId));
        Assert.Equal(5, (await client.GetAsync($"/api/v1/readings?meter_id={read.Id}")).Data["items"]!.AsArray().Count);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => EstimateAsync([read], ReadingScene.Day(-1), new EstimateTerms()));
    }

    [Fact]
    public async Task Flags_the_third_estimate_in_a_row()
    {
        var client = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        for (var month = 6; month >= 3; month--)
        {
            await ReadingScene.ReadAsync(client, meter, 1000 + (100 * (6 - month)), ReadingScene.Day(month * 30));
        }

        var flags = new List<string>();
        foreach (var day in new[] { 60, 30, 0 })
        {
            flags.Add(Assert.Single(await EstimateAsync([meter], ReadingScene.Day(day), new EstimateTerms())).Flags);
        }

        Assert.Equal(["", "", "VEE-114"], flags);
    }

    [Theory]
    [InlineData(1480, 1440, 40)]
    [InlineData(1440, 1420, 20)] // below the estimate of 1450: that was wrong
    [InlineData(1580, 1490, 90)]
    public async Task Gives_way_to_a_straight_line_when_the_truth_arrives(decimal actual, decimal straightened, decimal use)
    {
        var client = await server.SignInAsync("manager");
        var place = await ExchangeScene.MakeAsync(client);
        var estimate = Assert.Single(await EstimateAsync([place.AsScene], ReadingScene.Day(15), new EstimateTerms(Notes: "Nobody got in")));
        var guess = estimate.Value!.Value;
        Assert.Equal(1450m, guess);
        var run = await FreezeAsync(client, place, 20, 10);
        var truth = await ReadingScene.ReadAsync(client, place.AsScene, actual, ReadingScene.Day(0));
        Assert.Equal(("accepted", use), (truth.State(), truth.Consumption()));

        var reading = (await client.GetAsync($"/api/v1/readings/{estimate.ReadingId!.Value.Value}")).Data;
        Assert.Equal(("accepted", straightened, "linear", "estimated", 2), (reading.State(), (decimal)reading["values"]![0]!["value"]!, (string?)reading["values"]![0]!["estimate"]!["method"], (string?)reading["quality"], (int)reading["version"]!));
        Assert.Equal(straightened - 1400, reading.Consumption());
        var before = reading["superseded"]!.AsArray().Single()!;
        Assert.Equal((guess, "superseded", (string?)before["id"]), ((decimal)before["value"]!, (string?)before["verdict"]!["state"], (string?)reading["values"]![0]!["supersedes_id"]));

        var difference = (await client.GetAsync($"/api/v1/billing-runs/{run}/adjustments")).Data["items"]!.AsArray().Single()!;
        Assert.Equal(straightened - guess, (decimal)difference["difference"]!);
        Assert.Contains("was corrected", (string?)difference["reason"]);
        var row = Assert.Single(await place.RowsAsync(20, 10));
        Assert.Contains("A straight line from", (string?)row["remark"]);
    }

    [Fact]
    public async Task Follows_the_truth_when_that_is_corrected_or_another_comes_between()
    {
        var client = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        await ReadingScene.MonthlyAsync(client, meter, 1000, 100, 4);
        var first = Assert.Single(await EstimateAsync([meter], ReadingScene.Day(20), new EstimateTerms()));
        var second = Assert.Single(await EstimateAsync([meter], ReadingScene.Day(10), new EstimateTerms()));
        var truth = await ReadingScene.ReadAsync(client, meter, 1330, ReadingScene.Day(0));
        Assert.Equal((1310m, 1320m), (await ValueAsync(client, first), await ValueAsync(client, second)));
        await client.PostAsync($"/api/v1/readings/{(string?)truth["id"]}/correct", new { reading_value = 1390, reason = "Misread" });
        Assert.Equal((1330m, 1360m), (await ValueAsync(client, first), await ValueAsync(client, second)));
        Assert.Equal(30m, (await ReadingScene.GetAsync(client, truth)).Consumption());
        var between = await ReadingScene.ReadAsync(client, meter, 1320, ReadingScene.Day(15));
        Assert.Equal(("accepted", 6.7m), (between.State(), between.Consumption()));
        Assert.Equal((1313.3m, 1343.3m), (await ValueAsync(client, first), await ValueAsync(client, second)));
    }

    [Fact]
    public async Task Gives_way_to_the_truth_of_a_file_too()
    {
        var client = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        await ReadingScene.MonthlyAsync(client, meter, 1000, 100, 3);
        var made = Assert.Single(await EstimateAsync([meter], ReadingScene.Day(15), new EstimateTerms()));
        var job = await client.RunFileJobAsync("/api/v1/readings/import", "late.csv", System.Text.Encoding.UTF8.GetBytes($"serial_number,reading_value,reading_timestamp\n{meter.SerialNumber},1280,{ReadingScene.Text(ReadingScene.Day(0))}\n"));
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        Assert.Equal(1240m, await ValueAsync(client, made));
        var listed = (await client.GetAsync($"/api/v1/readings/meter/{meter.Id}?limit=2")).Data["items"]!.AsArray();
        Assert.Equal([40m, 40m], listed.Select(reading => reading!.Consumption()!.Value));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_value_below_the_last_one_that_somebody_lets_pass_is_no_rollover(bool fromFile)
    {
        var client = await server.SignInAsync("manager");
        var place = await ExchangeScene.MakeAsync(client);
        var misread = await ReadingScene.ReadAsync(client, place.AsScene, 5800, ReadingScene.Day(25));
        await client.PostAsync($"/api/v1/readings/{(string?)misread["id"]}/verify", new { note = "It says so" });
        var made = Assert.Single(await EstimateAsync([place.AsScene], ReadingScene.Day(15), new EstimateTerms()));
        Assert.InRange(made.Value!.Value, 5800, 7500);
        var run = await FreezeAsync(client, place, 30, 10);
        var held = await ReadingScene.ReadAsync(client, place.AsScene, 5400, ReadingScene.Day(0));
        Assert.Equal(("held", "VEE-103"), (held.State(), held.Flags()));
        var verified = await client.PostAsync($"/api/v1/readings/{(string?)held["id"]}/verify", new { note = "Read twice" });
        Assert.Equal(5400 - made.Value, verified.Data.Consumption());
        if (fromFile)
        {
            var job = await client.RunFileJobAsync("/api/v1/readings/import", "low.csv", System.Text.Encoding.UTF8.GetBytes($"serial_number,reading_value,reading_timestamp\n{place.AsScene.SerialNumber},1300,{ReadingScene.Text(ReadingScene.Day(70))}\n"));
            Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        }

        Assert.Equal(made.Value, await ValueAsync(client, made));
        Assert.Empty((await client.GetAsync($"/api/v1/billing-runs/{run}/adjustments")).Data["items"]!.AsArray());

        // Once the misread value is put right there is a line to draw.
        await client.PostAsync($"/api/v1/readings/{(string?)misread["id"]}/correct", new { reading_value = 1420, reason = "A digit too many" });
        await client.PostAsync($"/api/v1/readings/{(string?)held["id"]}/correct", new { reading_value = 1470, reason = "A digit too many" });
        Assert.Equal(1440m, await ValueAsync(client, made));
    }

    [Fact]
    public async Task A_late_misread_value_between_makes_no_rollover_either()
    {
        var client = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        await ReadingScene.MonthlyAsync(client, meter, 1000, 100, 4);
        var made = Assert.Single(await EstimateAsync([meter], ReadingScene.Day(10), new EstimateTerms()));
        await ReadingScene.ReadAsync(client, meter, 1390, ReadingScene.Day(0));
        Assert.Equal(1360m, await ValueAsync(client, made));
        var late = await ReadingScene.ReadAsync(client, meter, 1395, ReadingScene.Day(15));
        Assert.Equal("accepted", late.State());
        Assert.Equal("superseded", (await client.GetAsync($"/api/v1/readings/{made.ReadingId!.Value.Value}")).Data.State());
        var listed = (await client.GetAsync($"/api/v1/readings/meter/{meter.Id}?limit=1")).Data["items"]!.AsArray().Single()!;
        Assert.Equal((-5m, "VEE-103"), (listed.Consumption()!.Value, listed.Flags()));
    }

    [Fact]
    public async Task An_estimate_somebody_entered_stays_as_it_was_entered()
    {
        var client = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        await ReadingScene.MonthlyAsync(client, meter, 1000, 100, 3);
        var entered = await ReadingScene.ReadAsync(client, meter, 1222, ReadingScene.Day(15), "estimate");
        await ReadingScene.ReadAsync(client, meter, 1300, ReadingScene.Day(0));
        var reading = await ReadingScene.GetAsync(client, entered);
        Assert.Equal((1222m, "accepted"), ((decimal)reading["values"]![0]!["value"]!, reading.State()));
    }

    [Fact]
    public async Task Estimates_thousands_of_meters_in_parts_each_from_its_own_past()
    {
        List<SceneMeter> meters = await ManyAsync(1_100);
        var done = new List<int>();
        await using var scope = server.Services.CreateAsyncScope();
        var made = await scope.ServiceProvider.GetRequiredService<IEstimates>().EstimateAsync([.. meters.Select(meter => new MeterId(meter.Id))], ReadingScene.Day(0), new EstimateTerms(), done.Add, TestContext.Current.CancellationToken);
        Assert.Equal([500, 1_000, 1_100], done);
        Assert.All(made, one => Assert.Equal(EstimateResult.Estimated, one.Result));
        var byMeter = made.ToDictionary(one => one.MeterId.Value, one => one.Value);
        Assert.Equal(Enumerable.Range(0, 1_100).Select(number => (decimal?)(1_000 + (2 * number))), meters.Select(meter => byMeter[meter.Id]));
        var last = (await (await server.SignInAsync("manager")).GetAsync($"/api/v1/meters/{meters[7].Id}")).Data["last_reading"]!;
        Assert.Equal((1_014m, ReadingScene.Text(ReadingScene.Day(0))), ((decimal)last["value"]!, (string?)last["at"]));
    }

    private Task<IReadOnlyList<EstimateOutcome>> EstimateAsync(SceneMeter meter) => EstimateAsync([meter], ReadingScene.Day(0), new EstimateTerms());

    private async Task<IReadOnlyList<EstimateOutcome>> EstimateAsync(SceneMeter[] meters, DateTimeOffset at, EstimateTerms terms)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IEstimates>().EstimateAsync([.. meters.Select(meter => new MeterId(meter.Id))], at, terms, null, TestContext.Current.CancellationToken);
    }

    private async Task<(EstimationMethod? Method, decimal? Value)> OneAsync(SceneMeter meter, DateTimeOffset at)
    {
        var made = Assert.Single(await EstimateAsync([meter], at, new EstimateTerms()));
        return (made.Method, made.Value);
    }

    private static async Task<decimal> ValueAsync(ApiClient client, EstimateOutcome made) => (decimal)(await client.GetAsync($"/api/v1/readings/{made.ReadingId!.Value.Value}")).Data["values"]![0]!["value"]!;

    private static async Task<string> FreezeAsync(ApiClient client, ExchangeScene place, int from, int to)
    {
        var accepted = await client.PostAsync("/api/v1/billing-runs", new { period_from = ReadingScene.Day(from), period_to = ReadingScene.Day(to), location_id = place.Tag });
        return (string)(await client.WaitForJobAsync($"/api/v1/billing-runs/jobs/{(string?)accepted.Data["id"]}"))["result"]!["billing_run_id"]!;
    }

    private static Dictionary<string, object>[] Registers(string quantity) => [new() { ["label"] = "total", ["quantity"] = quantity, ["unit"] = quantity, ["digits"] = 5, ["decimals"] = 1 }];

    /// <summary>Straight into the tables: two readings thirty days apart; the use is the meter's number.</summary>
    private async Task<List<SceneMeter>> ManyAsync(int count)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var (db, ids) = (scope.ServiceProvider.GetRequiredService<MeterSyncDb>(), scope.ServiceProvider.GetRequiredService<IdSource>());
        var (now, made, readings) = (TimeProvider.System.GetUtcNow().ToStored(), new List<SceneMeter>(), new List<object>());
        for (var number = 0; number < count; number++)
        {
            var meter = new Meter { Id = ids.Next<MeterId>(), SerialNumber = $"many-{Guid.CreateVersion7()}", MeterType = MeterType.Electric, CreatedAt = now, UpdatedAt = now };
            var register = new Register { Id = ids.Next<RegisterId>(), MeterId = meter.Id, Quantity = "kwh", CreatedAt = now };
            db.AddRange(meter, register, new RegisterVersion { RegisterId = register.Id, EffectiveFrom = RegisterVersion.Always, Unit = "kWh", Digits = 6, Decimals = 0 });
            ReadingValue? before = null;
            foreach (var (day, value) in new[] { (60, 1_000m), (30, 1_000m + number) })
            {
                var reading = new Reading { Id = ids.Next<ReadingId>(), MeterId = meter.Id, ReadingAt = ReadingScene.Day(day), ReceivedAt = now, State = ReadingState.Accepted };
                var kept = new ReadingValue { Id = ids.Next<ReadingValueId>(), ReadingId = reading.Id, MeterId = meter.Id, RegisterId = register.Id, Ordinal = 1, ReadingAt = reading.ReadingAt, Value = value, State = ReadingState.Accepted, PreviousValueId = before?.Id, Consumption = before is null ? null : value - before.Value, Days = before is null ? null : 30 };
                readings.AddRange([reading, kept]);
                before = kept;
            }

            db.Add(new MeterLastReading { MeterId = meter.Id, ReadingAt = ReadingScene.Day(30), Value = 1_000m + number, Unit = "kWh" });
            made.Add(new SceneMeter(meter.Id.Value, meter.SerialNumber, [register.Id.Value]));
        }

        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
        db.AddRange(readings);
        await db.SaveChangesAsync();
        return made;
    }
}

public sealed class MeterEstimatesOnSqliteTests(SqliteServer server) : MeterEstimatesTests(server), IClassFixture<SqliteServer>;

public sealed class MeterEstimatesOnPostgresTests(PostgresServer server) : MeterEstimatesTests(server), IClassFixture<PostgresServer>;
