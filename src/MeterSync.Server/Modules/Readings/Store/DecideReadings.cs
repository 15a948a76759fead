using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Readings.Recording;
using MeterSync.Store;

namespace MeterSync.Modules.Readings.Store;

/// <summary>Verifies and rejects. Inside <see cref="WriteTransactions"/> only.</summary>
internal sealed class DecideReadings(OpenReading readings, CorrectValues values, IRequestReader reader, CallerAccessor callers, TimeProvider clock) : IReadingDecisions
{
    async Task<Outcome<Done>> IReadingDecisions.VerifyAsync(ReadingId reading, string? note, CancellationToken cancellationToken) => DoneOf(await VerifyAsync(reading.Value, note, null, cancellationToken));

    async Task<Outcome<Done>> IReadingDecisions.RejectAsync(ReadingId reading, string reason, CancellationToken cancellationToken) => DoneOf(await RejectAsync(reading.Value, reason, null, cancellationToken));

    public async Task<Outcome<Done>> TakeValuesAsync(ReadingId reading, JsonElement payload, string reason, CancellationToken cancellationToken)
    {
        var other = reader.Read<CreateReadingRequest>(payload);
        if (!other.Succeeded)
        {
            return other.Problem;
        }

        if (CreateReadingContent.Of(other.Value) is { Succeeded: false, Problem: { } fault })
        {
            return fault;
        }

        var found = await readings.FindAsync(reading.Value, null, cancellationToken);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        if (other.Value.MeterId is { } meter ? meter != found.Value.Meter.Id.Value : other.Value.SerialNumber?.Trim() != found.Value.Meter.SerialNumber)
        {
            return ReadingProblems.NotCorrectable.Because($"The other content is about another meter than {found.Value.Meter.SerialNumber}; record it as a reading of its own.");
        }

        var judged = values.Apply(found.Value, other.Value.ReadingValue, other.Value.Registers, reason);
        return judged.Succeeded ? DoneOf(await readings.SaveAsync(found.Value, judged.Value, cancellationToken)) : judged.Problem;
    }

    public async Task<Outcome<ReadingView>> VerifyAsync(Guid id, string? note, int? version, CancellationToken cancellationToken)
    {
        var found = await readings.FindAsync(id, version, cancellationToken);
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

        return await readings.SaveAsync(found.Value, null, cancellationToken);
    }

    public async Task<Outcome<ReadingView>> RejectAsync(Guid id, string? reason, int? version, CancellationToken cancellationToken)
    {
        var found = await readings.FindAsync(id, version, cancellationToken);
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
        found.Value.Decided(callers.Caller, clock.GetUtcNow().ToStored(), reason);
        return await readings.SaveAsync(found.Value, null, cancellationToken);
    }

    private static Outcome<Done> DoneOf(Outcome<ReadingView> outcome) => outcome.Succeeded ? Done.It : outcome.Problem;
}
