using System.Text.Json;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Public;
using MeterSync.Store;
using MeterSync.Store.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>A meter that is in no list, as somebody found it.</summary>
/// <param name="Data">Fields as <c>POST /meters</c> takes them.</param>
/// <param name="Photos">Ids, addresses or hashes.</param>
internal sealed record MeterFound(Guid ClientId, byte[] ContentHash, JsonObject Data, string? Notes, IReadOnlyList<string> Photos);

/// <summary>Makes requests for decisions, in the caller's name. They join the unit of work; what is refused leaves nothing there.</summary>
internal sealed class NewApprovals(MeterSyncDb db, IMeterEditor editor, Outbox outbox, IOptions<WorkforceOptions> options, CallerAccessor callers, TimeProvider clock, IdSource ids)
{
    private const int AtOnce = 500;

    /// <summary>What came before under the client ids.</summary>
    public async Task<IReadOnlyDictionary<Guid, ApprovalRequest>> SentAsync(IReadOnlyCollection<Guid> clientIds, CancellationToken cancellationToken)
    {
        var sent = new Dictionary<Guid, ApprovalRequest>();
        foreach (var part in clientIds.Distinct().Chunk(AtOnce))
        {
            List<Guid?> wanted = [.. part.Select(id => (Guid?)id)];
            foreach (var request in await db.Set<ApprovalRequest>().AsNoTracking().Where(one => wanted.Contains(one.ClientId)).ToListAsync(cancellationToken))
            {
                sent.Add(request.ClientId!.Value, request);
            }
        }

        return sent;
    }

    /// <summary>Whether a stored request is what the caller sends again.</summary>
    public bool IsSame(ApprovalRequest sent, byte[] hash) => sent.AgentId == callers.Caller.UserId && hash.AsSpan().SequenceEqual(sent.ContentHash);

    /// <summary>Requests without a fault in themselves, in the same few queries; in their order.</summary>
    public async Task<IReadOnlyList<Outcome<ApprovalRequest>>> AskAsync(IReadOnlyList<CreateApprovalRequest> requests, CancellationToken cancellationToken)
    {
        var proposals = requests.Where(request => request.MeterData is not null).ToList();
        var looked = new Queue<Outcome<MeterProposal>>(await editor.LookAllAsync([.. proposals.Select(request => (new MeterId(request.MeterId!.Value), request.MeterData!.Value))], cancellationToken));
        var readings = await ReadingsAsync([.. requests.Where(request => request.MeterData is null)], cancellationToken);
        var waiting = await WaitingAsync([.. readings.Values.Select(reading => reading.Id).Distinct()], cancellationToken);
        var asked = new List<Outcome<ApprovalRequest>>(requests.Count);
        foreach (var request in requests)
        {
            var made = Made(request.ClientId, request.ClientId is null ? null : ApprovalContent.HashOf(request), request.SubmissionNotes);
            var refusal = request.MeterData is not null ? Propose(made, request, looked.Dequeue()) : PutForward(made, request, readings.GetValueOrDefault(NameOf(request)), waiting);
            if (refusal is null)
            {
                Add(made);
            }

            asked.Add(refusal is null ? made : refusal);
        }

        return asked;
    }

    /// <summary>Meters that are in no list. Whoever decides sees them as lying in the region of whoever found them.</summary>
    public async Task<IReadOnlyList<ApprovalRequest>> ReportAsync(IReadOnlyList<MeterFound> found, CancellationToken cancellationToken)
    {
        var me = callers.Caller.UserId ?? default;
        var region = found.Count == 0 ? null : await db.Set<Agent>().Where(agent => agent.Id == me).Select(agent => agent.RegionId).FirstOrDefaultAsync(cancellationToken);
        var reported = new List<ApprovalRequest>(found.Count);
        foreach (var meter in found)
        {
            var data = meter.Data.DeepClone().AsObject();
            if (region is { } known)
            {
                data["region_id"] = known.Value;
            }

            var made = Made(meter.ClientId, meter.ContentHash, meter.Notes);
            (made.Kind, made.MeterData, made.Steps) = (ApprovalKind.FoundMeter, data.ToJsonString(), options.Value.MeterChangeSteps);
            made.Photos = meter.Photos.Count == 0 ? null : JsonSerializer.Serialize([.. meter.Photos], WorkforceJson.Default.StringArray);
            Add(made);
            reported.Add(made);
        }

        return reported;
    }

    private void Add(ApprovalRequest made)
    {
        db.Add(made);
        outbox.Append(
            WorkforceEvents.ApprovalRequested,
            new EventAbout(made.AuditName, made.Id.Value) { UserId = made.AgentId },
            new ApprovalAsked(Terms<ApprovalKind>.WordOf(made.Kind), made.MeterId?.Value, made.ReadingId?.Value, 0, made.Steps.Split(' ')[0]));
    }

    private ApprovalRequest Made(Guid? clientId, byte[]? hash, string? notes)
    {
        var now = clock.GetUtcNow().ToStored();
        return new ApprovalRequest
        {
            Id = ids.Next<ApprovalRequestId>(),
            ClientId = clientId,
            ContentHash = hash,
            AgentId = callers.Caller.UserId!.Value,
            Status = ApprovalStatus.Pending,
            SubmissionNotes = string.IsNullOrWhiteSpace(notes) ? null : notes.Trim(),
            SubmittedAt = now,
            UpdatedAt = now,
        };
    }

    private Problem? Propose(ApprovalRequest made, CreateApprovalRequest request, Outcome<MeterProposal> looked)
    {
        if (!looked.Succeeded)
        {
            return looked.Problem;
        }

        (made.Kind, made.MeterId, made.Steps) = (ApprovalKind.MeterChange, new MeterId(request.MeterId!.Value), options.Value.MeterChangeSteps);
        (made.MeterData, made.BeforeData, made.MeterVersion) = (request.MeterData!.Value.GetRawText(), looked.Value.Before, looked.Value.Version);
        return null;
    }

    /// <param name="made">Filled.</param>
    /// <param name="request">What was sent.</param>
    /// <param name="reading">Null where there is none, or the caller has nothing to do with it.</param>
    /// <param name="waiting">Readings that wait for a decision already; this one joins them.</param>
    private Problem? PutForward(ApprovalRequest made, CreateApprovalRequest request, NamedHeld? reading, HashSet<ReadingId> waiting)
    {
        var field = request.ReadingId is null ? "reading_client_id" : "reading_id";
        if (reading is null)
        {
            return KernelProblems.Invalid.For(field, "There is no such reading.");
        }

        if (reading.State != ReadingState.Held)
        {
            return WorkforceProblems.ApprovalNotHeld.For(field, $"The reading is {Terms<ReadingState>.WordOf(reading.State)}; only held ones wait for a decision.");
        }

        if (!waiting.Add(reading.Id))
        {
            return WorkforceProblems.ApprovalOpen.For(field, "The reading waits for a decision already.");
        }

        (made.Kind, made.MeterId, made.ReadingId, made.Steps) = (ApprovalKind.HeldReading, reading.MeterId, reading.Id, options.Value.HeldReadingSteps);
        return null;
    }

    private static NamedReading NameOf(CreateApprovalRequest request) => new(request.ReadingId is { } id ? new ReadingId(id) : null, request.ReadingClientId);

    /// <summary>By the name they were given.</summary>
    private async Task<Dictionary<NamedReading, NamedHeld>> ReadingsAsync(IReadOnlyList<CreateApprovalRequest> requests, CancellationToken cancellationToken)
    {
        var caller = callers.Caller;
        var visible = db.OfMeters(caller).Select(meter => meter.Id);
        var seen = db.OfReadings().Where(one => one.AgentId == caller.UserId || visible.Contains(one.MeterId));
        var found = new Dictionary<NamedReading, NamedHeld>();
        foreach (var part in requests.Select(request => request.ReadingId).OfType<Guid>().Distinct().Select(id => new ReadingId(id)).Chunk(AtOnce))
        {
            foreach (var row in await seen.Where(one => part.Contains(one.Id)).Select(one => new NamedHeld(one.Id, one.MeterId, one.State)).ToListAsync(cancellationToken))
            {
                found[new NamedReading(row.Id, null)] = row;
            }
        }

        foreach (var part in requests.Select(request => request.ReadingClientId).OfType<Guid>().Distinct().Chunk(AtOnce))
        {
            List<Guid?> wanted = [.. part.Select(id => (Guid?)id)];
            foreach (var row in await seen.Where(one => wanted.Contains(one.ClientId)).Select(one => new { one.ClientId, Held = new NamedHeld(one.Id, one.MeterId, one.State) }).ToListAsync(cancellationToken))
            {
                found[new NamedReading(null, row.ClientId)] = row.Held;
            }
        }

        return found;
    }

    private async Task<HashSet<ReadingId>> WaitingAsync(IReadOnlyList<ReadingId> readings, CancellationToken cancellationToken)
    {
        var waiting = new HashSet<ReadingId>();
        foreach (var part in readings.Chunk(AtOnce))
        {
            List<ReadingId?> wanted = [.. part.Select(id => (ReadingId?)id)];
            var rows = await db.Set<ApprovalRequest>().Where(one => wanted.Contains(one.ReadingId) && (one.Status == ApprovalStatus.Pending || one.Status == ApprovalStatus.UnderReview)).Select(one => one.ReadingId).ToListAsync(cancellationToken);
            waiting.UnionWith(rows.OfType<ReadingId>());
        }

        return waiting;
    }

    private sealed record NamedHeld(ReadingId Id, MeterId MeterId, ReadingState State);
}
