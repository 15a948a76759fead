using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;

namespace MeterSync.Modules.Readings.Store;

/// <summary>A stored reading under a person's hand: tracked, its meter locked, the ledger of its registers open.</summary>
internal sealed record OpenedReading(ReadingWithValues Found, MeterForReading Meter, MeterLedger Ledger)
{
    public Reading Reading => Found.Reading;

    /// <summary>None of its values counts any more.</summary>
    public void Reject()
    {
        foreach (var value in Found.Live)
        {
            Ledger.Withdraw(value);
            value.State = ReadingState.Rejected;
            value.Quality = Quality.Rejected;
            value.PreviousValueId = null;
            value.Consumption = null;
            value.Days = null;
        }

        Reading.VerifiedAt = null;
        Reading.VerifiedBy = null;
    }

    /// <summary>Notes who decided what, and why.</summary>
    public void Decided(Caller caller, DateTimeOffset now, string? note)
    {
        Reading.DecidedAt = now;
        Reading.DecidedBy = caller.UserId;
        Reading.DecisionNote = string.IsNullOrWhiteSpace(note) ? Reading.DecisionNote : note.Trim();
    }
}

/// <summary>Opens a stored reading to be verified, rejected or corrected. Three queries; a change in between is found by the reading's version. Inside <see cref="WriteTransactions"/> only.</summary>
internal sealed class OpenReading(MeterSyncDb db, JudgeReadings judging, IMeterRegistry meters, IEnumerable<IReadingWatcher> watchers, CallerAccessor callers)
{
    /// <param name="id">The reading.</param>
    /// <param name="version">The version the caller read; null for any.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<Outcome<OpenedReading>> FindAsync(Guid id, int? version, CancellationToken cancellationToken)
    {
        if (await ReadingWithValues.LoadAsync(db, new ReadingId(id), cancellationToken) is not { } found || (callers.Caller.OwnOnly is { } own && found.Reading.AgentId != own))
        {
            return ReadingProblems.NotFound.Because($"There is no reading {id}.");
        }

        if (await meters.LockAsync(found.Reading.MeterId, null, cancellationToken) is not { } meter)
        {
            return ReadingProblems.NotFound.Because($"There is no reading {id}.");
        }

        if (version is { } expected && expected != found.Reading.Version)
        {
            return KernelProblems.LostUpdate.Because($"The reading has version {found.Reading.Version} now, not {expected}. Fetch it again and repeat your change.");
        }

        var registers = meter.Registers.Where(register => found.Values.Exists(value => value.RegisterId == register.Id)).ToList();
        return new OpenedReading(found, meter, await judging.OpenAsync(meter, registers, found.Reading.ReadingAt, null, cancellationToken));
    }

    /// <summary>Settles the ledger, saves, and shows the reading as it is now.</summary>
    public async Task<ReadingView> SaveAsync(OpenedReading opened, IReadOnlyList<JudgedValue>? judged, CancellationToken cancellationToken)
    {
        opened.Reading.State = ReadingStates.WorstOf(opened.Found.Values);
        await judging.SettleAsync(opened.Ledger, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        foreach (var watcher in watchers)
        {
            if (opened.Reading.AgentId is { } agent)
            {
                watcher.Changed(opened.Reading.Id, agent);
            }

            await watcher.WriteAsync([opened.Meter.Id], cancellationToken);
        }

        opened.Found.Values.Sort(ReadingWithValues.ByRegister);
        return ReadingView.Of(opened.Found, opened.Meter.SerialNumber, opened.Meter.Registers, withSuperseded: true, judged);
    }
}
