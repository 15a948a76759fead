using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.UpdateAssignment;

/// <param name="Status">The next status; times are the server's.</param>
/// <param name="DueAt">Later than now, overdue work is open again.</param>
/// <param name="AgentId">Another agent: the work is cancelled here and given there, in one step. What the first one reads meanwhile still counts.</param>
internal sealed record UpdateAssignmentRequest(
    [property: TermOf(typeof(AssignmentStatus))] string? Status,
    Guid? AgentId,
    [property: Range(1, 1440)] int? EstimatedTime,
    [property: Range(1, 1_000_000)] int? Position,
    DateTimeOffset? DueAt,
    [property: PlainText(2000, AllowLines = true)] string? CompletionNotes);

internal static class UpdateAssignmentEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/assignments/{id:guid}", async (Guid id, UpdateAssignmentRequest request, HttpRequest http, UpdateAssignmentHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new AssignmentId(id), request, EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer(work => work.Version))
            .Slice<AssignmentView>("UpdateAssignment", "Change an assignment's status, place or due time, or move it to another agent").RequirePermission(WorkforcePermissions.WriteAssignments)
            .BodyLike("""{"status":"cancelled","completion_notes":"The house was torn down"}""");
}

internal sealed class UpdateAssignmentHandler(MeterSyncDb db, WriteTransactions transactions, WorkBook work, ChangeLog changes, AssignmentViews views, CallerAccessor callers, TimeProvider clock)
{
    public Task<Outcome<AssignmentView>> HandleAsync(AssignmentId id, UpdateAssignmentRequest request, int? expectedVersion, CancellationToken cancellationToken) =>
        transactions.RunAsync(token => ChangeAsync(id, request, expectedVersion, token), cancellationToken);

    private async Task<Outcome<AssignmentView>> ChangeAsync(AssignmentId id, UpdateAssignmentRequest request, int? expectedVersion, CancellationToken cancellationToken)
    {
        var visible = db.Set<Assignment>().VisibleTo(db, callers.Caller).Where(one => one.Id == id);
        if (request.AgentId is not null)
        {
            await work.LockMetersAsync(await visible.Select(one => one.MeterId).ToListAsync(cancellationToken), cancellationToken);
        }

        await work.LockAsync([id], cancellationToken);
        if (await visible.FirstOrDefaultAsync(cancellationToken) is not { } found)
        {
            return WorkforceProblems.AssignmentNotFound.Because("There is no such assignment.");
        }

        if (expectedVersion is { } expected && expected != found.Version)
        {
            return KernelProblems.LostUpdate.Because($"The assignment was changed since you read it: it is at version {found.Version}.");
        }

        var now = clock.GetUtcNow().ToStored();
        if (request.AgentId is { } agent && agent != found.AgentId.Value)
        {
            return request.Status is null or "pending"
                ? await MoveAsync(found, new UserId(agent), request, now, cancellationToken)
                : KernelProblems.Invalid.For("status", "Work that moves to another agent is pending there; leave the status out.");
        }

        if (Terms<AssignmentStatus>.ParseOptional(request.Status) is { } status && work.Move(found, status, request.CompletionNotes?.Trim(), now) is { } refusal)
        {
            return refusal;
        }

        if (found.Status == AssignmentStatus.Overdue && request.DueAt > now)
        {
            work.Prolong(found);
        }

        (found.EstimatedMinutes, found.Position, found.DueAt) = (request.EstimatedTime ?? found.EstimatedMinutes, request.Position ?? found.Position, request.DueAt?.ToStored() ?? found.DueAt);
        found.CompletionNotes = request.CompletionNotes?.Trim() ?? found.CompletionNotes;
        if (db.ChangeTracker.HasChanges())
        {
            found.UpdatedAt = now;
            changes.Note(found);
            await changes.WriteAsync(cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
        }

        return (await views.OfAsync([found], cancellationToken))[0];
    }

    private async Task<Outcome<AssignmentView>> MoveAsync(Assignment found, UserId to, UpdateAssignmentRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!found.IsOpen)
        {
            return WorkforceProblems.TransitionRefused.For("agent_id", $"The assignment is {Terms<AssignmentStatus>.WordOf(found.Status)}: there is nothing left to move.");
        }

        await work.LockAgentsAsync([found.AgentId, to], cancellationToken);
        if (!await db.Set<Agent>().VisibleTo(callers.Caller).AnyAsync(agent => agent.Id == to, cancellationToken))
        {
            return WorkforceProblems.AgentNotFound.For("agent_id", $"There is no agent {to.Value}.");
        }

        if (work.Move(found, AssignmentStatus.Cancelled, request.CompletionNotes?.Trim(), now) is { } refusal)
        {
            return refusal;
        }

        await db.SaveChangesAsync(cancellationToken);
        var given = await work.GiveAsync(
            [new NewWork(found.MeterId, to)
            {
                CycleId = found.CycleId,
                RouteId = found.RouteId,
                Position = request.Position ?? found.Position,
                EstimatedMinutes = request.EstimatedTime ?? found.EstimatedMinutes,
                DueAt = request.DueAt?.ToStored() ?? found.DueAt,
                GivenAt = found.GivenAt,
                VisitsFrom = found.VisitsFrom,
                ReReadId = found.ReReadId,
                MovedFromId = found.Id,
            }],
            cancellationToken);
        return given.Succeeded ? (await views.OfAsync([given.Value[0]], cancellationToken))[0] : given.Problem;
    }
}
