using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Public;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using MeterSync.Store.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Workforce.CreateApproval;

/// <param name="MeterId">The meter whose data are wrong, with <paramref name="MeterData"/>.</param>
/// <param name="MeterData">Fields as they shall be, as PATCH /meters takes them.</param>
/// <param name="ReadingId">A held reading that somebody shall decide about.</param>
/// <param name="ClientId">Made by the sender; sending the same again gives the same request.</param>
internal sealed record CreateApprovalRequest(Guid? MeterId, JsonElement? MeterData, Guid? ReadingId, [property: PlainText(2000, AllowLines = true)] string? SubmissionNotes, Guid? ClientId);

internal static class CreateApprovalEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/approvals", async (CreateApprovalRequest request, CreateApprovalHandler handler, CancellationToken cancellationToken) =>
            {
                var made = await handler.HandleAsync(request, cancellationToken);
                Outcome<ApprovalView> view = made.Succeeded ? made.Value.View : made.Problem;
                return new Answer<ApprovalView>(view)
                {
                    Status = made is { Succeeded: true, Value.AlreadyThere: true } ? StatusCodes.Status200OK : StatusCodes.Status201Created,
                    Location = shown => $"/api/v1/approvals/{shown.Id}",
                    Version = shown => shown.Version,
                };
            })
            .Slice<ApprovalView>("CreateApproval", "Propose a change of meter data, or put a held reading forward", StatusCodes.Status201Created).RequirePermission(WorkforcePermissions.CreateApprovals)
            .BodyLike("""{"meter_id":"01890000-0000-7000-8000-000000000001","meter_data":{"address":"9a Mill Lane","access_notes":"Ring twice"},"submission_notes":"The house has a new number"}""");
}

/// <param name="AlreadyThere">The same client_id and content came before.</param>
internal sealed record CreatedApproval(ApprovalView View, bool AlreadyThere);

internal sealed class CreateApprovalHandler(MeterSyncDb db, ApprovalBook book, IMeterEditor editor, Outbox outbox, IOptions<WorkforceOptions> options, CallerAccessor callers, TimeProvider clock, IdSource ids)
{
    public async Task<Outcome<CreatedApproval>> HandleAsync(CreateApprovalRequest request, CancellationToken cancellationToken)
    {
        if (callers.Caller.UserId is not { } me)
        {
            return KernelProblems.Forbidden.Because("A request needs a person who makes it.");
        }

        if (request.ReadingId is null == request.MeterData is null)
        {
            return KernelProblems.Invalid.For("meter_data", "Give meter_id with meter_data, or reading_id of a held reading.");
        }

        if (request.ClientId is { } sent && await SentAsync(request, sent, me, cancellationToken) is { } before)
        {
            return before.Succeeded ? new CreatedApproval(await book.ShowAsync(before.Value, cancellationToken), AlreadyThere: true) : before.Problem;
        }

        var now = clock.GetUtcNow().ToStored();
        var made = new ApprovalRequest
        {
            Id = ids.Next<ApprovalRequestId>(),
            ClientId = request.ClientId,
            ContentHash = request.ClientId is null ? null : HashOf(request),
            AgentId = me,
            Status = ApprovalStatus.Pending,
            SubmissionNotes = string.IsNullOrWhiteSpace(request.SubmissionNotes) ? null : request.SubmissionNotes.Trim(),
            SubmittedAt = now,
            UpdatedAt = now,
        };
        var filled = request.ReadingId is { } reading ? await PutForwardAsync(made, new ReadingId(reading), cancellationToken) : await ProposeAsync(made, request, cancellationToken);
        if (filled is { } problem)
        {
            return problem;
        }

        db.Add(made);
        outbox.Append(
            WorkforceEvents.ApprovalRequested,
            new EventAbout(made.AuditName, made.Id.Value) { UserId = me },
            new ApprovalAsked(Terms<ApprovalKind>.WordOf(made.Kind), made.MeterId.Value, made.ReadingId?.Value, 0, made.Steps.Split(' ')[0]));
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            WorkforceMetrics.Approval(made.Kind, "requested");
        }
        catch (DbUpdateException exception) when (StoreFaults.IsConflict(exception))
        {
            db.Forget();
            return request.ClientId is { } client && await SentAsync(request, client, me, cancellationToken) is { } other
                ? other.Succeeded ? new CreatedApproval(await book.ShowAsync(other.Value, cancellationToken), AlreadyThere: true) : other.Problem
                : WorkforceProblems.ApprovalOpen.For("reading_id", "The reading waits for a decision already.");
        }

        return new CreatedApproval(await book.ShowAsync(made, cancellationToken), AlreadyThere: false);
    }

    private async Task<Problem?> ProposeAsync(ApprovalRequest made, CreateApprovalRequest request, CancellationToken cancellationToken)
    {
        if (request.MeterId is not { } meterId)
        {
            return KernelProblems.Invalid.For("meter_id", "Say which meter.");
        }

        var looked = await editor.LookAsync(new MeterId(meterId), request.MeterData!.Value, cancellationToken);
        if (!looked.Succeeded)
        {
            return looked.Problem;
        }

        (made.Kind, made.MeterId, made.Steps) = (ApprovalKind.MeterChange, new MeterId(meterId), options.Value.MeterChangeSteps);
        (made.MeterData, made.BeforeData, made.MeterVersion) = (request.MeterData.Value.GetRawText(), looked.Value.Before, looked.Value.Version);
        return null;
    }

    private async Task<Problem?> PutForwardAsync(ApprovalRequest made, ReadingId id, CancellationToken cancellationToken)
    {
        var caller = callers.Caller;
        var visible = db.OfMeters(caller).Select(meter => meter.Id);
        var reading = await db.OfReadings().Where(one => one.Id == id && (one.AgentId == caller.UserId || visible.Contains(one.MeterId))).Select(one => new { one.MeterId, one.State }).FirstOrDefaultAsync(cancellationToken);
        if (reading is null)
        {
            return KernelProblems.Invalid.For("reading_id", "There is no such reading.");
        }

        if (reading.State != ReadingState.Held)
        {
            return WorkforceProblems.ApprovalNotHeld.For("reading_id", $"The reading is {Terms<ReadingState>.WordOf(reading.State)}; only held ones wait for a decision.");
        }

        (made.Kind, made.MeterId, made.ReadingId, made.Steps) = (ApprovalKind.HeldReading, reading.MeterId, id, options.Value.HeldReadingSteps);
        return null;
    }

    private async Task<Outcome<ApprovalRequest>?> SentAsync(CreateApprovalRequest request, Guid clientId, UserId me, CancellationToken cancellationToken)
    {
        var sent = await db.Set<ApprovalRequest>().AsNoTracking().FirstOrDefaultAsync(one => one.ClientId == clientId, cancellationToken);
        if (sent is null)
        {
            return null;
        }

        return sent.AgentId == me && HashOf(request).AsSpan().SequenceEqual(sent.ContentHash)
            ? (Outcome<ApprovalRequest>)sent
            : (Outcome<ApprovalRequest>)WorkforceProblems.ApprovalConflict.For("client_id", $"A request with the client_id {clientId} is stored already, with other content.");
    }

    private static byte[] HashOf(CreateApprovalRequest request) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"approval/1|{request.MeterId}|{request.ReadingId}|{request.MeterData?.GetRawText()}|{request.SubmissionNotes}"));
}
