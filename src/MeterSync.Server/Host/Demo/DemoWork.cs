using System.Globalization;
using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters;
using MeterSync.Modules.Meters.CreateRegion;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.FillRegion;
using MeterSync.Modules.Workforce;
using MeterSync.Modules.Workforce.AssignMeters;
using MeterSync.Modules.Workforce.CloseReadCycle;
using MeterSync.Modules.Workforce.CreateAgent;
using MeterSync.Modules.Workforce.CreateReadCycle;
using MeterSync.Modules.Workforce.CreateRoute;
using MeterSync.Modules.Workforce.MarkOverdue;
using MeterSync.Modules.Workforce.OpenReadCycle;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Host.Demo;

/// <summary>
/// The demo's work after its two years: regions, agents with a route each, a small cycle that is closed and a large one half done. It follows the
/// readings in the same start; a start cut off in the middle of it leaves what there was by then.
/// </summary>
internal sealed class DemoWork(DemoPeople people, OverdueWork clockwork, IdSource ids)
{
    private static readonly int[] LatePlaces = [17, 47, 77];

    public async Task MakeAsync(IReadOnlyList<DemoMeter> fleet, DateTimeOffset end, CancellationToken cancellationToken)
    {
        var accounts = await people.FindAsync(cancellationToken);
        var office = accounts["manager"];
        var meters = await people.LookAsync(db => db.Set<Meter>().AsNoTracking().Select(meter => new { meter.SerialNumber, meter.Id }).ToDictionaryAsync(meter => meter.SerialNumber, meter => meter.Id, cancellationToken));
        var yesterday = new DateTimeOffset(DateOnly.FromDateTime(end.UtcDateTime).AddDays(-1), TimeOnly.MinValue, TimeSpan.Zero);
        var places = fleet.Where(meter => meter.Status == MeterStatus.Active).ToDictionary(meter => meters[meter.SerialNumber]);

        await MakeAgentsAsync(office, accounts, await MakeRegionsAsync(accounts["admin"], cancellationToken), cancellationToken);
        await CloseRoundAsync(office, yesterday, cancellationToken);
        var cycle = await OpenAsync(office, new CreateReadCycleRequest($"All meters, from {Day(yesterday)}", Instant(yesterday), Instant(yesterday.AddMonths(1)), null, null, null, "monthly"), cancellationToken);
        foreach (var round in places.GroupBy(place => place.Value.Agent).OrderBy(round => round.Key, StringComparer.Ordinal))
        {
            await GiveAsync(office, accounts[round.Key], round.Key, [.. round], cycle, end, cancellationToken);
        }

        await clockwork.PassAsync(cancellationToken);
        await new DemoWalk(people, accounts, places).WalkAsync(cycle, yesterday, cancellationToken);
        await new DemoPhone(people, accounts, places, ids).BringAsync(yesterday, cancellationToken);
    }

    private async Task<Dictionary<string, Guid>> MakeRegionsAsync(UserId office, CancellationToken cancellationToken)
    {
        var made = new Dictionary<string, Guid>(StringComparer.Ordinal);
        foreach (var request in DemoRegions.All)
        {
            var region = await people.AskAsync<CreateRegionHandler, RegionView>(office, handler => handler.HandleAsync(request, cancellationToken), cancellationToken);
            await people.AskAsync<FillRegionHandler, RegionFilledView>(office, handler => handler.HandleAsync(new RegionId(region.Id), move: false, cancellationToken), cancellationToken);
            made[region.Name] = region.Id;
        }

        return made;
    }

    private async Task MakeAgentsAsync(UserId office, IReadOnlyDictionary<string, UserId> accounts, Dictionary<string, Guid> regions, CancellationToken cancellationToken)
    {
        for (var number = 1; number <= 5; number++)
        {
            var name = $"agent{number}";
            var request = new CreateAgentRequest(accounts[name].Value, null, regions[DemoRegions.Of(name)], 150, "available", null);
            await people.AskAsync<CreateAgentHandler, AgentView>(office, handler => handler.HandleAsync(request, cancellationToken), cancellationToken);
        }
    }

    /// <summary>The newest of the imported rounds as a cycle of the water meters in the north: a few of them were not read and are estimated.</summary>
    private async Task CloseRoundAsync(UserId office, DateTimeOffset yesterday, CancellationToken cancellationToken)
    {
        var from = yesterday.AddDays(-DemoVisits.RoundDays - 4);
        var cycle = await OpenAsync(office, new CreateReadCycleRequest($"Water in the north, from {Day(from)}", Instant(from), Instant(yesterday), "water", null, "north", null), cancellationToken);
        var input = JsonSerializer.SerializeToElement(new CloseCycleInput(cycle, Estimate: true), CloseCycleJson.Default.CloseCycleInput);
        await people.RunAsync<CloseCycleJob>(office, new JobRun(ids.Next<JobId>(), input, null, "", static (_, _) => { }), cancellationToken);
    }

    private async Task<Guid> OpenAsync(UserId office, CreateReadCycleRequest request, CancellationToken cancellationToken)
    {
        var planned = await people.AskAsync<CreateReadCycleHandler, ReadCycleView>(office, handler => handler.HandleAsync(request, cancellationToken), cancellationToken);
        await people.AskAsync<OpenReadCycleHandler, ReadCycleView>(office, handler => handler.HandleAsync(new ReadCycleId(planned.Id), spread: false, cancellationToken), cancellationToken);
        return planned.Id;
    }

    /// <summary>One agent's route, the meters at its stops as work, and three of them due an hour ago.</summary>
    private async Task GiveAsync(UserId office, UserId agent, string name, List<KeyValuePair<MeterId, DemoMeter>> round, Guid cycle, DateTimeOffset end, CancellationToken cancellationToken)
    {
        var request = new RouteRequest($"Round of {name}", null, null, agent.Value, "street", null, [.. round.Select(place => place.Key.Value)], null);
        var route = await people.AskAsync<CreateRouteHandler, RouteView>(office, handler => handler.HandleAsync(request, cancellationToken), cancellationToken);
        var late = LatePlaces.Where(place => place < round.Count && !DemoCase.NeedsEveryVisit(round[place].Value.Case)).Select(place => round[place].Key.Value).ToList();
        await AssignAsync(new AssignMetersRequest(late, null, agent.Value, null, cycle, end.AddHours(-1)));
        await AssignAsync(new AssignMetersRequest(null, route.Id, null, null, cycle, null));

        Task AssignAsync(AssignMetersRequest given) => people.AskAsync<AssignMetersHandler, AssignedView>(office, handler => handler.HandleAsync(given, cancellationToken), cancellationToken);
    }

    private static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Instant(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
