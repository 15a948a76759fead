using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Modules.Sync.Pushing;
using MeterSync.Modules.Sync.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Sync.ResolveSyncQuarantine;

/// <param name="Action">dismiss: nothing is to be done. retry: it is applied as the agent's, with what the caller may see and do.</param>
/// <param name="Item">For a retry: the item as it should have been, under its client_id; as it came where left out. It stands in the audit log. Proposals are tried again as they came only.</param>
internal sealed record ResolveSyncQuarantineRequest(
    [property: Required, AllowedValues("dismiss", "retry", ErrorMessage = "The action is one of: dismiss, retry.")] string? Action,
    JsonElement? Item,
    [property: PlainText(1000, AllowLines = true)] string? Note);

internal static class ResolveSyncQuarantineEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/sync/quarantine/{id:guid}/resolve", async (Guid id, ResolveSyncQuarantineRequest request, ResolveSyncQuarantineHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(id, request, cancellationToken)).ToAnswer())
            .Slice<FaultView>("ResolveSyncQuarantine", "Try a refused item again, mended or as it came, or dismiss it").RequirePermission(SyncPermissions.Resolve)
            .BodyLike("""{"action":"dismiss","note":"Entered by hand"}""");
}

internal sealed class ResolveSyncQuarantineHandler(MeterSyncDb db, WriteTransactions transactions, SettleFault settling, FaultQueries faults, RetryItem retrying)
{
    public async Task<Outcome<FaultView>> HandleAsync(Guid id, ResolveSyncQuarantineRequest request, CancellationToken cancellationToken)
    {
        if (request.Action == "retry")
        {
            var found = await settling.FindAsync(id, SyncFaultKind.Quarantine, cancellationToken);
            if (!found.Succeeded)
            {
                return found.Problem;
            }

            db.Forget();
            if (await retrying.RunAsync(found.Value, request.Item, cancellationToken) is { } refusal)
            {
                return refusal;
            }
        }

        return await transactions.RunAsync<FaultView>(async token =>
        {
            var found = await db.Set<SyncFault>().FirstOrDefaultAsync(fault => fault.Id == new SyncFaultId(id) && fault.Status == SyncFaultStatus.Resolved && fault.ResolvedBy == null, token) is { } settled && request.Action == "retry"
                ? settled // the batch that applied it has noted that already, but not who asked
                : await settling.FindAsync(id, SyncFaultKind.Quarantine, token);
            if (!found.Succeeded)
            {
                return found.Problem;
            }

            await settling.ResolveAsync(found.Value, request.Action == "retry" ? SyncFaultResolution.Retried : SyncFaultResolution.Dismissed, request.Note, request.Action == "retry" ? request.Item : null, token);
            await db.SaveChangesAsync(token);
            return (await faults.ShowAsync([found.Value], token))[0];
        }, cancellationToken);
    }
}
