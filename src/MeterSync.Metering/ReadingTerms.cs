namespace MeterSync.Metering;

/// <summary>How a reading came to us.</summary>
public enum ReadingSource
{
    Manual,
    Photo,
    Ocr,
    Telemetry,
    Customer,
    Import,
    Estimate,
}

/// <summary>How far a value can be trusted for billing.</summary>
public enum Quality
{
    Valid,
    Estimated,
    Edited,
    Suspect,
    Rejected,
}

/// <summary>Where a register value stands. Only <see cref="Accepted"/> values are billable. Ordered from best to worst within a visit:
/// the state of a reading is the worst state of its live values.</summary>
public enum ReadingState
{
    Captured,
    Held,
    Accepted,
    Rejected,
    Superseded,
}

/// <summary>What a register counts in: a running total, the highest demand since its last reset, or the value at the instant.</summary>
public enum RegisterKind
{
    Cumulative,
    MaximumDemand,
    Instantaneous,
}

/// <summary>The direction of the flow a register counts, seen from the consumer.</summary>
public enum FlowDirection
{
    Import,
    Export,
}
