using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.SetMyAssignmentStatus;

internal sealed record SetMyAssignmentStatusRequest([property: TermOf(typeof(AssignmentStatus))] string? Status, [property: PlainText(2000, AllowLines = true)] string? CompletionNotes);

internal sealed record SetMyAssignmentStatusQueryRequest
{
    /// <summary>In place of the body.</summary>
    [TermOf(typeof(AssignmentStatus))]
    public string? Status { get; init; }
}

internal static class SetMyAssignmentStatusEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/assignments/me/{id:guid}/status", async (Guid id, SetMyAssignmentStatusRequest? request, [AsParameters] SetMyAssignmentStatusQueryRequest query, SetMyAssignmentStatusHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new AssignmentId(id), request?.Status ?? query.Status, request?.CompletionNotes, cancellationToken)).ToAnswer(work => work.Version))
            .Slice<AssignmentView>("SetMyAssignmentStatus", "Start, complete or hand back an own assignment").RequirePermission(WorkforcePermissions.Work)
            .BodyLike("""{"status":"in_progress"}""");
}

internal sealed class SetMyAssignmentStatusHandler(MeterSyncDb db, WriteTransactions transactions, WorkBook work, ChangeLog changes, AssignmentViews views, CallerAccessor callers, TimeProvider clock)
{
    public Task<Outcome<AssignmentView>> HandleAsync(AssignmentId id, string? said, string? notes, CancellationToken cancellationToken) =>
        transactions.RunAsync(token => ChangeAsync(id, said, notes, token), cancellationToken);

    private async Task<Outcome<AssignmentView>> ChangeAsync(AssignmentId id, string? said, string? notes, CancellationToken cancellationToken)
    {
        if (!Terms<AssignmentStatus>.TryParse(said, out var status) || status == AssignmentStatus.Overdue)
        {
            return KernelProblems.Invalid.For("status", "Say the status: pending, in_progress, completed or cancelled. Overdue is said by the clock.");
        }

        await work.LockAsync([id], cancellationToken);
        var me = callers.Caller.UserId ?? default;
        if (await db.Set<Assignment>().FirstOrDefaultAsync(one => one.Id == id && one.AgentId == me, cancellationToken) is not { } found)
        {
            return WorkforceProblems.AssignmentNotFound.Because("There is no such assignment of yours.");
        }

        if (work.Move(found, status, notes?.Trim(), clock.GetUtcNow().ToStored()) is { } refusal)
        {
            return refusal;
        }

        await changes.WriteAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return (await views.OfAsync([found], cancellationToken))[0];
    }
}
