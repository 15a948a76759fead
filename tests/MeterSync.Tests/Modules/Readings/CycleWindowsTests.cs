using MeterSync.Kernel;
using MeterSync.Modules.Readings.Public;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Readings;

public abstract class CycleWindowsTests(ServerFixture server)
{
    private readonly ReadingScene scene = new(server);

    private FixedCycles Cycles => (FixedCycles)server.Services.GetRequiredService<ICycleWindows>();

    [Fact]
    public async Task Two_readers_in_one_cycle_are_a_check_read_however_far_apart()
    {
        var (manager, agent) = (await server.SignInAsync("manager"), await server.SignInAsync("agent1"));
        var meter = await scene.GivenMeterAsync();
        await ReadingScene.MonthlyAsync(manager, meter, 1000, 100, 3);
        Cycles.Set(meter, ReadingScene.Day(29), ReadingScene.Day(-1));
        await ReadingScene.ReadAsync(manager, meter, 1210, ReadingScene.Day(28));
        Assert.Equal("VEE-111", (await ReadingScene.ReadAsync(agent, meter, 1270, ReadingScene.Day(2))).Flags());
        var wrong = await ReadingScene.ReadAsync(await server.SignInAsync("agent2"), meter, 1999, ReadingScene.Day(1));
        Assert.Equal("held", wrong.State());
        Assert.Contains("VEE-111", wrong.Flags());
    }

    [Fact]
    public async Task Readings_of_two_cycles_are_none_however_near()
    {
        var (manager, agent) = (await server.SignInAsync("manager"), await server.SignInAsync("agent1"));
        var meter = await scene.GivenMeterAsync();
        await ReadingScene.MonthlyAsync(manager, meter, 1000, 100, 3);
        Cycles.Set(meter, ReadingScene.Day(20), ReadingScene.Day(2));
        await ReadingScene.ReadAsync(manager, meter, 1290, ReadingScene.Day(3));
        Cycles.Set(meter, ReadingScene.Day(2), ReadingScene.Day(-5));
        Assert.Equal("", (await ReadingScene.ReadAsync(agent, meter, 1296, ReadingScene.Day(1))).Flags());
    }

    [Theory]
    [InlineData(12, 100)]
    [InlineData(2, 90)]
    public async Task An_actual_reading_makes_the_estimate_of_its_cycle_needless(int daysAgo, decimal use)
    {
        var client = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        await ReadingScene.MonthlyAsync(client, meter, 1000, 100, 3);
        Cycles.Set(meter, ReadingScene.Day(20), ReadingScene.Day(-1));
        await using var scope = server.Services.CreateAsyncScope();
        var made = Assert.Single(await scope.ServiceProvider.GetRequiredService<IEstimates>().EstimateAsync([new MeterId(meter.Id)], ReadingScene.Day(5), new EstimateTerms(), null, TestContext.Current.CancellationToken));
        var actual = await ReadingScene.ReadAsync(client, meter, 1200 + use, ReadingScene.Day(daysAgo));
        Assert.Equal(("accepted", use), (actual.State(), actual.Consumption()));
        var estimate = (await client.GetAsync($"/api/v1/readings/{made.ReadingId!.Value.Value}")).Data;
        Assert.Equal("superseded", estimate.State());
        Assert.Equal(1200 + use, (decimal)(await client.GetAsync($"/api/v1/meters/{meter.Id}")).Data["last_reading"]!["value"]!);
    }
}

/// <summary>Cycles a test sets.</summary>
internal sealed class FixedCycles : ICycleWindows
{
    private readonly Dictionary<MeterId, (DateTimeOffset From, DateTimeOffset To)> windows = [];

    public void Set(SceneMeter meter, DateTimeOffset from, DateTimeOffset to) => windows[new MeterId(meter.Id)] = (from, to);

    public (DateTimeOffset From, DateTimeOffset To)? OfMeter(MeterId meter, DateTimeOffset at) =>
        windows.TryGetValue(meter, out var window) && at >= window.From && at < window.To ? window : null;
}

public sealed class CycleSqliteServer : SqliteServer
{
    protected override void AdjustServices(IServiceCollection services) => services.AddSingleton<ICycleWindows, FixedCycles>();
}

public sealed class CyclePostgresServer : PostgresServer
{
    protected override void AdjustServices(IServiceCollection services) => services.AddSingleton<ICycleWindows, FixedCycles>();
}

public sealed class CycleWindowsOnSqliteTests(CycleSqliteServer server) : CycleWindowsTests(server), IClassFixture<CycleSqliteServer>;

public sealed class CycleWindowsOnPostgresTests(CyclePostgresServer server) : CycleWindowsTests(server), IClassFixture<CyclePostgresServer>;
