using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Public;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>A reading by a person ends the work on its meter and, where the person is an agent, leaves a proof of visit. Phones hear of it.</summary>
internal sealed class FollowReadings(WorkBook work, EndWork ending, FollowUpBook followUps, ProveVisits visits, ChangeLog changes, CallerAccessor callers) : IReadingFollower
{
    public async Task FollowAsync(ReadingRecorded reading, CancellationToken cancellationToken)
    {
        var own = OfAgents([reading]);
        var isOpen = await NoteAsync([reading], own, cancellationToken);
        if (IsVisit(reading))
        {
            if (isOpen && await work.CompleteAsync(reading.Meter.Id, reading.At, null, reading.Id, null, cancellationToken) is not null)
            {
                await followUps.CloseAllAsync([reading.Meter.Id], cancellationToken);
            }

            await ProveAsync(own, cancellationToken);
        }

        await changes.WriteAsync(cancellationToken);
    }

    public async Task FollowAllAsync(IReadOnlyList<ReadingRecorded> readings, CancellationToken cancellationToken)
    {
        var own = OfAgents(readings);
        var isOpen = await NoteAsync(readings, own, cancellationToken);
        var here = readings.Where(IsVisit).ToList();
        if (here.Count > 0 && isOpen)
        {
            var ended = await ending.CompleteAsync(here.ConvertAll(reading => new EndingVisit(reading.Meter.Id, reading.At, null, reading.Id, null)), cancellationToken);
            await followUps.CloseAllAsync([.. ended.Keys], cancellationToken);
        }

        await ProveAsync(own, cancellationToken);
        await changes.WriteAsync(cancellationToken);
    }

    /// <summary>Readings that agents brought, be it that the office does so for them.</summary>
    private List<ReadingRecorded> OfAgents(IReadOnlyList<ReadingRecorded> readings) =>
        callers.Caller is { OwnOnly: null, IsForAgent: false } ? [] : [.. readings.Where(reading => reading.AgentId is not null)];

    /// <summary>Before anything is written: what is noted later would lock further agents behind those that are locked by then. Whoever has a meter on a phone reads on from its new value.</summary>
    /// <returns>Whether anybody has work on the meters, which are locked; without it none can be open.</returns>
    private async Task<bool> NoteAsync(IReadOnlyList<ReadingRecorded> readings, List<ReadingRecorded> own, CancellationToken cancellationToken)
    {
        own.ForEach(reading => changes.NoteReading(reading.AgentId!.Value, reading.Id));
        return await changes.NoteAsync([.. readings.Select(reading => reading.Meter.Id).Distinct()], cancellationToken);
    }

    private async Task ProveAsync(List<ReadingRecorded> own, CancellationToken cancellationToken)
    {
        foreach (var walk in own.Where(IsVisit).GroupBy(reading => reading.AgentId!.Value))
        {
            await visits.ProveAsync([.. walk], walk.Key, cancellationToken);
        }
    }

    /// <summary>A person stood before the meter.</summary>
    private static bool IsVisit(ReadingRecorded reading) =>
        reading.Source is not (ReadingSource.Telemetry or ReadingSource.Import or ReadingSource.Estimate or ReadingSource.Customer) && reading.State != ReadingState.Rejected;
}
