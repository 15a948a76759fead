using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Requests;
using Microsoft.AspNetCore.Mvc;

namespace MeterSync.Modules.Meters.ListMeters;

internal sealed record ListMetersRequest : IPageRequest
{
    /// <summary>Words that must all occur in serial number, address or owner.</summary>
    [PlainText(200, AllowLines = true)]
    public string? Search { get; init; }

    [TermOf(typeof(MeterStatus))]
    public string? Status { get; init; }

    [FromQuery(Name = "meter_type"), TermOf(typeof(MeterType))]
    public string? MeterType { get; init; }

    [TermOf(typeof(MeterPriority))]
    public string? Priority { get; init; }

    [FromQuery(Name = "location_id"), PlainText(MeterLimits.Word)]
    public string? LocationId { get; init; }

    [FromQuery(Name = "region_id")]
    public Guid? RegionId { get; init; }

    /// <summary>Only meters with work still to be done (true), or without (false).</summary>
    public bool? Assigned { get; init; }

    /// <summary>Only meters with an accepted reading at or after this instant.</summary>
    [FromQuery(Name = "read_since")]
    public DateTimeOffset? ReadSince { get; init; }

    /// <summary>Only meters without one.</summary>
    [FromQuery(Name = "no_reading_since")]
    public DateTimeOffset? NoReadingSince { get; init; }

    /// <summary>serial_number, created_at (default, newest first), last_reading_at or address; a minus in front turns it round.</summary>
    [RegularExpression("^-?(serial_number|created_at|last_reading_at|address)$", ErrorMessage = "Sort by serial_number, created_at, last_reading_at or address; a minus in front turns it round.")]
    public string? Sort { get; init; }

    /// <summary>Empty begins a walk over everything; then next_cursor of the page before. Only sorted by created_at.</summary>
    public string? Cursor { get; init; }

    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListMetersEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/meters", async ([AsParameters] ListMetersRequest request, ListMetersHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<MeterView>>("ListMeters", "Meters by search and filters").RequirePermission(MeterPermissions.Read);
}
