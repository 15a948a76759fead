using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
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

internal sealed class VerifyReadingHandler(WriteTransactions transactions, OpenReading readings, CallerAccessor callers, TimeProvider clock)
{
    public async Task<Outcome<ReadingView>> HandleAsync(Guid id, string? note, int? version, CancellationToken cancellationToken) =>
        ReadingMetrics.Decided("verified", await transactions.RunAsync<ReadingView>(async token =>
        {
            var found = await readings.FindAsync(id, version, token);
            if (!found.Succeeded)
            {
                return found.Problem;
            }

            var (reading, now) = (found.Value.Reading, clock.GetUtcNow().ToStored());
            if (reading.State is ReadingState.Rejected or ReadingState.Superseded)
            {
                return ReadingProblems.NotVerifiable.Because($"The reading is {Terms<ReadingState>.WordOf(reading.State)}; only accepted and held readings can be verified.");
            }

            foreach (var value in found.Value.Found.Values.Where(value => value.State is ReadingState.Held))
            {
                found.Value.Ledger.Confirm(reading, value, now);
            }

            if (reading.VerifiedAt is null || reading.State is not ReadingState.Accepted)
            {
                reading.VerifiedAt = now;
                reading.VerifiedBy = callers.Caller.UserId;
                found.Value.Decided(callers.Caller, now, note);
            }

            return await readings.SaveAsync(found.Value, null, token);
        }, cancellationToken));
}
