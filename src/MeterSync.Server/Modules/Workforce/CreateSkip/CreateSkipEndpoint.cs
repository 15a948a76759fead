using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Public;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using MeterSync.Store.Events;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.CreateSkip;

/// <param name="MeterId">The meter; or <paramref name="SerialNumber"/>.</param>
/// <param name="Code">Why there is no value; GET /skip-codes lists them.</param>
/// <param name="SkippedAt">When the visit was; now where left out.</param>
/// <param name="ClientId">Made by the sender; sending the same again gives the same skip.</param>
internal sealed record CreateSkipRequest(
    Guid? MeterId,
    [property: StringLength(100)] string? SerialNumber,
    [property: Required, TermOf(typeof(SkipCode))] string? Code,
    [property: PlainText(2000, AllowLines = true)] string? Note,
    [property: StringLength(1000)] string? PhotoUrl,
    [property: Range(-90d, 90d)] double? Latitude,
    [property: Range(-180d, 180d)] double? Longitude,
    [property: Range(0d, 1_000_000d)] double? AccuracyM,
    DateTimeOffset? SkippedAt,
    Guid? ClientId);

internal static class CreateSkipEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/skips", async (CreateSkipRequest request, CreateSkipHandler handler, CancellationToken cancellationToken) =>
            {
                var made = await handler.HandleAsync(request, cancellationToken);
                Outcome<SkipView> view = made.Succeeded ? made.Value.View : made.Problem;
                return new Answer<SkipView>(view) { Status = made is { Succeeded: true, Value.AlreadyThere: true } ? StatusCodes.Status200OK : StatusCodes.Status201Created, Location = _ => "/api/v1/skips" };
            })
            .Slice<SkipView>("CreateSkip", "Report a visit without a value; the assignment ends with it", StatusCodes.Status201Created).RequirePermission(WorkforcePermissions.Work)
            .BodyLike("""{"serial_number":"W-2041877","code":"no_access","note":"Nobody home","client_id":"01890000-0000-7000-8000-000000000003"}""");
}

/// <param name="AlreadyThere">The same client_id and content came before.</param>
internal sealed record CreatedSkip(SkipView View, bool AlreadyThere);

internal sealed class CreateSkipHandler(MeterSyncDb db, WriteTransactions transactions, IMeterRegistry meters, WorkBook work, FollowUpBook followUps, Outbox outbox, CallerAccessor callers, TimeProvider clock, IdSource ids)
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);

    /// <summary>Danger to the next who comes, or something broken: the office hears of it at once.</summary>
    private static readonly SkipCode[] Hazards = [SkipCode.Dog, SkipCode.Unsafe, SkipCode.Damaged, SkipCode.MeterMissing];

    public async Task<Outcome<CreatedSkip>> HandleAsync(CreateSkipRequest request, CancellationToken cancellationToken)
    {
        if (request is { MeterId: null, SerialNumber: null or "" })
        {
            return KernelProblems.Invalid.For("meter_id", "Name the meter by meter_id or serial_number.");
        }

        if (request.Latitude is null != request.Longitude is null)
        {
            return KernelProblems.Invalid.For("latitude", "A position has both latitude and longitude.");
        }

        if (Terms<SkipCode>.Parse(request.Code!) == SkipCode.Other && string.IsNullOrWhiteSpace(request.Note))
        {
            return KernelProblems.Invalid.For("note", "With the code other, say in the note what it was.");
        }

        if (request.SkippedAt > clock.GetUtcNow() + Ahead)
        {
            return WorkforceProblems.SkipInFuture.For("skipped_at", $"The visit is said to be at {request.SkippedAt.Value.ToUniversalTime():yyyy-MM-dd HH:mm} UTC, which is later than now.");
        }

        try
        {
            return await transactions.RunAsync(token => RecordAsync(request, token), cancellationToken);
        }
        catch (Exception exception) when (StoreFaults.IsConflict(exception) && request.ClientId is not null)
        {
            db.Forget();
            return await FindSentAsync(request, cancellationToken) ?? throw new InvalidOperationException("A skip was refused by the database for another reason than its client_id.", exception);
        }
    }

    private async Task<Outcome<CreatedSkip>> RecordAsync(CreateSkipRequest request, CancellationToken cancellationToken)
    {
        if (request.ClientId is not null && await FindSentAsync(request, cancellationToken) is { } sent)
        {
            return sent;
        }

        var serial = request.SerialNumber?.Trim();
        var id = request.MeterId is { } given ? new MeterId(given) : (await meters.FindBySerialAsync([serial!], cancellationToken)).GetValueOrDefault(serial!)?.Id;
        if (id is not { } known || await meters.LockAsync(known, null, cancellationToken) is not { } meter)
        {
            return WorkforceProblems.SkipMeterUnknown.For(request.MeterId is null ? "serial_number" : "meter_id", $"There is no meter {request.MeterId?.ToString() ?? serial}{(callers.Caller.OwnOnly is null ? "" : " among those assigned to you")}.");
        }

        var now = clock.GetUtcNow().ToStored();
        var at = request.SkippedAt?.ToStored() ?? now;
        var cycle = await db.Set<ReadCycle>().AsNoTracking()
            .Where(one => one.Status != CycleStatus.Planned && one.WindowFrom <= at && at < one.WindowTo && db.Set<CycleMeter>().Any(due => due.CycleId == one.Id && due.MeterId == meter.Id))
            .OrderBy(one => one.Status == CycleStatus.Closed).ThenByDescending(one => one.WindowFrom).FirstOrDefaultAsync(cancellationToken);
        // A closed door that an agent met before the work went to a colleague does not end the colleague's.
        var ended = await work.CompleteAsync(meter.Id, at, callers.Caller.OwnOnly, null, $"skipped: {request.Code}", cancellationToken);
        var place = await db.OfMeters(null).Where(one => one.Id == meter.Id).Select(one => new { one.ServicePointId, one.RegionId }).FirstOrDefaultAsync(cancellationToken);
        var skip = new Skip
        {
            Id = ids.Next<SkipId>(),
            ClientId = request.ClientId,
            ContentHash = request.ClientId is null ? null : HashOf(request),
            MeterId = meter.Id,
            ServicePointId = place?.ServicePointId,
            AgentId = callers.Caller.UserId,
            CycleId = cycle?.Id,
            AssignmentId = ended?.Id,
            Code = Terms<SkipCode>.Parse(request.Code!),
            Note = string.IsNullOrWhiteSpace(request.Note) ? null : request.Note.Trim(),
            PhotoUrl = string.IsNullOrWhiteSpace(request.PhotoUrl) ? null : request.PhotoUrl.Trim(),
            Latitude = request.Latitude,
            Longitude = request.Longitude,
            AccuracyMetres = request.Latitude is null ? null : request.AccuracyM,
            SkippedAt = at,
            ReceivedAt = now,
        };
        db.Add(skip);
        if (Hazards.Contains(skip.Code))
        {
            outbox.Append(
                WorkforceEvents.HazardReported,
                new EventAbout(skip.AuditName, skip.Id.Value) { UserId = skip.AgentId, RegionId = place?.RegionId },
                new HazardFound(Terms<SkipCode>.WordOf(skip.Code), meter.Id.Value, skip.Id.Value, at));
        }

        transactions.Afterwards(() => WorkforceMetrics.Skipped(skip.Code));
        await db.SaveChangesAsync(cancellationToken);
        if (cycle is not null)
        {
            await followUps.AfterSkipAsync(skip, cycle, place?.RegionId, cancellationToken);
        }

        return new CreatedSkip(SkipView.Of(skip, meter.SerialNumber), AlreadyThere: false);
    }

    private async Task<Outcome<CreatedSkip>?> FindSentAsync(CreateSkipRequest request, CancellationToken cancellationToken)
    {
        var sent = await db.Set<Skip>().AsNoTracking().FirstOrDefaultAsync(skip => skip.ClientId == request.ClientId, cancellationToken);
        if (sent is null)
        {
            return null;
        }

        if (sent.AgentId != callers.Caller.UserId || !HashOf(request).AsSpan().SequenceEqual(sent.ContentHash))
        {
            return WorkforceProblems.SkipConflict.For("client_id", $"A skip with the client_id {request.ClientId} is stored already, with other content.");
        }

        var serials = await meters.SerialNumbersAsync([sent.MeterId], cancellationToken);
        return new CreatedSkip(SkipView.Of(sent, serials.GetValueOrDefault(sent.MeterId, "")), AlreadyThere: true);
    }

    private static byte[] HashOf(CreateSkipRequest request) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"skip/1|{request.MeterId?.ToString() ?? request.SerialNumber?.Trim()}|{request.Code}|{request.SkippedAt?.ToUnixMicroseconds()}|{request.Note}|{request.PhotoUrl}")));
}
