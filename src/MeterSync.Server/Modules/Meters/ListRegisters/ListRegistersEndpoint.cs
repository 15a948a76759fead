using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Store;

namespace MeterSync.Modules.Meters.ListRegisters;

internal static class ListRegistersEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/meters/{id:guid}/registers", async (Guid id, ListRegistersHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new MeterId(id), cancellationToken)).ToAnswer(list => list.MeterVersion))
            .Slice<RegisterListView>("ListRegisters", "The registers of a meter, by ordinal").RequirePermission(MeterPermissions.Read);
}

internal sealed class ListRegistersHandler(MeterViews views)
{
    public async Task<Outcome<RegisterListView>> HandleAsync(MeterId id, CancellationToken cancellationToken) =>
        await views.FindAsync(id, cancellationToken) is { } meter
            ? new RegisterListView(meter.Registers ?? []) { MeterVersion = meter.Version }
            : MeterProblems.MeterNotFound.Because("There is no such meter.");
}
