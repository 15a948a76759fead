using MeterSync.Kernel;
using MeterSync.Metering;

namespace MeterSync.Modules.Readings.Domain;

/// <summary>One register's value in a reading, with its own verdict. A correction is a new value that supersedes this one.</summary>
internal sealed class ReadingValue : IAudited
{
    public ReadingValueId Id { get; set; }

    public ReadingId ReadingId { get; set; }

    public MeterId MeterId { get; set; }

    public RegisterId RegisterId { get; set; }

    /// <summary>The register's place in its meter, kept here so that values list in order; 1 is the main register.</summary>
    public int Ordinal { get; set; }

    /// <summary>The reading's instant, kept here so that a register's history is one index walk.</summary>
    public DateTimeOffset ReadingAt { get; set; }

    /// <summary>What the register showed, before the multiplier.</summary>
    public decimal Value { get; set; }

    public ReadingState State { get; set; }

    public Quality Quality { get; set; }

    /// <summary>VEE ids that spoke, comma-separated, in order; empty where none did.</summary>
    public string Flags { get; set; } = "";

    /// <summary>JSON array of findings: rule, effect, explanation in words. Null where none spoke.</summary>
    public string? Findings { get; set; }

    /// <summary>JSON of what was expected; kept where a rule spoke, for whoever decides. Null otherwise.</summary>
    public string? Expected { get; set; }

    /// <summary>Agent's id, or <see cref="DevicePrefix"/> and the device's; null where nobody is known. Kept here so that check-reads are found without another table.</summary>
    public string? ReadBy { get; set; }

    /// <summary>Accepted value this one is measured from; null for a register's first.</summary>
    public ReadingValueId? PreviousValueId { get; set; }

    /// <summary>Units after the multiplier since the previous accepted value; null where there is none or the register is not cumulative.</summary>
    public decimal? Consumption { get; set; }

    /// <summary>Days since the previous accepted value, two decimals.</summary>
    public decimal? Days { get; set; }

    /// <summary>The value this one corrects.</summary>
    public ReadingValueId? SupersedesId { get; set; }

    /// <summary>JSON of how it was estimated; null for what was read, and for estimates that came from elsewhere.</summary>
    public string? Estimate { get; set; }

    public const string DevicePrefix = "device:";

    /// <summary>Neither corrected nor voided: the value counts, waits or was refused.</summary>
    public bool IsLive => State != ReadingState.Superseded;

    public string AuditName => "reading_value";

    public Guid AuditId => Id.Value;

    /// <summary>A new value is told by its reading's audit row; a correction by what it supersedes.</summary>
    public bool AuditsCreation => SupersedesId is not null;
}
