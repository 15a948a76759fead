using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>A reading by a person ends the work on its meter and, where the person is an agent, leaves a proof of visit. Phones hear of it.</summary>
internal sealed class FollowReadings(MeterSyncDb db, WorkBook work, EndWork ending, FollowUpBook followUps, ProveVisits visits, ChangeLog changes, CallerAccessor callers) : IReadingFollower
{
    public async Task FollowAsync(ReadingRecorded reading, CancellationToken cancellationToken)
    {
        var own = await OfAgentsAsync([reading], cancellationToken);
        await NoteAsync([reading], own, cancellationToken);
        if (IsVisit(reading))
        {
            if (await work.CompleteAsync(reading.Meter.Id, reading.At, null, reading.Id, null, cancellationToken) is not null)
            {
                await followUps.CloseAllAsync([reading.Meter.Id], cancellationToken);
            }

            await ProveAsync(own, cancellationToken);
        }

        await changes.WriteAsync(cancellationToken);
    }

    public async Task FollowAllAsync(IReadOnlyList<ReadingRecorded> readings, CancellationToken cancellationToken)
    {
        var own = await OfAgentsAsync(readings, cancellationToken);
        await NoteAsync(readings, own, cancellationToken);
        var here = readings.Where(IsVisit).ToList();
        if (here.Count > 0)
        {
            var ended = await ending.CompleteAsync(here.ConvertAll(reading => new EndingVisit(reading.Meter.Id, reading.At, null, reading.Id, null)), cancellationToken);
            await followUps.CloseAllAsync([.. ended.Keys], cancellationToken);
        }

        await ProveAsync(own, cancellationToken);
        await changes.WriteAsync(cancellationToken);
    }

    /// <summary>Readings that agents brought, be it that the office does so for them. Asks only where the caller is not known to be the agent.</summary>
    private async Task<List<ReadingRecorded>> OfAgentsAsync(IReadOnlyList<ReadingRecorded> readings, CancellationToken cancellationToken)
    {
        var brought = readings.Where(reading => reading.AgentId is not null).ToList();
        if (brought.Count == 0 || callers.Caller.OwnOnly is not null)
        {
            return brought;
        }

        var people = brought.Select(reading => reading.AgentId!.Value).Distinct().ToList();
        var agents = await db.Set<Agent>().Where(agent => people.Contains(agent.Id)).Select(agent => agent.Id).ToListAsync(cancellationToken);
        brought.RemoveAll(reading => !agents.Contains(reading.AgentId!.Value));
        return brought;
    }

    /// <summary>Before anything is written: what is noted later would lock further agents behind those that are locked by then. Whoever has a meter on a phone reads on from its new value.</summary>
    private Task NoteAsync(IReadOnlyList<ReadingRecorded> readings, List<ReadingRecorded> own, CancellationToken cancellationToken)
    {
        own.ForEach(reading => changes.NoteReading(reading.AgentId!.Value, reading.Id));
        return changes.NoteAsync([.. readings.Select(reading => reading.Meter.Id).Distinct()], cancellationToken);
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
