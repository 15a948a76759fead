using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Store;

namespace MeterSync.Modules.Workforce.GetReadCycle;

internal static class GetReadCycleEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/read-cycles/{id:guid}", async (Guid id, GetReadCycleHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new ReadCycleId(id), cancellationToken)).ToAnswer(cycle => cycle.Version))
            .Slice<ReadCycleView>("GetReadCycle", "One read cycle").RequirePermission(WorkforcePermissions.ReadCycles);
}

internal sealed class GetReadCycleHandler(CycleBook book)
{
    public async Task<Outcome<ReadCycleView>> HandleAsync(ReadCycleId id, CancellationToken cancellationToken)
    {
        var found = await book.FindAsync(id, cancellationToken);
        return found.Succeeded ? ReadCycleView.Of(found.Value) : found.Problem;
    }
}
