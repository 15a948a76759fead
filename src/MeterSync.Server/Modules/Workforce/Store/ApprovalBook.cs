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

namespace MeterSync.Modules.Workforce.Store;

/// <summary>Finds requests for decisions and takes them through their steps. The last step applies the change in its own transaction.</summary>
internal sealed class ApprovalBook(MeterSyncDb db, WriteTransactions transactions, IMeterEditor editor, IMeterRegistry meters, IReadingDecisions readings, Outbox outbox, CallerAccessor callers, TimeProvider clock, ILogger<ApprovalBook> log)
{
    public IQueryable<ApprovalRequest> Visible() => db.Set<ApprovalRequest>().VisibleTo(db, callers.Caller);

    /// <summary>With its decisions.</summary>
    public async Task<ApprovalView> ShowAsync(ApprovalRequest request, CancellationToken cancellationToken)
    {
        var hidden = await HiddenAsync([request], cancellationToken);
        var decisions = await db.Set<ApprovalDecision>().AsNoTracking().Where(decision => decision.RequestId == request.Id).OrderBy(decision => decision.DecidedAt).ToListAsync(cancellationToken);
        var serials = await SerialsAsync([request], cancellationToken);
        return ApprovalView.Of(request, SerialOf(request, serials), IsShown(request, hidden), [.. decisions.Select(decision => new DecisionView(decision.Step, decision.Decision, decision.Note, decision.DecidedBy?.Value, decision.DecidedAt))]);
    }

    public async Task<IReadOnlyList<ApprovalView>> ListAsync(IReadOnlyList<ApprovalRequest> requests, CancellationToken cancellationToken)
    {
        var serials = await SerialsAsync(requests, cancellationToken);
        var hidden = await HiddenAsync(requests, cancellationToken);
        return [.. requests.Select(request => ApprovalView.Of(request, SerialOf(request, serials), IsShown(request, hidden), null))];
    }

    /// <summary>Meters an agent does not see any more: what stands there is not shown, though a late proposal for one is taken.</summary>
    private async Task<HashSet<MeterId>> HiddenAsync(IReadOnlyCollection<ApprovalRequest> requests, CancellationToken cancellationToken)
    {
        if (callers.Caller.OwnOnly is null)
        {
            return [];
        }

        List<MeterId> asked = [.. requests.Select(request => request.MeterId).OfType<MeterId>().Distinct()];
        var seen = await db.OfMeters(callers.Caller).Where(meter => asked.Contains(meter.Id)).Select(meter => meter.Id).ToListAsync(cancellationToken);
        return [.. asked.Except(seen)];
    }

    /// <summary>One person's word at the step that is next.</summary>
    /// <param name="id">The request.</param>
    /// <param name="decision">Review only says that somebody looks at it.</param>
    /// <param name="note">Why.</param>
    /// <param name="expectedVersion">The version the caller read; null for any.</param>
    /// <param name="cancellationToken">Stops before it is saved.</param>
    public Task<Outcome<ApprovalView>> DecideAsync(ApprovalRequestId id, Decision decision, string? note, int? expectedVersion, CancellationToken cancellationToken) =>
        transactions.RunAsync(token => StepAsync(id, decision, note, expectedVersion, token), cancellationToken);

    private async Task<Outcome<ApprovalView>> StepAsync(ApprovalRequestId id, Decision decision, string? note, int? expectedVersion, CancellationToken cancellationToken)
    {
        if (!db.IsSqlite)
        {
            // Two who decide at once do so one after the other.
            await db.Database.ExecuteSqlAsync($"select 1 from approval_requests where id = {id.Value} for update", cancellationToken);
        }

        if (await Visible().FirstOrDefaultAsync(one => one.Id == id, cancellationToken) is not { } request)
        {
            return WorkforceProblems.ApprovalNotFound.Because("There is no such request.");
        }

        if (request.IsDecided)
        {
            return WorkforceProblems.ApprovalDecided.Because($"The request was {Terms<ApprovalStatus>.WordOf(request.Status)} on {request.ReviewedAt:yyyy-MM-dd} at {request.ReviewedAt:HH:mm} UTC.");
        }

        if (expectedVersion is { } expected && expected != request.Version)
        {
            return KernelProblems.LostUpdate.Because($"The request was changed since you read it: it is at version {request.Version}.");
        }

        if (await RefuseAsync(request, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        if (decision == Decision.Reject && string.IsNullOrWhiteSpace(note))
        {
            return KernelProblems.Invalid.For("review_notes", "Say why it is rejected; the agent reads it.");
        }

        var now = clock.GetUtcNow().ToStored();
        var steps = request.Steps.Split(' ');
        var overtaken = request is { Kind: ApprovalKind.HeldReading, ReadingId: { } asked } && !await db.OfReadings().AnyAsync(one => one.Id == asked && one.State == ReadingState.Held, cancellationToken);
        if (overtaken && decision == Decision.Approve)
        {
            return WorkforceProblems.ApprovalOvertaken.Because("The reading is not held any more: somebody decided on it directly. Reject the request to close it; the reading stays as it is.");
        }

        if (decision == Decision.Approve && request.Step == steps.Length - 1 && await ApplyAsync(request, note, cancellationToken) is { } failed)
        {
            return failed;
        }

        if (!overtaken && decision == Decision.Reject && request is { Kind: ApprovalKind.HeldReading, ReadingId: { } held } && await readings.RejectAsync(held, note!.Trim(), cancellationToken) is { Succeeded: false, Problem: var stopped })
        {
            return stopped;
        }

        db.Add(new ApprovalDecision { RequestId = request.Id, Step = request.Step, Decision = decision, Note = string.IsNullOrWhiteSpace(note) ? null : note.Trim(), DecidedBy = callers.Caller.UserId, DecidedAt = now });
        (request.ReviewerId, request.UpdatedAt) = (callers.Caller.UserId, now);
        request.ReviewNotes = string.IsNullOrWhiteSpace(note) ? request.ReviewNotes : note.Trim();
        request.Status = decision switch
        {
            Decision.Reject => ApprovalStatus.Rejected,
            Decision.Approve when request.Step == steps.Length - 1 => ApprovalStatus.Approved,
            _ => ApprovalStatus.UnderReview,
        };
        request.Step += decision == Decision.Approve ? 1 : 0;
        request.ReviewedAt = request.IsDecided ? now : request.ReviewedAt;
        if (decision != Decision.Review)
        {
            Tell(request, steps);
        }

        await db.SaveChangesAsync(cancellationToken);
        return await ShowAsync(request, cancellationToken);
    }

    /// <summary>The proposer hears the decision; before the last step the next role hears that it is its turn.</summary>
    private void Tell(ApprovalRequest request, string[] steps)
    {
        var about = new EventAbout(request.AuditName, request.Id.Value) { UserId = request.AgentId };
        var (kind, outcome) = (Terms<ApprovalKind>.WordOf(request.Kind), request.IsDecided ? Terms<ApprovalStatus>.WordOf(request.Status) : "advanced");
        if (request.IsDecided)
        {
            outbox.Append(WorkforceEvents.ApprovalDecided, about, new ApprovalAnswered(kind, outcome, request.MeterId?.Value, request.ReadingId?.Value));
        }
        else
        {
            outbox.Append(WorkforceEvents.ApprovalAdvanced, about, new ApprovalAsked(kind, request.MeterId?.Value, request.ReadingId?.Value, request.Step, steps[request.Step]));
        }

        transactions.Afterwards(() =>
        {
            WorkforceMetrics.Approval(request.Kind, outcome);
            log.LogInformation("The request {Request} about the meter {Meter} is {Outcome}", request.Id.Value, request.MeterId?.Value, outcome);
        });
    }

    private async Task<Problem?> RefuseAsync(ApprovalRequest request, CancellationToken cancellationToken)
    {
        var caller = callers.Caller;
        if (caller.UserId is { } me && (me == request.AgentId || await ReadItAsync(request, me, cancellationToken)))
        {
            return WorkforceProblems.ApprovalOwn.Because("You proposed or read this yourself: somebody else decides.");
        }

        var role = request.Steps.Split(' ')[request.Step];
        // An administrator may stand in for any role; the operator at the machine is nobody's colleague.
        if (caller.UserId is not null && caller.Role != role && caller.Role != BuiltInRole.Admin)
        {
            return WorkforceProblems.ApprovalNotYourStep.Because($"The next step belongs to the role {role}.");
        }

        return caller.UserId is { } person && await db.Set<ApprovalDecision>().AnyAsync(before => before.RequestId == request.Id && before.DecidedBy == person && before.Decision == Decision.Approve, cancellationToken)
            ? WorkforceProblems.ApprovalSamePerson.Because("You approved an earlier step: this one needs another person.")
            : null;
    }

    private async Task<bool> ReadItAsync(ApprovalRequest request, UserId me, CancellationToken cancellationToken) =>
        request.ReadingId is { } reading && await db.OfReadings().AnyAsync(one => one.Id == reading && one.AgentId == me, cancellationToken);

    private async Task<Problem?> ApplyAsync(ApprovalRequest request, string? note, CancellationToken cancellationToken)
    {
        if (request is { Kind: ApprovalKind.HeldReading, ReadingId: { } reading })
        {
            return (await readings.VerifyAsync(reading, note, cancellationToken)).Problem;
        }

        var proposal = JsonSerializer.Deserialize(request.MeterData!, WorkforceJson.Default.JsonElement);
        if (request.MeterId is not { } meter)
        {
            return await MakeAsync(request, proposal, cancellationToken);
        }

        await meters.LockAsync(meter, null, cancellationToken);
        if (await editor.NowAsync(meter, proposal, cancellationToken) is not { } now)
        {
            return WorkforceProblems.ApprovalMeterGone.Because("The meter was deleted since the request was made. Reject it.");
        }

        if (!JsonNode.DeepEquals(JsonNode.Parse(now.Before), JsonNode.Parse(request.BeforeData!)))
        {
            WorkforceMetrics.Approval(request.Kind, "stale");
            log.LogInformation("Did not apply the request {Request} to the meter {Meter}, which was changed since it was made", request.Id.Value, meter.Value);
            return WorkforceProblems.ApprovalMeterChanged.Because(
                $"The meter {now.SerialNumber} was changed since. It said {request.BeforeData} and says {now.Before} now. Reject the request, or let the agent make a new one.",
                new Dictionary<string, string[]> { ["before"] = [request.BeforeData!], ["now"] = [now.Before] });
        }

        return (await editor.ApplyAsync(meter, proposal, cancellationToken)).Problem;
    }

    /// <summary>A meter that was found comes into the list.</summary>
    private async Task<Problem?> MakeAsync(ApprovalRequest request, JsonElement described, CancellationToken cancellationToken)
    {
        var made = await editor.CreateAsync(described, cancellationToken);
        if (!made.Succeeded)
        {
            return made.Problem.Code.Status == StatusCodes.Status409Conflict
                ? WorkforceProblems.ApprovalMeterKnown.Because($"{made.Problem.Message} Somebody else may have found it too, or it was in the list all the time. Reject the request.")
                : made.Problem;
        }

        request.MeterId = made.Value;
        return null;
    }

    private static bool IsShown(ApprovalRequest request, HashSet<MeterId> hidden) => request.MeterId is not { } meter || !hidden.Contains(meter);

    private Task<IReadOnlyDictionary<MeterId, string>> SerialsAsync(IReadOnlyCollection<ApprovalRequest> requests, CancellationToken cancellationToken) =>
        meters.SerialNumbersAsync([.. requests.Select(request => request.MeterId).OfType<MeterId>().Distinct()], cancellationToken);

    /// <summary>A meter that is not made yet has the number that was read off it.</summary>
    private static string SerialOf(ApprovalRequest request, IReadOnlyDictionary<MeterId, string> serials) =>
        request is { Kind: ApprovalKind.FoundMeter, MeterData: { } data } ? (string?)JsonNode.Parse(data)!["serial_number"] ?? ""
        : request.MeterId is { } meter ? serials.GetValueOrDefault(meter, "")
        : "";
}
