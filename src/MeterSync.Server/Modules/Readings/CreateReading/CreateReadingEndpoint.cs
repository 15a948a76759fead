using MeterSync.Kernel;
using MeterSync.Kernel.Web;

namespace MeterSync.Modules.Readings.CreateReading;

internal static class CreateReadingEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/readings", async (CreateReadingRequest request, CreateReadingHandler handler, CancellationToken cancellationToken) =>
            {
                var outcome = await handler.HandleAsync(request, cancellationToken);
                Outcome<ReadingView> reading = outcome.Succeeded ? outcome.Value.Reading : outcome.Problem;
                return new Answer<ReadingView>(reading)
                {
                    Status = outcome is { Succeeded: true, Value.AlreadyThere: true } ? StatusCodes.Status200OK : StatusCodes.Status201Created,
                    Location = view => $"/api/v1/readings/{view.Id}",
                    Version = view => view.Version,
                };
            })
            .Slice<ReadingView>("CreateReading", "Record a reading", StatusCodes.Status201Created).RequirePermission(ReadingPermissions.Create);
}
