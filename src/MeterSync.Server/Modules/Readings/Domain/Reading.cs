using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Public;

namespace MeterSync.Modules.Readings.Domain;

/// <summary>One visit to one meter at one instant. A fact: nothing in it is overwritten but its notes, verification and state.</summary>
internal sealed class Reading : IAudited, IVersioned, IPersonal
{
    public ReadingId Id { get; set; }

    /// <summary>Made by the device at Save; unique, so that a resend is the same reading. Null where the sender made none.</summary>
    public Guid? ClientId { get; set; }

    /// <summary>SHA-256 over the canonical content: same client id with other content is a conflict.</summary>
    public byte[]? ContentHash { get; set; }

    public MeterId MeterId { get; set; }

    /// <summary>When the register was read.</summary>
    public DateTimeOffset ReadingAt { get; set; }

    /// <summary>When we got it.</summary>
    public DateTimeOffset ReceivedAt { get; set; }

    public ReadingSource Source { get; set; }

    /// <summary>Who read or recorded it; null for imports, estimates and devices.</summary>
    public UserId? AgentId { get; set; }

    [Personal]
    public string? DeviceId { get; set; }

    [Personal]
    public double? Latitude { get; set; }

    [Personal]
    public double? Longitude { get; set; }

    /// <summary>Radius of the position's uncertainty, metres.</summary>
    [Personal]
    public double? AccuracyMetres { get; set; }

    public string? Notes { get; set; }

    /// <summary>When <see cref="Notes"/> were last changed; null while they are as they came.</summary>
    public DateTimeOffset? NotesAt { get; set; }

    /// <summary>Under which client_id a phone changed them; null where somebody did so at once.</summary>
    public Guid? NotesClientId { get; set; }

    public string? PhotoUrl { get; set; }

    /// <summary>JSON array of photo ids or addresses; null without.</summary>
    public string? Photos { get; set; }

    /// <summary>Whether the photos it names are here; null where it names none and none came. Follows the photos: no change of it is a change of the reading.</summary>
    public ReadingEvidence? Evidence { get; set; }

    /// <summary>The agent typed the value twice and both agreed.</summary>
    public bool DoubleEntered { get; set; }

    /// <summary>The worst state of its live values: held before rejected before accepted.</summary>
    public ReadingState State { get; set; }

    public DateTimeOffset? VerifiedAt { get; set; }

    public UserId? VerifiedBy { get; set; }

    /// <summary>When a person last verified, rejected or corrected it; null while nobody did.</summary>
    public DateTimeOffset? DecidedAt { get; set; }

    public UserId? DecidedBy { get; set; }

    /// <summary>What that person wrote: the reason of a rejection or correction, a note at verification.</summary>
    public string? DecisionNote { get; set; }

    public ImportBatchId? ImportBatchId { get; set; }

    public int Version { get; set; } = 1;

    public string AuditName => "reading";

    public Guid AuditId => Id.Value;

    /// <summary>Who stood there with the device; nobody where a device or a file sent it.</summary>
    public Guid PersonId => AgentId?.Value ?? Guid.Empty;

    /// <summary>Whoever or whatever stood before the meter, as <see cref="ReadingValue.ReadBy"/> keeps it; null where nobody is known.</summary>
    public string? Reader => AgentId is { } agent ? agent.Value.ToString("n") : DeviceId is { } device ? ReadingValue.DevicePrefix + device : null;
}
