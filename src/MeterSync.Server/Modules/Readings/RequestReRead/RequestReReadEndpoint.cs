using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

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

internal sealed class RequestReReadHandler(MeterSyncDb db, WriteTransactions transactions, OpenReading readings, CallerAccessor callers, TimeProvider clock, IdSource ids)
{
    public Task<Outcome<ReReadView>> HandleAsync(Guid id, RequestReReadRequest request, CancellationToken cancellationToken) =>
        transactions.RunAsync<ReReadView>(
            async token =>
            {
                // The meter is locked with its reading: two supervisors who ask at once make one request.
                var found = await readings.FindAsync(id, null, token);
                if (!found.Succeeded)
                {
                    return found.Problem;
                }

                var (reading, meter) = (found.Value.Reading, found.Value.Meter);
                if (reading.State == ReadingState.Superseded)
                {
                    return ReadingProblems.ReReadNotPossible.Because("The reading is superseded: another value counts. Ask for that one again.");
                }

                var last = await db.Set<ReRead>().AsNoTracking().Where(other => other.MeterId == reading.MeterId).OrderByDescending(other => other.RequestedAt).FirstOrDefaultAsync(token);
                if (last is not null && !await db.Set<Reading>().AnyAsync(later => later.MeterId == last.MeterId && later.ReadingAt > last.RequestedAt && later.State != ReadingState.Rejected, token))
                {
                    return ReadingProblems.ReReadOpen.Because($"This meter is to be read again already: asked for at {last.RequestedAt:yyyy-MM-dd HH:mm} UTC, because: {last.Reason}");
                }

                var made = new ReRead
                {
                    Id = ids.Next<ReReadId>(),
                    ReadingId = reading.Id,
                    MeterId = reading.MeterId,
                    Reason = request.Reason!.Trim(),
                    RequestedBy = callers.Caller.UserId,
                    RequestedAt = clock.GetUtcNow().ToStored(),
                };
                db.Set<ReRead>().Add(made);
                await db.SaveChangesAsync(token);
                return ReReadView.Of(made, meter.SerialNumber, null);
            },
            cancellationToken);
}
