using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Readings.Store;
using MeterSync.Store;

namespace MeterSync.Modules.Readings.VerifyReading;

/// <param name="Note">Why a held value is right, for whoever asks later.</param>
internal sealed record VerifyReadingRequest([property: StringLength(1000)] string? Note);

internal static class VerifyReadingEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/readings/{id:guid}/verify", async (Guid id, VerifyReadingRequest? request, HttpRequest http, VerifyReadingHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(id, request?.Note, EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer(view => view.Version))
            .Slice<ReadingView>("VerifyReading", "Confirm a reading; what was held is accepted").RequirePermission(ReadingPermissions.Verify)
            .BodyLike("""{"note":"The customer confirmed a filled pool"}""");
}

internal sealed class VerifyReadingHandler(WriteTransactions transactions, DecideReadings readings)
{
    public async Task<Outcome<ReadingView>> HandleAsync(Guid id, string? note, int? version, CancellationToken cancellationToken) =>
        ReadingMetrics.Decided("verified", await transactions.RunAsync(token => readings.VerifyAsync(id, note, version, token), cancellationToken));
}
