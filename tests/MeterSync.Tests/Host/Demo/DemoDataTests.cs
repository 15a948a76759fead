using System.Text.Json.Nodes;
using MeterSync.Host.Demo;
using MeterSync.Kernel;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Host.Demo;

/// <summary>The demo as a newcomer meets it: loaded by the server's own imports, looked at through the API.</summary>
public abstract class DemoDataTests(ServerFixture server, ITestOutputHelper output)
{
    [Fact]
    public async Task Has_five_hundred_meters_whose_readings_are_nearly_all_accepted()
    {
        var office = await server.SignInAsync("admin");

        Assert.Equal(500, await TotalAsync(office, "/api/v1/meters"));
        var (all, held) = (await TotalAsync(office, "/api/v1/readings"), await TotalAsync(office, "/api/v1/readings?state=held"));
        output.WriteLine($"{held} of {all} readings held");
        Assert.InRange(all, 11_000, 12_500);
        Assert.InRange(held, 10, all * 3 / 100);
        Assert.True(await TotalAsync(office, "/api/v1/readings?source=manual") > all / 3);
    }

    [Theory]
    [InlineData("GA-30273", "rollover", "accepted", "VEE-104")]
    [InlineData("WA-20292", "leak", "held", "VEE-105")]
    [InlineData("EL-10336", "over_estimate", "superseded", null)]
    [InlineData("EL-10498", "swapped_meter", "held", "VEE-103")]
    [InlineData("GA-30489", "misread", "held", "VEE-103")]
    [InlineData("EL-10885", "zero_use", "held", "VEE-107")]
    [InlineData("EL-11038", "inactive", "accepted", null)]
    [InlineData("EL-11209", "use_on_inactive", "held", "VEE-109")]
    public async Task Tells_a_case_where_the_documentation_says(string serial, string demoCase, string state, string? rule)
    {
        var office = await server.SignInAsync("admin");
        var meter = await MeterAsync(office, serial);
        Assert.Equal(demoCase, (string?)meter["metadata"]!["demo_case"]);

        var readings = (await office.GetAsync($"/api/v1/readings/meter/{(string?)meter["id"]}?limit=100")).Data["items"]!.AsArray();

        Assert.Equal(DemoVisits.Months + 1, readings.Count);
        Assert.Contains(readings, reading => (string?)reading!["state"] == state && (rule is null || Spoke(reading, rule)));
    }

    [Fact]
    public async Task Reads_day_and_night_registers_together_and_multiplies_where_transformers_are()
    {
        var office = await server.SignInAsync("admin");
        var twoRegisters = await MeterAsync(office, "EL-10066");
        Assert.Equal(["T1", "T2"], twoRegisters["registers"]!.AsArray().Select(register => (string?)register!["label"]));
        var reading = (await office.GetAsync($"/api/v1/readings/meter/{(string?)twoRegisters["id"]}")).Data["items"]![0]!;
        Assert.Equal(2, reading["values"]!.AsArray().Count);

        var transformer = (string?)(await MeterAsync(office, "EL-10030"))["id"];
        var newest = (await office.GetAsync($"/api/v1/readings/meter/{transformer}")).Data["items"]!.AsArray();
        var (value, before) = ((decimal)newest[0]!["reading_value"]!, (decimal)newest[1]!["reading_value"]!);
        Assert.Equal((value - before) * 40, (decimal)newest[0]!["values"]![0]!["verdict"]!["consumption"]!);
    }

    [Fact]
    public async Task Loads_nothing_at_the_next_start()
    {
        var office = await server.SignInAsync("admin");
        var before = await TotalAsync(office, "/api/v1/readings");
        var announced = new List<string>();
        await using var scope = server.Services.CreateAsyncScope();

        await scope.ServiceProvider.GetServices<IStartTask>().OfType<DemoData>().Single()
            .RunAsync(new StartRequest(Demo: true, OpenToNetwork: false, announced.Add), TestContext.Current.CancellationToken);

        Assert.Empty(announced);
        Assert.Equal(before, await TotalAsync(office, "/api/v1/readings"));
    }

    private static bool Spoke(JsonNode reading, string rule) =>
        reading["values"]!.AsArray().Any(value => value!["verdict"]!["flags"]!.AsArray().Any(flag => (string?)flag == rule));

    private static async Task<JsonNode> MeterAsync(ApiClient office, string serial)
    {
        var found = Assert.Single((await office.GetAsync($"/api/v1/meters?search={serial}")).Data["items"]!.AsArray());
        return (await office.GetAsync($"/api/v1/meters/{(string?)found!["id"]}")).Data;
    }

    private static async Task<int> TotalAsync(ApiClient office, string path) => (int)(await office.GetAsync(path)).Data["total"]!;
}

public sealed class DemoDataOnSqliteTests(DemoOnSqlite server, ITestOutputHelper output) : DemoDataTests(server, output), IClassFixture<DemoOnSqlite>;

public sealed class DemoDataOnPostgresTests(DemoOnPostgres server, ITestOutputHelper output) : DemoDataTests(server, output), IClassFixture<DemoOnPostgres>;

public sealed class DemoOnSqlite : SqliteServer
{
    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["Demo:Data"] = "true" };
}

public sealed class DemoOnPostgres : PostgresServer
{
    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["Demo:Data"] = "true" };
}
