using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
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

internal sealed class RejectReadingHandler(WriteTransactions transactions, OpenReading readings, CallerAccessor callers, TimeProvider clock)
{
    public async Task<Outcome<ReadingView>> HandleAsync(Guid id, RejectReadingRequest request, int? version, CancellationToken cancellationToken) =>
        ReadingMetrics.Decided("rejected", await transactions.RunAsync<ReadingView>(async token =>
        {
            var found = await readings.FindAsync(id, version, token);
            if (!found.Succeeded)
            {
                return found.Problem;
            }

            var reading = found.Value.Reading;
            if (reading.State is ReadingState.Rejected or ReadingState.Superseded)
            {
                return ReadingProblems.NotRejectable.Because($"The reading is {Terms<ReadingState>.WordOf(reading.State)}; only accepted and held readings can be rejected.");
            }

            found.Value.Reject();
            found.Value.Decided(callers.Caller, clock.GetUtcNow().ToStored(), request.Reason);
            return await readings.SaveAsync(found.Value, null, token);
        }, cancellationToken));
}
