using MeterSync.Kernel;
using MeterSync.Metering;

namespace MeterSync.Modules.Workforce.Domain;

public enum CycleStatus
{
    Planned,
    Open,
    Closed,
}

public enum CycleRepeats
{
    Never,
    Monthly,
    Quarterly,
    Yearly,
}

/// <summary>A recurring group of meters with a window to read them in. Which meters is settled when it opens.</summary>
internal sealed class ReadCycle : IAudited, IVersioned
{
    public ReadCycleId Id { get; set; }

    public string Name { get; set; } = "";

    public CycleStatus Status { get; set; }

    /// <summary>Inclusive.</summary>
    public DateTimeOffset WindowFrom { get; set; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset WindowTo { get; set; }

    /// <summary>Only meters of the type; null for any.</summary>
    public MeterType? MeterType { get; set; }

    /// <summary>Only meters in the region; null for any.</summary>
    public RegionId? RegionId { get; set; }

    /// <summary>Only meters of the location; null for any.</summary>
    public string? LocationId { get; set; }

    /// <summary>When the next one follows; made when this one closes.</summary>
    public CycleRepeats Repeats { get; set; }

    public ReadCycleId? PreviousId { get; set; }

    public DateTimeOffset? OpenedAt { get; set; }

    public UserId? OpenedBy { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }

    public UserId? ClosedBy { get; set; }

    /// <summary>Meters it opened with; 0 before.</summary>
    public int MeterCount { get; set; }

    /// <summary>Missed meters that were estimated when it closed.</summary>
    public int EstimatedCount { get; set; }

    /// <summary>Meters without any value when it closed.</summary>
    public int MissedCount { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; } = 1;

    public string AuditName => "read_cycle";

    public Guid AuditId => Id.Value;
}

/// <summary>A meter to be read in a cycle, or one that was until an exchange put another at its place.</summary>
internal sealed class CycleMeter
{
    public ReadCycleId CycleId { get; set; }

    public MeterId MeterId { get; set; }

    /// <summary>The meter that is read in its stead; null while it is read itself. Rows with one are not counted.</summary>
    public MeterId? SuccessorId { get; set; }
}
