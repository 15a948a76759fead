using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Public;
using MeterSync.Store;
using MeterSync.Store.Events;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>Tells of work that was given, moved and ended: in the outbox with the change, in the metrics once it is committed. However many meters, an agent's work of one step is one event.</summary>
internal sealed class WorkNews
{
    private const string One = "assignment";
    private const string Many = "agent";

    private readonly List<(Assignment Work, AssignmentStatus To)> ended = [];
    private readonly Outbox outbox;
    private readonly WriteTransactions transactions;

    public WorkNews(Outbox outbox, WriteTransactions transactions)
    {
        (this.outbox, this.transactions) = (outbox, transactions);
        transactions.WhenUndone(ended.Clear);
    }

    /// <summary>To be saved with it. What was taken from another agent for it is moved, not cancelled.</summary>
    public void Given(IReadOnlyList<Assignment> made, IReadOnlyDictionary<UserId, Agent> agents)
    {
        var moved = made.Where(work => work.MovedFromId is not null).ToList();
        foreach (var work in moved)
        {
            var from = ended.Where(other => other.Work.Id == work.MovedFromId).Select(other => (Guid?)other.Work.AgentId.Value).FirstOrDefault();
            ended.RemoveAll(other => other.Work.Id == work.MovedFromId);
            outbox.Append(
                WorkforceEvents.AssignmentMoved, new EventAbout(One, work.Id.Value) { UserId = work.AgentId, RegionId = agents[work.AgentId].RegionId },
                new WorkMoved(work.Id.Value, work.MeterId.Value, work.CycleId?.Value, from, work.MovedFromId!.Value.Value, work.DueAt));
        }

        foreach (var share in made.Where(work => work.MovedFromId is null).GroupBy(work => work.AgentId))
        {
            var (all, first) = (share.ToList(), share.First());
            outbox.Append(
                WorkforceEvents.AssignmentGiven,
                About(all) with { RegionId = agents[share.Key].RegionId },
                new WorkGiven(
                    all.Count,
                    all.Count == 1 ? first.Id.Value : null,
                    all.Count == 1 ? first.MeterId.Value : null,
                    all.TrueForAll(work => work.CycleId == first.CycleId) ? first.CycleId?.Value : null,
                    first.RouteId?.Value,
                    all.Count == 1 ? first.ReReadId?.Value : null,
                    all.Min(work => work.DueAt)));
        }

        var (given, movedCount) = (made.Count - moved.Count, moved.Count);
        transactions.Afterwards(() =>
        {
            WorkforceMetrics.Changed("given", given);
            WorkforceMetrics.Changed("moved", movedCount);
        });
    }

    /// <summary>To be saved with it: it had been completed, and is open again.</summary>
    public void GivenAgain(Assignment work, Agent agent) => outbox.Append(
        WorkforceEvents.AssignmentGiven,
        About([work]) with { RegionId = agent.RegionId },
        new WorkGiven(1, work.Id.Value, work.MeterId.Value, work.CycleId?.Value, work.RouteId?.Value, work.ReReadId?.Value, work.DueAt));

    /// <summary>The assignment has got the status.</summary>
    public void Ended(Assignment work, AssignmentStatus to) => ended.Add((work, to));

    /// <summary>To be saved with what was noted. Nobody waits to hear that work was begun, handed back or completed: the reading or skip tells that.</summary>
    public void Append()
    {
        foreach (var group in ended.GroupBy(one => one.To))
        {
            var kind = group.Key switch { AssignmentStatus.Overdue => WorkforceEvents.AssignmentOverdue, AssignmentStatus.Cancelled => WorkforceEvents.AssignmentCancelled, _ => null };
            foreach (var share in kind is null ? [] : group.Select(one => one.Work).GroupBy(work => (work.AgentId, work.CycleId)))
            {
                var all = share.ToList();
                outbox.Append(kind!, About(all), new WorkEnded(all.Count, all.Count == 1 ? all[0].Id.Value : null, all.Count == 1 ? all[0].MeterId.Value : null, share.Key.CycleId?.Value));
            }

            var (word, count) = (Terms<AssignmentStatus>.WordOf(group.Key), group.Count());
            transactions.Afterwards(() => WorkforceMetrics.Changed(word, count));
        }

        ended.Clear();
    }

    private static EventAbout About(List<Assignment> all) => all is [var only]
        ? new EventAbout(One, only.Id.Value) { UserId = only.AgentId }
        : new EventAbout(Many, all[0].AgentId.Value) { UserId = all[0].AgentId };
}
