using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
using MeterSync.Modules.Settings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;

namespace MeterSync.Modules.Workforce.CreateReadCycle;

/// <param name="WindowFrom">First local day, or an instant.</param>
/// <param name="WindowTo">The day after the last, or an instant: exclusive.</param>
/// <param name="RegionId">Only meters in the region; null for any.</param>
/// <param name="Repeats">never (default), monthly, quarterly or yearly: the next one is planned when this one closes.</param>
internal sealed record CreateReadCycleRequest(
    [property: Required, PlainText(100)] string? Name,
    [property: Required, StringLength(40)] string? WindowFrom,
    [property: Required, StringLength(40)] string? WindowTo,
    [property: TermOf(typeof(MeterType))] string? MeterType,
    Guid? RegionId,
    [property: PlainText(100)] string? LocationId,
    [property: TermOf(typeof(CycleRepeats))] string? Repeats);

internal static class CreateReadCycleEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/read-cycles", async (CreateReadCycleRequest request, CreateReadCycleHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToCreated(cycle => $"/api/v1/read-cycles/{cycle.Id}", cycle => cycle.Version))
            .Slice<ReadCycleView>("CreateReadCycle", "Plan a read cycle; its meters are settled when it opens", StatusCodes.Status201Created).RequirePermission(WorkforcePermissions.WriteCycles)
            .BodyLike("""{"name":"March 2026, water","window_from":"2026-03-01","window_to":"2026-04-01","meter_type":"water","repeats":"monthly"}""");
}

internal sealed class CreateReadCycleHandler(MeterSyncDb db, LocalDays days, IRegionNames regions, CallerAccessor callers, TimeProvider clock, IdSource ids)
{
    public async Task<Outcome<ReadCycleView>> HandleAsync(CreateReadCycleRequest request, CancellationToken cancellationToken)
    {
        var window = days.Period("window_from", request.WindowFrom!, "window_to", request.WindowTo!);
        if (!window.Succeeded)
        {
            return window.Problem;
        }

        var own = callers.Caller.RegionsOnly;
        RegionId? region = request.RegionId is { } asked ? new RegionId(asked) : null;
        if (region is null ? own is not null : own?.Contains(region.Value) is false || !(await regions.FindAsync([region.Value], cancellationToken)).ContainsKey(region.Value))
        {
            return KernelProblems.Invalid.For("region_id", region is null ? "You see the meters of named regions only: say in which of them the cycle is." : $"There is no region {region.Value.Value}.");
        }

        var now = clock.GetUtcNow().ToStored();
        var made = new ReadCycle
        {
            Id = ids.Next<ReadCycleId>(),
            Name = request.Name!.Trim(),
            Status = CycleStatus.Planned,
            WindowFrom = window.Value.From,
            WindowTo = window.Value.To,
            MeterType = Terms<MeterType>.ParseOptional(request.MeterType),
            RegionId = region,
            LocationId = string.IsNullOrWhiteSpace(request.LocationId) ? null : request.LocationId.Trim(),
            Repeats = Terms<CycleRepeats>.ParseOptional(request.Repeats) ?? CycleRepeats.Never,
            CreatedAt = now,
            UpdatedAt = now,
        };
        db.Add(made);
        await db.SaveChangesAsync(cancellationToken);
        return ReadCycleView.Of(made);
    }
}
