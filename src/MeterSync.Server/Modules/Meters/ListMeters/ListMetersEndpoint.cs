using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Requests;
using Microsoft.AspNetCore.Mvc;

namespace MeterSync.Modules.Meters.ListMeters;

/// <param name="Search">Words that must all occur in serial number, address or owner.</param>
/// <param name="ReadSince">Only meters with an accepted reading at or after this instant.</param>
/// <param name="NoReadingSince">Only meters without one.</param>
/// <param name="Sort">serial_number, created_at (default, newest first), last_reading_at or address; a minus in front turns it round.</param>
/// <param name="Cursor">Empty begins a walk over everything; then next_cursor of the page before. Only sorted by created_at.</param>
internal sealed record ListMetersRequest(
    [property: PlainText(200, AllowLines = true)] string? Search,
    [property: TermOf(typeof(MeterStatus))] string? Status,
    [property: FromQuery(Name = "meter_type"), TermOf(typeof(MeterType))] string? MeterType,
    [property: TermOf(typeof(MeterPriority))] string? Priority,
    [property: FromQuery(Name = "location_id"), PlainText(MeterLimits.Word)] string? LocationId,
    [property: FromQuery(Name = "read_since")] DateTimeOffset? ReadSince,
    [property: FromQuery(Name = "no_reading_since")] DateTimeOffset? NoReadingSince,
    [property: RegularExpression("^-?(serial_number|created_at|last_reading_at|address)$", ErrorMessage = "Sort by serial_number, created_at, last_reading_at or address; a minus in front turns it round.")] string? Sort,
    string? Cursor,
    [property: PageNumber] int? Page,
    [property: PageLimit] int? Limit) : IPageRequest;

internal static class ListMetersEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/meters", async ([AsParameters] ListMetersRequest request, ListMetersHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<MeterView>>("ListMeters", "Meters by search and filters").RequirePermission(MeterPermissions.Read);
}
