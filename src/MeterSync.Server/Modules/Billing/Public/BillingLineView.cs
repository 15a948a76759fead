using MeterSync.Metering;

namespace MeterSync.Modules.Billing.Public;

/// <summary>Whether a register can be billed for a period.</summary>
public enum BillingState
{
    /// <summary>It has an accepted value in the period.</summary>
    Billable,

    /// <summary>It has no value in the period.</summary>
    Missing,

    /// <summary>Its values in the period are all held.</summary>
    Held,
}

/// <summary>One register in one period, at the place where its meter was.</summary>
/// <param name="LineNumber">1-based place by serial number and register ordinal; the same in a run and its adjustments.</param>
/// <param name="Adjustment">0 for a frozen line, else the number of the adjustment.</param>
/// <param name="Register">Its label.</param>
/// <param name="Multiplier">Of the day of the current value.</param>
/// <param name="PreviousValue">Latest accepted value before the period, or the install value of a meter that came within it, before the multiplier; null where there is none.</param>
/// <param name="CurrentValue">Latest accepted value in the period, before the multiplier; null where there is none.</param>
/// <param name="Days">Between the two, two decimals.</param>
/// <param name="Consumption">Sum of the use of the accepted values in the period, after the multiplier; null for registers that are no counters and where nothing precedes.</param>
/// <param name="BilledConsumption">What this line adds to the bill: the consumption of a frozen line, the difference of an adjustment line.</param>
/// <param name="Quality">Worst of the values used, the previous one included; null where none is.</param>
/// <param name="Flags">VEE ids found on the values in the period.</param>
/// <param name="ValueCount">Accepted values in the period.</param>
/// <param name="HeldCount">Held values in the period.</param>
/// <param name="Remark">What whoever bills should know, in words.</param>
/// <param name="Reason">Why an adjustment line differs, in words.</param>
/// <param name="Inputs">The values used: the previous one, then those in the period.</param>
internal sealed record BillingLineView(
    int LineNumber,
    int Adjustment,
    Guid MeterId,
    Guid RegisterId,
    string SerialNumber,
    MeterStatus MeterStatus,
    int RegisterOrdinal,
    string Register,
    string? ObisCode,
    string Quantity,
    RegisterKind RegisterKind,
    FlowDirection Direction,
    string Unit,
    decimal Multiplier,
    BillingState State,
    Guid? PreviousValueId,
    Guid? PreviousReadingId,
    decimal? PreviousValue,
    DateTimeOffset? PreviousAt,
    Guid? CurrentValueId,
    Guid? CurrentReadingId,
    decimal? CurrentValue,
    DateTimeOffset? CurrentAt,
    decimal? Days,
    decimal? Consumption,
    decimal? BilledConsumption,
    Quality? Quality,
    IReadOnlyList<string> Flags,
    int ValueCount,
    int HeldCount,
    string? Remark,
    string? Reason,
    string? Address,
    string? Owner,
    string? LocationId,
    string? ExternalId,
    IReadOnlyList<BillingInputView> Inputs)
{
    /// <summary>When the meter came to the place, where that was within the period; null otherwise.</summary>
    public DateTimeOffset? InstalledAt { get; init; }

    /// <summary>When it was taken away, where that was within the period; null otherwise.</summary>
    public DateTimeOffset? RemovedAt { get; init; }
}

/// <summary>A value a line was computed from.</summary>
/// <param name="Value">Before the multiplier.</param>
/// <param name="Consumption">After the multiplier, since the accepted value before it; null where there is none.</param>
/// <param name="InPeriod">False for the value before the period.</param>
/// <param name="Flags">VEE ids, comma-separated.</param>
internal sealed record BillingInputView(Guid ValueId, Guid ReadingId, DateTimeOffset At, decimal Value, decimal? Consumption, Quality Quality, string Flags, bool InPeriod);
