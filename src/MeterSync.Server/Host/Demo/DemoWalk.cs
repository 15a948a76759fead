using System.Text.Json;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Readings;
using MeterSync.Modules.Readings.CreateReading;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Readings.Recording;
using MeterSync.Modules.Workforce;
using MeterSync.Modules.Workforce.CreateApproval;
using MeterSync.Modules.Workforce.CreateReRead;
using MeterSync.Modules.Workforce.CreateSkip;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.SetMyAssignmentStatus;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Host.Demo;

/// <summary>What the demo's agents did yesterday: half of their walks, with closed doors, and what they ask the office to decide.</summary>
internal sealed class DemoWalk(DemoPeople people, IReadOnlyDictionary<string, UserId> accounts, IReadOnlyDictionary<MeterId, DemoMeter> places)
{
    private const int SkipEvery = 12;
    private static readonly TimeSpan Leaves = TimeSpan.FromHours(7);
    private static readonly TimeSpan Stop = TimeSpan.FromMinutes(5);

    private static readonly (string Code, string? Note)[] Closed =
    [
        ("no_access", "Nobody home, card left"), ("dog", null), ("vacant", null), ("no_access", null), ("customer_refused", "Asks for a letter first"),
        ("damaged", "Glass of the register is broken"), ("unreadable", "Fogged from inside"), ("other", "Cellar under water"),
    ];

    private int closed;

    public async Task WalkAsync(Guid cycle, DateTimeOffset day, CancellationToken cancellationToken)
    {
        var work = await people.LookAsync(db => db.Set<Assignment>().AsNoTracking()
            .Where(one => one.CycleId == new ReadCycleId(cycle) && one.Status == AssignmentStatus.Pending).OrderBy(one => one.Position).ToListAsync(cancellationToken));
        var (firstReadings, waiting) = (new Dictionary<string, Guid>(StringComparer.Ordinal), new Dictionary<string, MeterId>(StringComparer.Ordinal));
        foreach (var (name, agent) in accounts.Where(account => work.Exists(one => one.AgentId == account.Value)).OrderBy(account => account.Key, StringComparer.Ordinal))
        {
            // The told cases keep the readings that docs/demo.md tells of.
            var walk = work.Where(one => one.AgentId == agent && !DemoCase.NeedsEveryVisit(places[one.MeterId].Case)).ToList();
            var half = (walk.Count + 1) / 2;
            for (var stop = 0; stop < half; stop++)
            {
                var reading = await VisitAsync(agent, walk[stop].MeterId, stop, day + Leaves + (stop * Stop), cancellationToken);
                if (reading is { } made)
                {
                    firstReadings.TryAdd(name, made);
                }
            }

            await people.AskAsync<SetMyAssignmentStatusHandler, AssignmentView>(agent, handler => handler.HandleAsync(walk[half].Id, "in_progress", null, cancellationToken), cancellationToken);
            waiting[name] = walk[half].MeterId;
        }

        await ProposeAsync(waiting, cancellationToken);
        await DoubtAsync(firstReadings["agent1"], accounts["agent2"], "Half of what the neighbours use", cancellationToken);
        await DoubtAsync(firstReadings["agent5"], accounts["agent4"], "Photo shows another serial number", cancellationToken);
    }

    /// <summary>A reading, or now and then a closed door.</summary>
    private async Task<Guid?> VisitAsync(UserId agent, MeterId meter, int stop, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var place = places[meter];
        var (latitude, longitude) = (place.Address.Latitude + (((stop * 7 % 5) - 2) * 0.00002), place.Address.Longitude + (((stop * 3 % 5) - 2) * 0.00003));
        if (stop % SkipEvery == SkipEvery / 2)
        {
            var (code, note) = Closed[closed++ % Closed.Length];
            var skip = new CreateSkipRequest(meter.Value, null, code, note, null, latitude, longitude, 9, at, null);
            await people.AskAsync<CreateSkipHandler, CreatedSkip>(agent, handler => handler.HandleAsync(skip, cancellationToken), cancellationToken);
            return null;
        }

        // One walk in three has a visit that was noted from afar, one where nobody stayed, one without a position.
        var (isFar, isShort, isLost) = (stop == 20 && closed % 3 == 2, stop == 27, stop == 33);
        var request = new CreateReadingRequest(
            meter.Value, null, null, [.. place.Registers.Zip(place.ShownAt(at), (register, value) => new RegisterValueRequest(null, register.Label, null, value))], at, null, null,
            isLost ? null : latitude + (isFar ? 0.004 : 0), isLost ? null : longitude, null, null, isLost ? null : 8, null, null, null, null, null, null, null, isShort ? 2 : 30 + (stop * 11 % 60));
        return (await people.AskAsync<CreateReadingHandler, CreatedReading>(agent, handler => handler.HandleAsync(request, cancellationToken), cancellationToken)).Reading.Id;
    }

    /// <summary>Two changes of meter data and one held reading wait for the office.</summary>
    private async Task ProposeAsync(Dictionary<string, MeterId> waiting, CancellationToken cancellationToken)
    {
        var address = places[waiting["agent2"]].Address;
        await AskAsync("agent2", new CreateApprovalRequest(waiting["agent2"].Value, Fields("address", $"{address.Street} {address.Number}B, {DemoTown.PostalTown}"), null, "The entrance is in the yard and has its own number", null));
        await AskAsync("agent4", new CreateApprovalRequest(waiting["agent4"].Value, Fields("access_notes", "Ring at the shop, they have the key"), null, "Not known so far", null));
        var leak = places.First(place => place.Value is { Case: DemoCase.Leak, Agent: "agent1" }).Key;
        var held = await people.LookAsync(db => db.OfReadings().Where(reading => reading.MeterId == leak && reading.State == ReadingState.Held).OrderByDescending(reading => reading.ReadingAt).Select(reading => reading.Id).FirstAsync(cancellationToken));
        await AskAsync("agent1", new CreateApprovalRequest(null, null, held.Value, "The value is right: a pipe leaks, the owner knows", null));

        Task AskAsync(string agent, CreateApprovalRequest request) =>
            people.AskAsync<CreateApprovalHandler, CreatedApproval>(accounts[agent], handler => handler.HandleAsync(request, cancellationToken), cancellationToken);

        static JsonElement Fields(string name, string value) => JsonElement.Parse(new JsonObject { [name] = value }.ToJsonString());
    }

    private async Task DoubtAsync(Guid reading, UserId agent, string reason, CancellationToken cancellationToken)
    {
        var request = new CreateReReadRequest(reading, null, reason, agent.Value, null);
        await people.AskAsync<CreateReReadHandler, ReReadRequestView>(accounts["manager"], handler => handler.HandleAsync(request, cancellationToken), cancellationToken);
    }
}
