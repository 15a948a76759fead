using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Readings.Store;
using MeterSync.Store;

namespace MeterSync.Modules.Readings.RejectReading;

/// <param name="Reason">Why it does not count; the agent sees it.</param>
internal sealed record RejectReadingRequest([property: Required, StringLength(1000, MinimumLength = 3)] string? Reason);

internal static class RejectReadingEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/readings/{id:guid}/reject", async (Guid id, RejectReadingRequest request, HttpRequest http, RejectReadingHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(id, request, EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer(view => view.Version))
            .Slice<ReadingView>("RejectReading", "Refuse a reading; what followed is measured again").RequirePermission(ReadingPermissions.Verify)
            .BodyLike("""{"reason":"Photo shows another meter"}""");
}

internal sealed class RejectReadingHandler(WriteTransactions transactions, DecideReadings readings)
{
    public async Task<Outcome<ReadingView>> HandleAsync(Guid id, RejectReadingRequest request, int? version, CancellationToken cancellationToken) =>
        ReadingMetrics.Decided("rejected", await transactions.RunAsync(token => readings.RejectAsync(id, request.Reason, version, token), cancellationToken));
}
