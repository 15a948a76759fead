using MeterSync.Kernel;
using MeterSync.Metering;

namespace MeterSync.Modules.Meters.Domain;

/// <summary>A device with a serial number.</summary>
internal sealed class Meter : IAudited, IVersioned
{
    public MeterId Id { get; set; }

    public string SerialNumber { get; set; } = "";

    public MeterType MeterType { get; set; }

    public MeterStatus Status { get; set; } = MeterStatus.Active;

    public MeterPriority Priority { get; set; } = MeterPriority.Medium;

    /// <summary>Where it is installed now; the open <see cref="MeterInstallation"/> says the same with its date. Null for a meter in store.</summary>
    public ServicePointId? ServicePointId { get; set; }

    /// <summary>JSON object of the owner's own fields.</summary>
    public string Metadata { get; set; } = "{}";

    /// <summary>Minutes a visit takes.</summary>
    public int? EstimatedMinutes { get; set; }

    /// <summary>A reading without a photo is not wanted: VEE-116 flags those whose photo has not come after its days.</summary>
    public bool RequiresPhoto { get; set; }

    /// <summary>Serial number, address and owner, normalised for search.</summary>
    public string SearchText { get; set; } = "";

    /// <summary>When an exchange put it where it is now; null where none did. What was counted before belongs to another place, or to none.</summary>
    public DateTimeOffset? SegmentFrom { get; set; }

    /// <summary>When an exchange took it away; null while it is installed, and where none did.</summary>
    public DateTimeOffset? RemovedAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; } = 1;

    public string AuditName => "meter";

    public Guid AuditId => Id.Value;

    /// <summary>What <see cref="SearchText"/> holds, and how a search term is normalised.</summary>
    public static string SearchTextOf(params string?[] parts) =>
        string.Join(' ', parts.Where(part => !string.IsNullOrWhiteSpace(part))).Normalize(System.Text.NormalizationForm.FormKC).ToLowerInvariant();
}

/// <summary>A meter's time at a service point.</summary>
internal sealed class MeterInstallation
{
    public MeterId MeterId { get; set; }

    public ServicePointId ServicePointId { get; set; }

    /// <summary>Inclusive.</summary>
    public DateTimeOffset InstalledAt { get; set; }

    /// <summary>Exclusive; null while installed.</summary>
    public DateTimeOffset? RemovedAt { get; set; }
}

/// <summary>The newest accepted reading of a meter's first register, kept beside the meter for lists and filters.</summary>
internal sealed class MeterLastReading
{
    public MeterId MeterId { get; set; }

    public DateTimeOffset ReadingAt { get; set; }

    public decimal Value { get; set; }

    public string Unit { get; set; } = "";
}
