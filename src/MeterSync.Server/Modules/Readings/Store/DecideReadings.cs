using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;

namespace MeterSync.Modules.Readings.Store;

/// <summary>Verifies and rejects. Inside <see cref="WriteTransactions"/> only.</summary>
internal sealed class DecideReadings(OpenReading readings, CallerAccessor callers, TimeProvider clock) : IReadingDecisions
{
    async Task<Outcome<Done>> IReadingDecisions.VerifyAsync(ReadingId reading, string? note, CancellationToken cancellationToken) => DoneOf(await VerifyAsync(reading.Value, note, null, cancellationToken));

    async Task<Outcome<Done>> IReadingDecisions.RejectAsync(ReadingId reading, string reason, CancellationToken cancellationToken) => DoneOf(await RejectAsync(reading.Value, reason, null, cancellationToken));

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
