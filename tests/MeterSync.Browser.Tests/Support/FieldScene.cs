using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace MeterSync.Browser.Tests.Support;

/// <summary>What a scene is made of.</summary>
/// <param name="Meters">In the reader's walk.</param>
/// <param name="ReadBefore">Earlier readings of each meter, a month apart, so that there are limits.</param>
/// <param name="Name">User name of the reader, and part of what the region and the round are called; one of a kind on a server.</param>
/// <param name="FirstNumber">Of the serial numbers; scenes on one server need numbers that do not meet.</param>
public sealed record SceneSize(int Meters = 20, int ReadBefore = 3, string Name = "walker", int FirstNumber = 400_001);

/// <summary>A reader with a round of meters that were read before, made on a running server as an office makes it: by imports, a route and assignments.</summary>
public sealed class FieldScene : IAsyncDisposable
{
    /// <summary>Degrees, of the first house. The streets lie north of it, the houses east.</summary>
    public const double Latitude = 55.3280;
    public const double Longitude = 8.7600;
    private const double FarthestHouseMetres = 20_000;

    private FieldScene(Office office, FieldAgent agent, IReadOnlyList<SceneMeter> meters, SceneSize size) =>
        (Office, Agent, Meters, Size) = (office, agent, meters, size);

    public Office Office { get; }

    /// <summary>Whose work it is.</summary>
    public FieldAgent Agent { get; }

    /// <summary>In walking order.</summary>
    public IReadOnlyList<SceneMeter> Meters { get; }

    public SceneSize Size { get; }

    /// <param name="server">With the demo's accounts.</param>
    /// <exception cref="InvalidOperationException">The server refuses something.</exception>
    public static async Task<FieldScene> CreateAsync(IPlaywright playwright, Uri server, SceneSize size)
    {
        ArgumentNullException.ThrowIfNull(size);
        var office = await Office.OpenAsync(playwright, server);
        try
        {
            var region = $"Ground of {size.Name}";
            var regionId = (await office.Calls.SendAsync("POST", "/api/v1/regions", new { name = region, latitude = Latitude, longitude = Longitude, radius = FarthestHouseMetres })).GetProperty("id").GetString()!;
            SceneMeter[] planned = [.. Enumerable.Range(0, size.Meters).Select(index => SceneMeter.At(index, size.FirstNumber, Latitude, Longitude))];
            await office.Calls.ImportAsync("/api/v1/meters/import", SceneMeter.MetersTable(planned, region));
            if (size.ReadBefore > 0)
            {
                await office.Calls.ImportAsync("/api/v1/readings/import", SceneMeter.ReadingsTable(planned, size.ReadBefore, TimeProvider.System.GetUtcNow()));
            }

            var known = (await office.Calls.ListAsync($"/api/v1/meters?region_id={regionId}")).ToDictionary(meter => meter.GetProperty("serial_number").GetString()!);
            SceneMeter[] meters = [.. planned.Select(meter => meter with { Id = known[meter.SerialNumber].GetProperty("id").GetString()! })];
            var agent = await office.AddAgentAsync(size.Name);
            await GiveRoundAsync(office, agent, meters, known, regionId);
            return new(office, agent, meters, size);
        }
        catch
        {
            await office.DisposeAsync();
            throw;
        }
    }

    /// <summary>A value for today that no rule holds.</summary>
    /// <param name="register">From 0.</param>
    public decimal ExpectedNow(SceneMeter meter, int register = 0)
    {
        ArgumentNullException.ThrowIfNull(meter);
        return meter.ValueAfter(SceneMeter.DaysBetween * Size.ReadBefore, register);
    }

    /// <summary>As <see cref="ExpectedNow"/>, as a reader types it: all decimals, a point.</summary>
    public string TypedNow(SceneMeter meter, int register = 0)
    {
        ArgumentNullException.ThrowIfNull(meter);
        return ExpectedNow(meter, register).ToString(string.Create(CultureInfo.InvariantCulture, $"F{meter.Decimals}"), CultureInfo.InvariantCulture);
    }

    /// <summary>The API as the reader's phone calls it.</summary>
    public Task<PersonCalls> SignInAgentAsync(IPlaywright playwright, Uri server) =>
        PersonCalls.SignInAsync(playwright, server, Agent.Username, Agent.Password);

    public ValueTask DisposeAsync() => Office.DisposeAsync();

    private static async Task GiveRoundAsync(Office office, FieldAgent agent, IReadOnlyList<SceneMeter> meters, Dictionary<string, JsonElement> known, string regionId)
    {
        var route = await office.Calls.SendAsync("POST", "/api/v1/routes", new
        {
            name = $"Round of {agent.Username}",
            order_by = "given",
            region_id = regionId,
            agent_id = agent.Id,
            stops = meters.Select(meter => known[meter.SerialNumber].GetProperty("service_point_id").GetString()),
        });
        await office.Calls.SendAsync("POST", "/api/v1/assignments/bulk", new { route_id = route.GetProperty("id").GetString(), agent_id = agent.Id });
    }
}
