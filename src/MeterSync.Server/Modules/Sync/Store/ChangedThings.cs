using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Public;

namespace MeterSync.Modules.Sync.Store;

/// <summary>Reads what a phone needs, as it is now: a number of queries that does not grow with the things.</summary>
internal sealed class ChangedThings(IAgentChanges agents, IFieldMeters meters, IRegisterLimits limits, IFieldReadings readings)
{
    public const string Meter = "meter";
    public const string Assignment = "assignment";
    public const string Reading = "reading";

    /// <summary>Each of the things once: with its data where the agent sees it, gone where it does not. What the log said of it counts no more: it may be older.</summary>
    public async Task<IReadOnlyList<ChangeView>> OfAsync(UserId agent, IReadOnlyList<AgentLogRow> told, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var byEntity = told.Select(row => (row.Entity, row.Id)).Distinct().ToLookup(row => row.Entity, row => row.Id);
        Guid[] Of(AgentEntity entity) => [.. byEntity[entity]];
        var (toldMeters, toldWork, toldReadings) = (Of(AgentEntity.Meter), Of(AgentEntity.Assignment), Of(AgentEntity.Reading));
        var ownMeters = await MetersAsync(await agents.MetersAsync(agent, toldMeters, cancellationToken), now, cancellationToken);
        var work = Shown(Assignment, await agents.AssignmentsAsync(agent, toldWork, cancellationToken));
        var own = Shown(await readings.OfAsync(agent, toldReadings, cancellationToken));
        return [.. All(Meter, toldMeters, ownMeters), .. All(Assignment, toldWork, work), .. All(Reading, toldReadings, own)];
    }

    public async Task<IReadOnlyList<ChangeView>> MetersAsync(IReadOnlyCollection<MeterId> ids, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = await meters.OfAsync(ids, cancellationToken);
        var expected = await limits.OfAsync([.. found.Select(meter => meter.Meter)], now, cancellationToken);
        return [.. found.Select(meter => new ChangeView(Meter, meter.Meter.Id.Value, meter.Version, Deleted: false, FieldMeterView.Of(meter, expected, now)))];
    }

    public static IReadOnlyList<ChangeView> Shown(string entity, IReadOnlyList<AgentThing> things) =>
        [.. things.Select(thing => new ChangeView(entity, thing.Id, thing.Version, Deleted: false, thing.Data))];

    public static IReadOnlyList<ChangeView> Shown(IReadOnlyList<FieldReading> own) =>
        [.. own.Select(reading => new ChangeView(Reading, reading.Id, reading.Version, Deleted: false, reading))];

    private static IEnumerable<ChangeView> All(string entity, Guid[] told, IReadOnlyList<ChangeView> found)
    {
        var byId = found.ToDictionary(change => change.Id);
        return told.Select(id => byId.GetValueOrDefault(id) ?? new ChangeView(entity, id, null, Deleted: true, null));
    }
}
