using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Store;
using Microsoft.AspNetCore.Mvc;

namespace MeterSync.Modules.Readings.ListMeterReadings;

internal sealed record ListMeterReadingsRequest : IPageRequest
{
    [FromRoute(Name = "meter_id")]
    public Guid MeterId { get; init; }

    [TermOf(typeof(ReadingState))]
    public string? State { get; init; }

    [Instant]
    public string? From { get; init; }

    [Instant]
    public string? To { get; init; }

    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }

    [StringLength(64)]
    public string? Cursor { get; init; }
}

internal static class ListMeterReadingsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/readings/meter/{meter_id:guid}", async (
                [AsParameters] ListMeterReadingsRequest request, ListMeterReadingsHandler handler, CancellationToken cancellationToken) => (await handler.HandleAsync(request, cancellationToken)).ToPageAnswer())
            .Slice<Page<ReadingView>>("ListMeterReadings", "A meter's readings with the use of each period, newest first").RequirePermission(ReadingPermissions.Read);
}

internal sealed class ListMeterReadingsHandler(ReadingList readings, IMeterRegistry meters)
{
    public async Task<Outcome<Page<ReadingView>>> HandleAsync(ListMeterReadingsRequest request, CancellationToken cancellationToken)
    {
        var page = ReadingPages.Of(null, request.PageOrDefault(), request.LimitOrDefault(), request.Cursor);
        if (!page.Succeeded)
        {
            return page.Problem;
        }

        if (await meters.FindAsync(new MeterId(request.MeterId), cancellationToken) is not { } meter)
        {
            return ReadingProblems.MeterNotFound.For("meter_id", $"There is no meter {request.MeterId}.");
        }

        var filter = new ReadingFilter(meter.Id, null, null, Terms<ReadingState>.ParseOptional(request.State), null, ReadingPages.Instant(request.From), ReadingPages.Instant(request.To));
        var found = await readings.LoadAsync(filter, page.Value, cancellationToken);
        return ReadingPages.View(found, item => ReadingView.Of(item, meter.SerialNumber, meter.Registers, withSuperseded: false));
    }
}
