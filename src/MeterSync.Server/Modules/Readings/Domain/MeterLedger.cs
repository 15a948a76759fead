using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Metering.Registers;
using MeterSync.Metering.Vee;
using MeterSync.Modules.Meters.Public;

namespace MeterSync.Modules.Readings.Domain;

/// <summary>A value with what the rules said of it.</summary>
internal sealed record JudgedValue(ReadingValue Value, RegisterVerdict Verdict);

/// <summary>The accepted past of one locked meter. Everything that makes, accepts or withdraws a value goes through here, so that no use is counted from a value that does not count.</summary>
internal sealed class MeterLedger(MeterForReading meter, IReadOnlyList<RegisterLedger> registers)
{
    public MeterForReading Meter => meter;

    /// <summary>Newest accepted value of the main register; null without one, or where the main register was not opened.</summary>
    public AcceptedRow? NewestOfMain => OfMain?.Newest;

    public bool HasMain => OfMain is not null;

    /// <summary>Judges a value of a reading and takes it in when it passed.</summary>
    /// <param name="reading">The visit.</param>
    /// <param name="register">One of the meter's.</param>
    /// <param name="value">As read.</param>
    /// <param name="id">Id for the new value.</param>
    /// <param name="supersedes">The value it corrects, already withdrawn; null for a first one.</param>
    /// <param name="now">The server's clock.</param>
    public JudgedValue Judge(Reading reading, RegisterForReading register, decimal value, ReadingValueId id, ReadingValueId? supersedes, DateTimeOffset now)
    {
        var ledger = Of(register.Id);
        var made = new ReadingValue
        {
            Id = id,
            ReadingId = reading.Id,
            MeterId = reading.MeterId,
            RegisterId = register.Id,
            Ordinal = register.Ordinal,
            ReadingAt = reading.ReadingAt,
            Value = value,
            ReadBy = reading.Reader,
            SupersedesId = supersedes,
        };
        var verdict = ledger.Judge(Asked(reading, made, ledger, now));
        Verdicts.Write(made, verdict);
        if (made.State is ReadingState.Accepted)
        {
            made.Quality = supersedes is null ? made.Quality : Quality.Edited;
            verdict = TakeIn(ledger, made, verdict);
        }

        return new JudgedValue(made, verdict);
    }

    /// <summary>A person lets a held value pass: it takes its place among the accepted ones, its findings stay.</summary>
    public void Confirm(Reading reading, ReadingValue value, DateTimeOffset now)
    {
        var ledger = Of(value.RegisterId);
        var verdict = ledger.Judge(Asked(reading, value, ledger, now));
        value.State = ReadingState.Accepted;
        value.Quality = value.SupersedesId is not null ? Quality.Edited : reading.Source is ReadingSource.Estimate ? Quality.Estimated : Quality.Valid;
        value.Consumption = verdict.Consumption;
        value.Days = verdict.Days;
        TakeIn(ledger, value, verdict);
    }

    /// <summary>The value counts no longer.</summary>
    public void Withdraw(ReadingValue value)
    {
        if (value.State is ReadingState.Accepted)
        {
            Of(value.RegisterId).Withdraw(value.Id);
        }
    }

    /// <summary>All that the changes so far bring with them.</summary>
    public LedgerChanges Settle()
    {
        var changes = LedgerChanges.None;
        foreach (var ledger in registers)
        {
            var found = ledger.Settle();
            changes = found == LedgerChanges.None ? changes
                : changes == LedgerChanges.None ? found
                : new LedgerChanges([.. changes.Voided, .. found.Voided], [.. changes.Remeasured, .. found.Remeasured], [.. changes.Replaced, .. found.Replaced]);
        }

        return changes;
    }

    private RegisterLedger? OfMain => meter.Registers.Count > 0 ? registers.FirstOrDefault(ledger => ledger.Register.Id == meter.Registers[0].Id) : null;

    private RegisterLedger Of(RegisterId id) => registers.First(ledger => ledger.Register.Id == id);

    private NewReading Asked(Reading reading, ReadingValue value, RegisterLedger ledger, DateTimeOffset now) => new()
    {
        Value = value.Value,
        ReadingAt = reading.ReadingAt,
        Now = now,
        Source = reading.Source,
        DoubleEntered = reading.DoubleEntered,
        Position = reading is { Latitude: { } latitude, Longitude: { } longitude } ? new ReadingPosition(latitude, longitude, reading.AccuracyMetres ?? 0) : null,
        ServicePoint = meter is { Latitude: { } north, Longitude: { } east } ? new ServicePosition(north, east, meter.PositionSource) : null,
        ReadBy = reading.Reader,
        OtherVisits = ledger.OtherVisits(reading.Reader, reading.ReadingAt),
    };

    /// <returns>The verdict with the use as it is counted now: taking the value in may have changed the estimate before it.</returns>
    private static RegisterVerdict TakeIn(RegisterLedger ledger, ReadingValue value, RegisterVerdict verdict)
    {
        var row = new AcceptedRow(value.Id, value.RegisterId, value.ReadingAt, value.Value, value.Quality, value.Flags, value.Consumption, null, value.ReadBy);
        var (previous, fresh) = ledger.Accept(row, verdict);
        value.PreviousValueId = previous;
        if (fresh is null)
        {
            return verdict;
        }

        (value.Consumption, value.Days) = (fresh.Consumption, fresh.Days);
        return verdict with { Consumption = fresh.Consumption, Days = fresh.Days, AverageDailyUse = fresh.AverageDailyUse, UseSince = fresh.UseSince };
    }
}
