using MeterSync.Metering.Registers;

namespace MeterSync.Metering.Vee;

/// <summary>One accepted value of a register, as stored.</summary>
/// <param name="Value">Register value, not multiplied.</param>
/// <param name="At">Instant of the reading.</param>
/// <param name="Quality">Estimated for an estimate; Suspect and Rejected values make periods that no baseline uses.</param>
/// <param name="Flags">Rule ids found on it; empty when none.</param>
/// <param name="Consumption">Use since the value before, when it is already known (it is kept as it was); null: computed.</param>
/// <param name="BeginsSegment">First value of another meter: no use between it and the value before it.</param>
public sealed record AcceptedValue(
    decimal Value,
    DateTimeOffset At,
    Quality Quality = Quality.Valid,
    IReadOnlyList<string>? Flags = null,
    decimal? Consumption = null,
    bool BeginsSegment = false)
{
    /// <summary>Nobody read it.</summary>
    public bool IsEstimate => Quality is Quality.Estimated;

    /// <summary>The value alone, as another one is compared with it.</summary>
    public PriorValue AsPrior => new(Value, At, IsEstimate);
}

/// <summary>What accepting a value changed.</summary>
/// <param name="Period">The period that ends with the value; null for the first value of a segment.</param>
/// <param name="Recomputed">The period after a late value, computed again from it; null when the value is the newest or the next begins a segment.</param>
/// <param name="VoidedEstimates">Estimates taken out because the value contradicts them, oldest first; estimate them again between the actual values around them.</param>
public readonly record struct Acceptance(PeriodUse? Period, PeriodUse? Recomputed, IReadOnlyList<AcceptedValue> VoidedEstimates);
