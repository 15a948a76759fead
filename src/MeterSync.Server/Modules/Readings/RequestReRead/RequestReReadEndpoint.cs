using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Readings.Store;
using MeterSync.Store;

namespace MeterSync.Modules.Readings.RequestReRead;

/// <param name="Reason">What is doubtful; whoever reads again sees it.</param>
internal sealed record RequestReReadRequest([property: Required, PlainText(1000), MinLength(3)] string? Reason);

internal static class RequestReReadEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/readings/{id:guid}/re-read", async (Guid id, RequestReReadRequest request, RequestReReadHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(id, request, cancellationToken)).ToCreated(made => $"/api/v1/re-reads?meter_id={made.MeterId}"))
            .Slice<ReReadView>("RequestReRead", "Ask for the value again; the meter's next reading answers it", StatusCodes.Status201Created).RequirePermission(ReadingPermissions.Verify)
            .BodyLike("""{"reason":"The dial in the photo is blurred"}""");
}

internal sealed class RequestReReadHandler(WriteTransactions transactions, ReReadRequests reReads)
{
    public Task<Outcome<ReReadView>> HandleAsync(Guid id, RequestReReadRequest request, CancellationToken cancellationToken) =>
        transactions.RunAsync(token => reReads.MakeAsync(id, request.Reason!, token), cancellationToken);
}
