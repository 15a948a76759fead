using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Readings.Store;
using Microsoft.AspNetCore.Mvc;

namespace MeterSync.Modules.Readings.ListReadings;

internal sealed record ListReadingsRequest : IPageRequest
{
    [FromQuery(Name = "meter_id")]
    public Guid? MeterId { get; init; }

    [FromQuery(Name = "agent_id")]
    public Guid? AgentId { get; init; }

    /// <summary>Of meters whose service point is in the region now.</summary>
    [FromQuery(Name = "region_id")]
    public Guid? RegionId { get; init; }

    public bool? Verified { get; init; }

    [TermOf(typeof(ReadingState))]
    public string? State { get; init; }

    [TermOf(typeof(ReadingSource))]
    public string? Source { get; init; }

    /// <summary>Whether the photos it names are here.</summary>
    [TermOf(typeof(ReadingEvidence))]
    public string? Evidence { get; init; }

    /// <summary>reading_timestamp at or after: a day or an instant.</summary>
    [Instant]
    public string? From { get; init; }

    /// <summary>reading_timestamp before.</summary>
    [Instant]
    public string? To { get; init; }

    /// <summary>-reading_timestamp (newest first, the default) or reading_timestamp.</summary>
    [AllowedValues(null, "-reading_timestamp", "reading_timestamp", ErrorMessage = "sort is reading_timestamp or -reading_timestamp.")]
    public string? Sort { get; init; }

    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }

    /// <summary>Goes on after a page; empty begins a walk without a total.</summary>
    [StringLength(64)]
    public string? Cursor { get; init; }
}

internal static class ListReadingsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/readings", async (
                [AsParameters] ListReadingsRequest request, ListReadingsHandler handler, CancellationToken cancellationToken) => (await handler.HandleAsync(request, cancellationToken)).ToPageAnswer())
            .Slice<Page<ReadingView>>("ListReadings", "Readings, newest first").RequirePermission(ReadingPermissions.Read);
}

internal sealed class ListReadingsHandler(ReadingList readings, IRegisterLists registers)
{
    public async Task<Outcome<Page<ReadingView>>> HandleAsync(ListReadingsRequest request, CancellationToken cancellationToken)
    {
        var page = ReadingPages.Of(request.Sort, request.PageOrDefault(), request.LimitOrDefault(), request.Cursor);
        if (!page.Succeeded)
        {
            return page.Problem;
        }

        var filter = new ReadingFilter(
            request.MeterId is { } meter ? new MeterId(meter) : null,
            request.AgentId is { } agent ? new UserId(agent) : null,
            request.Verified,
            Terms<ReadingState>.ParseOptional(request.State),
            Terms<ReadingSource>.ParseOptional(request.Source),
            ReadingPages.Instant(request.From),
            ReadingPages.Instant(request.To),
            request.RegionId is { } region ? [new RegionId(region)] : null,
            Terms<ReadingEvidence>.ParseOptional(request.Evidence));
        var found = await readings.LoadAsync(filter, page.Value, cancellationToken);
        var meters = new Dictionary<MeterId, int>();
        foreach (var item in found.Items)
        {
            meters[item.Reading.MeterId] = item.MeterVersion;
        }

        var known = await registers.OfAsync(meters, cancellationToken);
        return ReadingPages.View(found, item =>
        {
            var meter = known.GetValueOrDefault(item.Reading.MeterId);
            return ReadingView.Of(item, meter?.SerialNumber, meter?.Registers, withSuperseded: false);
        });
    }
}
