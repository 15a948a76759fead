using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.CloseFollowUp;

/// <param name="Note">What was done; put behind what stands there.</param>
internal sealed record CloseFollowUpRequest([property: PlainText(1000, AllowLines = true)] string? Note);

internal static class CloseFollowUpEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/follow-ups/{id:guid}/close", async (Guid id, CloseFollowUpRequest? request, CloseFollowUpHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new FollowUpId(id), request?.Note, cancellationToken)).ToAnswer())
            .Slice<FollowUpView>("CloseFollowUp", "Say that a meter was looked after").RequirePermission(WorkforcePermissions.WriteAssignments)
            .BodyLike("""{"note":"The key is at number 12"}""");
}

internal sealed class CloseFollowUpHandler(MeterSyncDb db, IMeterRegistry meters, CallerAccessor callers, TimeProvider clock)
{
    public async Task<Outcome<FollowUpView>> HandleAsync(FollowUpId id, string? note, CancellationToken cancellationToken)
    {
        if (await db.Set<FollowUp>().VisibleTo(db, callers.Caller).FirstOrDefaultAsync(followUp => followUp.Id == id, cancellationToken) is not { } found)
        {
            return WorkforceProblems.FollowUpNotFound.Because("There is no such follow-up.");
        }

        if (found.ClosedAt is null)
        {
            (found.ClosedAt, found.ClosedBy) = (clock.GetUtcNow().ToStored(), callers.Caller.UserId);
            found.Note = string.IsNullOrWhiteSpace(note) ? found.Note : $"{found.Note} {note.Trim()}".Trim();
            await db.SaveChangesAsync(cancellationToken);
        }

        var serials = await meters.SerialNumbersAsync([found.MeterId], cancellationToken);
        return FollowUpView.Of(found, serials.GetValueOrDefault(found.MeterId, ""));
    }
}
