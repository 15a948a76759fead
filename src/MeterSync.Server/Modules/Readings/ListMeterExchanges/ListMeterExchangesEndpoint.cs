using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Readings.ListMeterExchanges;

internal sealed record ListMeterExchangesRequest : IPageRequest
{
    /// <summary>The meter.</summary>
    [FromRoute(Name = "id")]
    public Guid Id { get; init; }

    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListMeterExchangesEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/meters/{id:guid}/exchanges", async ([AsParameters] ListMeterExchangesRequest request, ListMeterExchangesHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<MeterExchangeView>>("ListMeterExchanges", "The exchanges a meter had part in, and those before at its place, newest first").RequirePermission(ReadingPermissions.Read);
}

internal sealed class ListMeterExchangesHandler(MeterSyncDb db, IMeterRegistry meters, IMeterPlaces places)
{
    public async Task<Outcome<Page<MeterExchangeView>>> HandleAsync(ListMeterExchangesRequest request, CancellationToken cancellationToken)
    {
        if (await meters.FindAsync(new MeterId(request.Id), cancellationToken) is not { } meter)
        {
            return ReadingProblems.MeterNotFound.For("id", $"There is no meter {request.Id}.");
        }

        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var own = db.Set<MeterExchange>().AsNoTracking().Where(exchange => exchange.OldMeterId == meter.Id || exchange.NewMeterId == meter.Id);
        var last = own.Where(exchange => exchange.NewMeterId == meter.Id && exchange.UndoneAt == null && exchange.ExchangedAt == meter.SegmentFrom).Select(exchange => exchange.ServicePointId);
        var wanted = db.Set<MeterExchange>().AsNoTracking().Where(exchange => exchange.OldMeterId == meter.Id || exchange.NewMeterId == meter.Id
            || (exchange.ExchangedAt <= meter.SegmentFrom && last.Contains(exchange.ServicePointId)));
        var total = await wanted.Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        var rows = await (
            from exchange in wanted
            join removal in db.Set<Reading>() on exchange.RemovalReadingId equals removal.Id
            join install in db.Set<Reading>() on exchange.InstallReadingId equals install.Id
            orderby exchange.ExchangedAt descending, exchange.RecordedAt descending, exchange.Id
            select new { Exchange = exchange, Removal = removal.State, Install = install.State }).Skip((page - 1) * limit).Take(limit).ToListAsync(cancellationToken);
        var serials = await places.SerialNumbersAsync([.. rows.SelectMany(row => new[] { row.Exchange.OldMeterId, row.Exchange.NewMeterId }).Distinct()], cancellationToken);
        return Paging.Numbered([.. rows.Select(row => MeterExchangeView.Of(row.Exchange, serials, row.Removal, row.Install))], total, page, limit);
    }
}
