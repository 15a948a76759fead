namespace MeterSync.Modules.Workforce.Domain;

/// <summary>Where a meter of a read cycle stands.</summary>
public enum CycleOutcome
{
    /// <summary>An accepted value in the window that nobody estimated.</summary>
    Read,

    /// <summary>A value waits for a decision.</summary>
    Held,

    /// <summary>Only an estimate.</summary>
    Estimated,

    /// <summary>Visited without a value.</summary>
    Skipped,

    /// <summary>Nobody was there yet; somebody has it to do.</summary>
    Assigned,

    /// <summary>Nobody has it to do.</summary>
    Unassigned,
}
