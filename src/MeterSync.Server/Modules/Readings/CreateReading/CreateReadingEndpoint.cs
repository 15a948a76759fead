using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Readings.Recording;

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
                    Writer = ReadingPageJson.Write,
                };
            })
            .Slice<ReadingView>("CreateReading", "Record a reading", StatusCodes.Status201Created).RequirePermission(ReadingPermissions.Create)
            .BodyLike("""{"serial_number":"W-2041877","registers":[{"label":"total","value":1234.567}],"reading_timestamp":"2026-03-31T08:15:00Z","location":{"latitude":51.5072,"longitude":-0.1276},"accuracy_m":8,"notes":"Gate code 4711","client_id":"01890000-0000-7000-8000-000000000001","source":"manual","double_entered":true}""");
}
