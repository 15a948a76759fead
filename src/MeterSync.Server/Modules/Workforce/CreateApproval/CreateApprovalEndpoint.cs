using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.CreateApproval;

internal static class CreateApprovalEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/approvals", async (CreateApprovalRequest request, CreateApprovalHandler handler, CancellationToken cancellationToken) =>
            {
                var made = await handler.HandleAsync(request, cancellationToken);
                Outcome<ApprovalView> view = made.Succeeded ? made.Value.View : made.Problem;
                return new Answer<ApprovalView>(view)
                {
                    Status = made is { Succeeded: true, Value.AlreadyThere: true } ? StatusCodes.Status200OK : StatusCodes.Status201Created,
                    Location = shown => $"/api/v1/approvals/{shown.Id}",
                    Version = shown => shown.Version,
                };
            })
            .Slice<ApprovalView>("CreateApproval", "Propose a change of meter data, or put a held reading forward", StatusCodes.Status201Created).RequirePermission(WorkforcePermissions.CreateApprovals)
            .BodyLike("""{"meter_id":"01890000-0000-7000-8000-000000000001","meter_data":{"address":"9a Mill Lane","access_notes":"Ring twice"},"submission_notes":"The house has a new number"}""");
}

/// <param name="AlreadyThere">The same client_id and content came before.</param>
internal sealed record CreatedApproval(ApprovalView View, bool AlreadyThere);

internal sealed class CreateApprovalHandler(MeterSyncDb db, ApprovalBook book, NewApprovals approvals, CallerAccessor callers)
{
    public async Task<Outcome<CreatedApproval>> HandleAsync(CreateApprovalRequest request, CancellationToken cancellationToken)
    {
        if (ApprovalContent.FaultOf(request, callers.Caller) is { } fault)
        {
            return fault;
        }

        if (await FindSentAsync(request, cancellationToken) is { } sent)
        {
            return sent;
        }

        var asked = (await approvals.AskAsync([request], cancellationToken))[0];
        if (!asked.Succeeded)
        {
            return asked.Problem;
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken);
            WorkforceMetrics.Approval(asked.Value.Kind, "requested");
        }
        catch (DbUpdateException exception) when (StoreFaults.IsConflict(exception))
        {
            db.Forget();
            return await FindSentAsync(request, cancellationToken) ?? WorkforceProblems.ApprovalOpen.For("reading_id", "The reading waits for a decision already.");
        }

        return new CreatedApproval(await book.ShowAsync(asked.Value, cancellationToken), AlreadyThere: false);
    }

    private async Task<Outcome<CreatedApproval>?> FindSentAsync(CreateApprovalRequest request, CancellationToken cancellationToken)
    {
        if (request.ClientId is not { } clientId || !(await approvals.SentAsync([clientId], cancellationToken)).TryGetValue(clientId, out var sent))
        {
            return null;
        }

        return approvals.IsSame(sent, ApprovalContent.HashOf(request)) ? new CreatedApproval(await book.ShowAsync(sent, cancellationToken), AlreadyThere: true) : ApprovalContent.OtherContent(clientId);
    }
}
