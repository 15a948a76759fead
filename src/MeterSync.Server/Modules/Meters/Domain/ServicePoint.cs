using MeterSync.Kernel;
using MeterSync.Metering;

namespace MeterSync.Modules.Meters.Domain;

/// <summary>The place where supply is delivered; it stays when meters change.</summary>
internal sealed class ServicePoint : IAudited
{
    public ServicePointId Id { get; set; }

    public string? Address { get; set; }

    /// <summary>Degrees north, WGS 84; null together with the longitude.</summary>
    public double? Latitude { get; set; }

    /// <summary>Degrees east, WGS 84.</summary>
    public double? Longitude { get; set; }

    public PositionProvenance PositionSource { get; set; } = PositionProvenance.Unknown;

    public string? LocationId { get; set; }

    /// <summary>The area it lies in; null where nobody said.</summary>
    public RegionId? RegionId { get; set; }

    public string? Owner { get; set; }

    /// <summary>IANA name; null means the organisation's.</summary>
    public string? TimeZone { get; set; }

    public string? AccessNotes { get; set; }

    public string? HazardNotes { get; set; }

    public string? KeyNumber { get; set; }

    /// <summary>The market's id for the point: NMI, EAN.</summary>
    public string? ExternalId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public string AuditName => "service_point";

    public Guid AuditId => Id.Value;
}
