using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Positions;

namespace MeterSync.Modules.Workforce.SetMyLocation;

/// <param name="Stored">False outside of working hours, and where something newer is known.</param>
internal sealed record MyLocationView(double Latitude, double Longitude, DateTimeOffset Timestamp, bool Stored);

internal static class SetMyLocationEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/agents/me/location", async (SetMyLocationRequest request, SetMyLocationHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<MyLocationView>("SetMyLocation", "Report where the signed-in agent is; kept in working hours only").RequirePermission(WorkforcePermissions.Report)
            .BodyLike("""{"latitude":51.5072,"longitude":-0.1276,"accuracy_m":8}""");
}

internal sealed class SetMyLocationHandler(PositionBuffer positions, CallerAccessor callers, TimeProvider clock)
{
    public async Task<Outcome<MyLocationView>> HandleAsync(SetMyLocationRequest request, CancellationToken cancellationToken)
    {
        if (request.PlaceSaid() is not { } at)
        {
            return KernelProblems.Invalid.For("latitude", "A position has both latitude and longitude.");
        }

        var reported = new ReportedPosition((request.Timestamp ?? clock.GetUtcNow()).ToStored(), at, request.AccuracySaid());
        var taken = await positions.TakeAsync(callers.Caller.UserId ?? default, reported, cancellationToken);
        return taken.Succeeded ? new MyLocationView(at.Latitude, at.Longitude, reported.At, taken.Value) : taken.Problem;
    }
}
