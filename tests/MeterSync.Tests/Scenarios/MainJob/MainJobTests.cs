using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Scenarios.MainJob;

/// <summary>
/// The main job with real input: ten homes, their older months imported from the system before, their newer ones entered by an agent, what is
/// held verified by the office, and every month billed. Bills must say to the last decimal what the half-hours sum to.
/// </summary>
public abstract class MainJobTests(ServerFixture server, ITestOutputHelper output)
{
    /// <summary>Readings from here on are entered one by one; they are young enough for that.</summary>
    private static readonly DateTimeOffset EnteredFrom = new(2013, 2, 10, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Ten_real_homes_are_billed_to_the_last_decimal_as_their_half_hours_say()
    {
        var homes = SharedData.TenHomes();
        var office = await server.SignInAsync("admin");
        var agent = await server.SignInAsync("agent1");
        var journey = new MainJobJourney(office, agent, homes);

        await journey.ImportMetersAsync();
        await journey.AssignMetersAsync();
        await journey.ImportReadingsBeforeAsync(EnteredFrom);
        var held = await journey.VerifyHeldAsync();
        foreach (var month in journey.Rounds(EnteredFrom))
        {
            await journey.EnterReadingsAsync(month);
            held.AddRange(await journey.VerifyHeldAsync());
        }

        held.ForEach(output.WriteLine);
        Assert.InRange(held.Count, 1, homes.Sum(home => home.Readings.Count) / 20);
        Assert.All(held, reason => Assert.Contains("expected", reason, StringComparison.Ordinal));
        Assert.Equal(homes.Sum(home => home.HalfHours.Sum(halfHour => halfHour.Kwh)), await journey.BillEveryMonthAsync());
    }
}

public sealed class MainJobOnSqliteTests(SqliteServerIn2014 server, ITestOutputHelper output) : MainJobTests(server, output), IClassFixture<SqliteServerIn2014>;

public sealed class MainJobOnPostgresTests(PostgresServerIn2014 server, ITestOutputHelper output) : MainJobTests(server, output), IClassFixture<PostgresServerIn2014>;
