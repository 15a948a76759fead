using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>Writes and reads routes with their stops in walking order.</summary>
internal sealed class RouteBook(MeterSyncDb db, IRegionNames regions, CallerAccessor callers, TimeProvider clock)
{
    private const int AtOnce = 500;

    public IQueryable<WalkRoute> Visible() => db.Set<WalkRoute>().VisibleTo(callers.Caller);

    /// <summary>Writes what is asked into a route and puts its stops in order. Joins the unit of work.</summary>
    public async Task<Problem?> WriteAsync(RouteRequest request, WalkRoute route, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Name))
        {
            return KernelProblems.Invalid.For("name", "A route needs a name.");
        }

        if (await RefuseAsync(request, route, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        (route.Name, route.NameKey) = (request.Name.Trim(), string.Join(' ', request.Name.Normalize(System.Text.NormalizationForm.FormKC).ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        route.Description = string.IsNullOrWhiteSpace(request.Description) ? null : request.Description.Trim();
        route.RegionId = request.RegionId is { } region ? new RegionId(region) : null;
        route.AgentId = request.AgentId is { } agent ? new UserId(agent) : null;
        route.Ordering = Terms<StopOrdering>.ParseOptional(request.OrderBy) ?? StopOrdering.Street;
        (route.StartLatitude, route.StartLongitude) = (request.Start?.Latitude, request.Start?.Longitude);
        route.UpdatedAt = clock.GetUtcNow().ToStored();
        var places = await PlacesAsync(request, cancellationToken);
        if (!places.Succeeded)
        {
            return places.Problem;
        }

        var ordered = route.Ordering switch
        {
            StopOrdering.Street => WalkOrder.ByStreet(places.Value, place => place.Address),
            StopOrdering.Shortest => WalkOrder.ByDistance(places.Value, place => Position.Of(place.Latitude, place.Longitude), place => place.Address, Position.Of(route.StartLatitude, route.StartLongitude)),
            _ => places.Value,
        };
        await db.Set<RouteStop>().Where(stop => stop.RouteId == route.Id).ExecuteDeleteAsync(cancellationToken);
        db.AddRange(ordered.Select((place, index) => new RouteStop { RouteId = route.Id, Position = index + 1, ServicePointId = place.Id }));
        return null;
    }

    public async Task<RouteView> ShowAsync(WalkRoute route, CancellationToken cancellationToken)
    {
        var stops = await (
            from stop in db.Set<RouteStop>().AsNoTracking()
            where stop.RouteId == route.Id
            join place in db.OfPlaces(callers.Caller) on stop.ServicePointId equals place.Id
            orderby stop.Position
            select new { stop.Position, Place = place }).ToListAsync(cancellationToken);
        var meters = (await (
            from stop in db.Set<RouteStop>().AsNoTracking()
            where stop.RouteId == route.Id
            join meter in db.OfMeters(callers.Caller) on (ServicePointId?)stop.ServicePointId equals meter.ServicePointId
            orderby meter.SerialNumber
            select new { stop.Position, meter.Id }).ToListAsync(cancellationToken)).ToLookup(row => row.Position, row => row.Id.Value);
        var walk = stops.Select(stop => Position.Of(stop.Place.Latitude, stop.Place.Longitude)).OfType<Position>().ToList();
        return RouteView.Of(route, stops.Count, Math.Round(WalkOrder.MetresOf(walk)), [.. stops.Select(stop => new RouteStopView(
            stop.Position,
            stop.Place.Id.Value,
            stop.Place.Address,
            stop.Place is { Latitude: { } latitude, Longitude: { } longitude } ? new PlaceView(latitude, longitude) : null,
            [.. meters[stop.Position]]))]);
    }

    /// <summary>Saves what is pending; a name that another route has is refused.</summary>
    public async Task<Problem?> SaveAsync(WalkRoute route, CancellationToken cancellationToken)
    {
        if (await IsTakenAsync(route, cancellationToken))
        {
            return WorkforceProblems.RouteNameTaken.For("name", $"Another route is called {route.Name}.");
        }

        await db.SaveChangesAsync(cancellationToken);
        return null;
    }

    private Task<bool> IsTakenAsync(WalkRoute route, CancellationToken cancellationToken) =>
        db.Set<WalkRoute>().AsNoTracking().AnyAsync(other => other.NameKey == route.NameKey && other.Id != route.Id, cancellationToken);

    private async Task<Problem?> RefuseAsync(RouteRequest request, WalkRoute route, CancellationToken cancellationToken)
    {
        var own = callers.Caller.RegionsOnly;
        if (request.RegionId is not { } asked)
        {
            if (own is not null)
            {
                return KernelProblems.Invalid.For("region_id", "You see the routes of named regions only: say in which of them this one lies.");
            }
        }
        else if (new RegionId(asked) is var region && region != route.RegionId && (own?.Contains(region) is false || !(await regions.FindAsync([region], cancellationToken)).ContainsKey(region)))
        {
            return KernelProblems.Invalid.For("region_id", $"There is no region {asked}.");
        }

        return request.AgentId is { } agentId && new UserId(agentId) is var agent && !await db.Set<Agent>().VisibleTo(callers.Caller).AnyAsync(one => one.Id == agent, cancellationToken)
            ? KernelProblems.Invalid.For("agent_id", $"There is no agent {agentId}.")
            : null;
    }

    private async Task<Outcome<IReadOnlyList<PlaceFact>>> PlacesAsync(RouteRequest request, CancellationToken cancellationToken)
    {
        if (request.Stops is { } stops)
        {
            return await NamedAsync(stops, cancellationToken);
        }

        if (request.RegionId is null && string.IsNullOrWhiteSpace(request.LocationId))
        {
            return KernelProblems.Invalid.For("stops", "Name the stops, or a region_id or location_id whose places become stops.");
        }

        var meters = db.OfMeters(callers.Caller).Where(meter => meter.Status == MeterStatus.Active && meter.ServicePointId != null);
        if (request.RegionId is { } id)
        {
            var region = new RegionId(id);
            meters = meters.Where(meter => meter.RegionId == region);
        }

        if (request.LocationId?.Trim() is { Length: > 0 } location)
        {
            meters = meters.Where(meter => meter.LocationId == location);
        }

        var places = await db.OfPlaces(callers.Caller).Where(place => meters.Any(meter => meter.ServicePointId == (ServicePointId?)place.Id)).OrderBy(place => place.Id).Take(RouteRequest.MostStops + 1).ToListAsync(cancellationToken);
        return places.Count switch
        {
            0 => WorkforceProblems.RouteEmpty.For("region_id", "No active meter stands there."),
            > RouteRequest.MostStops => KernelProblems.Invalid.For("stops", $"More than {RouteRequest.MostStops} places: split the route."),
            _ => places,
        };
    }

    /// <summary>A stop may be named by its service point or by a meter that stands there.</summary>
    private async Task<Outcome<IReadOnlyList<PlaceFact>>> NamedAsync(IReadOnlyList<Guid> stops, CancellationToken cancellationToken)
    {
        var found = new Dictionary<Guid, PlaceFact>();
        foreach (var part in stops.Distinct().Chunk(AtOnce))
        {
            List<ServicePointId> points = [.. part.Select(id => new ServicePointId(id))];
            foreach (var place in await db.OfPlaces(callers.Caller).Where(place => points.Contains(place.Id)).ToListAsync(cancellationToken))
            {
                found[place.Id.Value] = place;
            }

            List<MeterId> meters = [.. part.Select(id => new MeterId(id))];
            foreach (var row in await (from meter in db.OfMeters(callers.Caller) where meters.Contains(meter.Id) join place in db.OfPlaces(callers.Caller) on meter.ServicePointId equals (ServicePointId?)place.Id select new { meter.Id, Place = place }).ToListAsync(cancellationToken))
            {
                found[row.Id.Value] = row.Place;
            }
        }

        if (stops.Where(stop => !found.ContainsKey(stop)).Select(stop => (Guid?)stop).FirstOrDefault() is { } missing)
        {
            return WorkforceProblems.RouteBadStop.For("stops", $"{missing} is neither a service point nor a meter that stands at one.");
        }

        // Two meters at one place are one stop.
        List<PlaceFact> places = [.. stops.Select(stop => found[stop]).DistinctBy(place => place.Id)];
        return places;
    }
}
