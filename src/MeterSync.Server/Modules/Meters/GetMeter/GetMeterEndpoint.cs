using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Store;

namespace MeterSync.Modules.Meters.GetMeter;

internal static class GetMeterEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/meters/{id:guid}", async (Guid id, GetMeterHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new MeterId(id), cancellationToken)).ToAnswer(meter => meter.Version))
            .Slice<MeterView>("GetMeter", "One meter with its registers").RequirePermission(MeterPermissions.Read);
}

internal sealed class GetMeterHandler(MeterViews views)
{
    public async Task<Outcome<MeterView>> HandleAsync(MeterId id, CancellationToken cancellationToken) =>
        await views.FindAsync(id, cancellationToken) is { } meter ? meter : MeterProblems.MeterNotFound.Because("There is no such meter.");
}
