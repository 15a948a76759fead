using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Metering.Estimation;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;

namespace MeterSync.Modules.Readings.Estimates;

/// <param name="Accepted">Accepted values of the part's registers, oldest first.</param>
/// <param name="Waiting">Registers with a held value at the instant.</param>
internal sealed record EstimatePast(ILookup<RegisterId, AcceptedRow> Accepted, IReadOnlySet<RegisterId> Waiting);

/// <summary>Estimates and judges some hundreds of meters in memory; what is to be written is left in lists.</summary>
internal sealed class EstimateChunk(DateTimeOffset at, EstimateTerms terms, DateTimeOffset now, IdSource ids, EstimatePast past, IReadOnlyDictionary<RegisterId, RegisterSegments> segments)
{
    private readonly Dictionary<RegisterId, RegisterLedger> ledgers = [];

    public List<EstimateOutcome> Outcomes { get; } = [];

    public List<Reading> Readings { get; } = [];

    public List<ReadingValue> Values { get; } = [];

    public List<ReadingValueId> Voided { get; } = [];

    public List<Remeasured> Remeasured { get; } = [];

    /// <summary>Meters whose main register was estimated, with its newest value now.</summary>
    public List<(MeterForReading Meter, LastReading Last)> Newest { get; } = [];

    /// <summary>Whether one of the meter's registers has no past of its own to be estimated from.</summary>
    public bool NeedsTypicalUse(MeterForReading meter) =>
        CanBeRead(meter) && Counting(meter).Any(register => Needless(register) is null && LedgerOf(meter, register).EstimateAt(at) is { } request && !RegisterEstimator.IsContradicted(request) && Best(request) is null);

    public void Estimate(MeterForReading meter, TypicalUseOfPart typical)
    {
        var reading = new Reading { Id = ids.Next<ReadingId>(), MeterId = meter.Id, ReadingAt = at, ReceivedAt = now, Source = ReadingSource.Estimate, Notes = terms.Notes };
        var registers = Counting(meter).ToList();
        var ledger = new MeterLedger(meter, registers.ConvertAll(register => LedgerOf(meter, register)));
        var values = new List<ReadingValue>(registers.Count);
        foreach (var register in registers)
        {
            Outcomes.Add(Estimate(meter, register, ledger, reading, typical, values));
        }

        if (values.Count == 0)
        {
            return;
        }

        reading.State = ReadingStates.WorstOf(values);
        Readings.Add(reading);
        Values.AddRange(values);
        var changes = ledger.Settle();
        Voided.AddRange(changes.Voided);
        Remeasured.AddRange(changes.Remeasured);
        if (ledger is { HasMain: true, NewestOfMain: { } newest })
        {
            Newest.Add((meter, new LastReading(newest.At, newest.Value, meter.Registers[0].At(newest.At).Unit)));
        }
    }

    private EstimateOutcome Estimate(MeterForReading meter, RegisterForReading register, MeterLedger ledger, Reading reading, TypicalUseOfPart typical, List<ReadingValue> values)
    {
        var configuration = register.At(at);
        EstimateOutcome Without(EstimateResult result, string why, decimal? value = null) =>
            new(meter.Id, meter.SerialNumber, register.Id, register.Label, result, null, value, configuration.Unit, null, [], why, "");

        if (Needless(register) is { } there)
        {
            return there.At == at
                ? Without(EstimateResult.Already, "There is a value at that instant already.", there.Value)
                : Without(EstimateResult.Read, $"It was read at {there.At:yyyy-MM-dd HH:mm} UTC.", there.Value);
        }

        if (past.Waiting.Contains(register.Id))
        {
            return Without(EstimateResult.Already, "A value at that instant is held and waits for a person.");
        }

        if (!CanBeRead(meter))
        {
            return Without(EstimateResult.Impossible, meter.RemovedAt < at ? "The meter was taken away before." : meter.SegmentFrom > at ? "The meter came to its place after that." : $"The meter is {Terms<MeterStatus>.WordOf(meter.Status)}.");
        }

        if (LedgerOf(meter, register).EstimateAt(at) is not { } request)
        {
            return Without(EstimateResult.Impossible, "The register was never read: there is no value to go on from.");
        }

        if (RegisterEstimator.IsContradicted(request))
        {
            return Without(EstimateResult.Impossible, "The actual value after it is lower than the one before it: one of the two is wrong.");
        }

        var use = typical.Of(meter, configuration);
        if (Best(request with { RegionMedianUsePerDay = use.Region, TypeMedianUsePerDay = use.Type }) is not { } estimate || !Bounds.CanHold(estimate.Value))
        {
            return Without(EstimateResult.Impossible, "Nothing is known of this register's use, nor of that of enough meters like it.");
        }

        var judged = ledger.Judge(reading, register, estimate.Value, ids.Next<ReadingValueId>(), null, now);
        judged.Value.Estimate = StoredEstimate.ToJson(estimate, terms.Window);
        values.Add(judged.Value);
        return new EstimateOutcome(
            meter.Id,
            meter.SerialNumber,
            register.Id,
            register.Label,
            judged.Value.State is ReadingState.Accepted ? EstimateResult.Estimated : EstimateResult.Held,
            reading.Id,
            estimate.Value,
            configuration.Unit,
            estimate.Method,
            estimate.Inputs,
            estimate.Explanation,
            judged.Value.Flags);
    }

    private AcceptedRow? Needless(RegisterForReading register)
    {
        foreach (var row in past.Accepted[register.Id].Reverse())
        {
            if (row.At == at || (row.Quality is not Quality.Estimated && terms.Window is { } window && window.From <= row.At && row.At < window.To))
            {
                return row;
            }
        }

        return null;
    }

    /// <summary>Where the truth is known on both sides it is on the line between, as an estimate comes to be that was made before the truth arrived.</summary>
    private static RegisterEstimate? Best(EstimateRequest request) => RegisterEstimator.Between(request) ?? RegisterEstimator.For(request);

    private bool CanBeRead(MeterForReading meter) => meter.StatusAt(at) is MeterStatus.Active or MeterStatus.Maintenance && !(meter.RemovedAt < at) && !(meter.SegmentFrom > at);

    private IEnumerable<RegisterForReading> Counting(MeterForReading meter) => meter.Registers.Where(register => register.At(at).Kind is RegisterKind.Cumulative);

    private RegisterLedger LedgerOf(MeterForReading meter, RegisterForReading register) =>
        ledgers.TryGetValue(register.Id, out var known) ? known : ledgers[register.Id] = new RegisterLedger(meter, register, [.. past.Accepted[register.Id]], segments.GetValueOrDefault(register.Id));
}
