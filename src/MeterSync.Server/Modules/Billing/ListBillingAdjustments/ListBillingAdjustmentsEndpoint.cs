using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Billing.Domain;
using MeterSync.Modules.Billing.Public;
using MeterSync.Modules.Billing.Store;
using MeterSync.Store;

namespace MeterSync.Modules.Billing.ListBillingAdjustments;

internal sealed record ListBillingAdjustmentsRequest : IPageRequest
{
    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

/// <summary>A line that would be adjusted now.</summary>
/// <param name="LastAdjustment">What it is compared with: 0 for the frozen line, else the adjustment that changed it last.</param>
/// <param name="OldValue">Current value of the period then, before the multiplier.</param>
/// <param name="NewValue">Current value now.</param>
/// <param name="OldConsumption">After the multiplier.</param>
/// <param name="Difference">What an adjustment would add to the bill; null where neither has a consumption.</param>
/// <param name="Reason">In words, naming the readings.</param>
internal sealed record BillingDifferenceView(
    int LineNumber,
    string SerialNumber,
    Guid MeterId,
    Guid RegisterId,
    string Register,
    string Unit,
    int LastAdjustment,
    BillingState OldState,
    BillingState NewState,
    decimal? OldPreviousValue,
    decimal? NewPreviousValue,
    decimal? OldValue,
    decimal? NewValue,
    decimal? OldConsumption,
    decimal? NewConsumption,
    decimal? Difference,
    string Reason)
{
    public static BillingDifferenceView Of(BillingDifference difference)
    {
        var (last, now) = difference;
        return new BillingDifferenceView(
            now.LineNumber, now.SerialNumber, now.MeterId.Value, now.RegisterId.Value, now.Register, now.Unit, last.Adjustment, last.State, now.State,
            last.PreviousValue, now.PreviousValue, last.CurrentValue, now.CurrentValue, last.Consumption, now.Consumption, now.BilledConsumption, now.Reason!);
    }
}

internal static class ListBillingAdjustmentsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/billing-runs/{id:guid}/adjustments", async (Guid id, [AsParameters] ListBillingAdjustmentsRequest request, ListBillingAdjustmentsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(id, request, cancellationToken)).ToAnswer())
            .Slice<Page<BillingDifferenceView>>("ListBillingAdjustments", "What later corrections and late readings changed since the run was frozen or last adjusted").RequirePermission(BillingPermissions.Read).RequireWholeView();
}

internal sealed class ListBillingAdjustmentsHandler(BillingRuns runs, BillingDifferences differences)
{
    public async Task<Outcome<Page<BillingDifferenceView>>> HandleAsync(Guid id, ListBillingAdjustmentsRequest request, CancellationToken cancellationToken)
    {
        var found = await runs.FindAsync(id, cancellationToken);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var skip = (long)(page - 1) * limit;
        var count = 0;
        List<BillingDifferenceView> items = [];
        await foreach (var difference in differences.WalkAsync(found.Value.Run, found.Value.Adjustments, cancellationToken))
        {
            if (count >= skip && items.Count < limit)
            {
                items.Add(BillingDifferenceView.Of(difference));
            }

            count++;
        }

        return Paging.Numbered(items, count, page, limit);
    }
}
