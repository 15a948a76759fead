using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Public;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>A reading by a person ends the work on its meter and leaves a proof of visit.</summary>
internal sealed class FollowReadings(WorkBook work, EndWork ending, FollowUpBook followUps, ProveVisits visits, ChangeLog changes, CallerAccessor callers) : IReadingFollower
{
    public async Task FollowAsync(ReadingRecorded reading, CancellationToken cancellationToken)
    {
        var agent = callers.Caller.OwnOnly is null ? null : reading.AgentId;
        if (agent is { } reader)
        {
            changes.NoteReading(reader, reading.Id);
        }

        if (IsVisit(reading))
        {
            await VisitedAsync(reading, agent, cancellationToken);
        }

        // Whoever has the meter on a phone reads on from this value.
        await changes.NoteAsync([reading.Meter.Id], cancellationToken);
        await changes.WriteAsync(cancellationToken);
    }

    private async Task VisitedAsync(ReadingRecorded reading, UserId? agent, CancellationToken cancellationToken)
    {
        if (await work.CompleteAsync(reading.Meter.Id, reading.At, null, reading.Id, null, cancellationToken) is not null)
        {
            await followUps.CloseAllAsync([reading.Meter.Id], cancellationToken);
        }

        if (agent is { } reader)
        {
            await visits.ProveAsync([reading], reader, cancellationToken);
        }
    }

    public async Task FollowAllAsync(IReadOnlyList<ReadingRecorded> readings, CancellationToken cancellationToken)
    {
        var own = callers.Caller.OwnOnly is null ? [] : readings.Where(reading => reading.AgentId is not null).ToList();
        own.ForEach(reading => changes.NoteReading(reading.AgentId!.Value, reading.Id));
        var here = readings.Where(IsVisit).ToList();
        if (here.Count > 0)
        {
            var ended = await ending.CompleteAsync(here.ConvertAll(reading => new EndingVisit(reading.Meter.Id, reading.At, null, reading.Id, null)), cancellationToken);
            await followUps.CloseAllAsync([.. ended.Keys], cancellationToken);
        }

        foreach (var walk in own.Where(IsVisit).GroupBy(reading => reading.AgentId!.Value))
        {
            await visits.ProveAsync([.. walk], walk.Key, cancellationToken);
        }

        await changes.NoteAsync([.. readings.Select(reading => reading.Meter.Id).Distinct()], cancellationToken);
        await changes.WriteAsync(cancellationToken);
    }

    /// <summary>A person stood before the meter.</summary>
    private static bool IsVisit(ReadingRecorded reading) =>
        reading.Source is not (ReadingSource.Telemetry or ReadingSource.Import or ReadingSource.Estimate or ReadingSource.Customer) && reading.State != ReadingState.Rejected;
}
