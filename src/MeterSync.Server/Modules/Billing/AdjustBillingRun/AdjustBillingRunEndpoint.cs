using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Billing.Domain;
using MeterSync.Modules.Billing.Store;
using MeterSync.Store;
using MeterSync.Store.Bulk;

namespace MeterSync.Modules.Billing.AdjustBillingRun;

internal static class AdjustBillingRunEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/billing-runs/{id:guid}/adjustments", async (Guid id, AdjustBillingRunHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(id, cancellationToken)).ToCreated(set => $"/api/v1/billing-runs/{id}/lines?adjustment={set.Number}"))
            .Slice<BillingAdjustmentView>("AdjustBillingRun", "Write what has changed into the run as its next adjustment", StatusCodes.Status201Created).RequirePermission(BillingPermissions.Freeze).RequireWholeView();
}

internal sealed class AdjustBillingRunHandler(BillingRuns runs, BillingDifferences differences, MeterSyncDb db, WriteTransactions transactions, BulkStore bulk, CallerAccessor callers, TimeProvider clock)
{
    public async Task<Outcome<BillingAdjustmentView>> HandleAsync(Guid id, CancellationToken cancellationToken)
    {
        var found = await runs.FindAsync(id, cancellationToken);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var (run, adjustments) = found.Value;
        var set = new BillingAdjustment
        {
            RunId = run.Id,
            Number = adjustments.Count == 0 ? 1 : adjustments[^1].Number + 1,
            CreatedBy = callers.Caller.UserId,
            CreatedByName = callers.Caller.Name,
            CreatedAt = clock.GetUtcNow().ToStored(),
        };
        var totals = new BillingTotals();
        List<BillingLine> lines = [];
        await foreach (var difference in differences.WalkAsync(run, adjustments, cancellationToken))
        {
            difference.Now.Adjustment = set.Number;
            totals.Add(difference.Now);
            lines.Add(difference.Now);
        }

        if (lines.Count == 0)
        {
            return BillingProblems.NothingToAdjust.Because($"Nothing the run '{run.Name}' has used has changed since it was {(adjustments.Count == 0 ? "frozen" : "last adjusted")}.");
        }

        set.LineCount = lines.Count;
        set.Totals = totals.ToJson();

        // Someone who adjusts at the same time takes the same number: the key refuses the second, so that no difference is written twice.
        return await transactions.RunAsync<BillingAdjustmentView>(
            async stop =>
            {
                db.Set<BillingAdjustment>().Add(set);
                await db.SaveChangesAsync(stop);
                await bulk.InsertAsync(lines, stop);
                return BillingAdjustmentView.Of(set);
            },
            cancellationToken);
    }
}
