using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Settings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace MeterSync.Modules.Workforce.GetAgentTrack;

internal sealed record GetAgentTrackRequest
{
    /// <summary>A local day such as 2026-03-31; today where left out.</summary>
    public string? Date { get; init; }
}

internal sealed record TrackPointView(double Latitude, double Longitude, double? AccuracyM, DateTimeOffset At);

/// <param name="Points">In order of time, thinned.</param>
internal sealed record AgentTrackView(Guid AgentId, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<TrackPointView> Points);

internal static class GetAgentTrackEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/agents/{id:guid}/track", async (Guid id, [AsParameters] GetAgentTrackRequest request, GetAgentTrackHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new UserId(id), request, cancellationToken)).ToAnswer())
            .Slice<AgentTrackView>("GetAgentTrack", "Where an agent walked on a day, in working hours").RequirePermission(WorkforcePermissions.ReadAgents);
}

internal sealed class GetAgentTrackHandler(MeterSyncDb db, AgentViews views, LocalDays days, IOrganisationSettings organisation, TimeProvider clock)
{
    private const int Most = 10_000;

    public async Task<Outcome<AgentTrackView>> HandleAsync(UserId id, GetAgentTrackRequest request, CancellationToken cancellationToken)
    {
        var date = request.Date ?? Instant.FromDateTimeOffset(clock.GetUtcNow()).InZone(organisation.Current.Zone).Date.ToString("uuuu-MM-dd", null);
        var (from, to) = (days.Start("date", date), days.EndOfDay("date", date));
        if (!from.Succeeded || !to.Succeeded)
        {
            return (from.Problem ?? to.Problem)!;
        }

        if (!await views.Visible().AnyAsync(agent => agent.Id == id, cancellationToken))
        {
            return WorkforceProblems.AgentNotFound.Because("There is no such agent.");
        }

        var (start, end) = (from.Value, to.Value > from.Value ? to.Value : from.Value + TimeSpan.FromDays(1));
        var points = await db.Set<AgentPosition>().AsNoTracking().Where(point => point.AgentId == id && point.At >= start && point.At < end).OrderBy(point => point.At).Take(Most).ToListAsync(cancellationToken);
        return new AgentTrackView(id.Value, start, end, [.. points.Select(point => new TrackPointView(point.Latitude, point.Longitude, point.AccuracyMetres, point.At))]);
    }
}
