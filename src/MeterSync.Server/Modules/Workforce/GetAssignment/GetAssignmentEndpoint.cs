using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Store;

namespace MeterSync.Modules.Workforce.GetAssignment;

internal static class GetAssignmentEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/assignments/{id:guid}", async (Guid id, GetAssignmentHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new AssignmentId(id), cancellationToken)).ToAnswer(work => work.Version))
            .Slice<AssignmentView>("GetAssignment", "One assignment").RequirePermission(WorkforcePermissions.ReadAssignments);
}

internal sealed class GetAssignmentHandler(AssignmentViews views)
{
    public async Task<Outcome<AssignmentView>> HandleAsync(AssignmentId id, CancellationToken cancellationToken) =>
        await views.FindAsync(id, cancellationToken) is { } work ? work : WorkforceProblems.AssignmentNotFound.Because("There is no such assignment.");
}
