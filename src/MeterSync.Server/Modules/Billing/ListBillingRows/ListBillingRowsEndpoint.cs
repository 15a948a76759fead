using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Billing.Public;
using MeterSync.Modules.Billing.Store;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Settings.Public;
using MeterSync.Store;
using Microsoft.AspNetCore.Mvc;

namespace MeterSync.Modules.Billing.ListBillingRows;

internal sealed record ListBillingRowsRequest : IPageRequest
{
    /// <summary>Inclusive; a local date or an instant.</summary>
    [Required, StringLength(40)]
    public string? From { get; init; }

    /// <summary>Exclusive; a local date or an instant.</summary>
    [Required, StringLength(40)]
    public string? To { get; init; }

    [FromQuery(Name = "location_id"), StringLength(100), PlainWords]
    public string? LocationId { get; init; }

    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListBillingRowsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/billing-rows", async ([AsParameters] ListBillingRowsRequest request, ListBillingRowsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<BillingLineView>>("ListBillingRows", "The billing rows of a period as they would be frozen now").RequirePermission(BillingPermissions.Read);
}

internal sealed class ListBillingRowsHandler(BillingBook book, IReadingLedger ledger, LocalDays days, CallerAccessor callers)
{
    public async Task<Outcome<Page<BillingLineView>>> HandleAsync(ListBillingRowsRequest request, CancellationToken cancellationToken)
    {
        var period = days.Period("from", request.From!, "to", request.To!);
        if (!period.Succeeded)
        {
            return period.Problem;
        }

        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var filter = new PeriodFilter(callers.Caller.RegionsOnly, period.Value.From, period.Value.To, request.LocationId, Skip: (page - 1) * limit, Limit: limit);
        var total = (int)Math.Min(await ledger.CountPeriodsAsync(filter, cancellationToken), PageRules.CountCap + 1);
        List<BillingLineView> rows = [];
        await foreach (var line in book.LinesOfAsync(filter, cancellationToken))
        {
            rows.Add(line.ToView());
        }

        return Paging.Numbered(rows, total, page, limit);
    }
}
