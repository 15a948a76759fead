using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Store;
using MeterSync.Store;

namespace MeterSync.Modules.Readings.GetReading;

internal static class GetReadingEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/readings/{id:guid}", async (Guid id, GetReadingHandler handler, CancellationToken cancellationToken) => (await handler.HandleAsync(id, cancellationToken)).ToAnswer(view => view.Version))
            .Slice<ReadingView>("GetReading", "One reading with its verdict, and what was corrected in it").RequirePermission(ReadingPermissions.Read);
}

internal sealed class GetReadingHandler(MeterSyncDb db, ReadingQueries queries, IMeterRegistry meters, CallerAccessor callers)
{
    public async Task<Outcome<ReadingView>> HandleAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await queries.FindAsync(db, new ReadingId(id), cancellationToken) is not { } found || (callers.Caller.OwnOnly is { } own && found.Reading.AgentId != own))
        {
            return ReadingProblems.NotFound.Because($"There is no reading {id}.");
        }

        return await meters.FindAsync(found.Reading.MeterId, cancellationToken) is { } meter
            ? ReadingView.Of(found, meter.SerialNumber, meter.Registers, withSuperseded: true)
            : ReadingProblems.NotFound.Because($"There is no reading {id}.");
    }
}
