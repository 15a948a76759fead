using System.Text;
using MeterSync.Kernel;

namespace MeterSync.Modules.Meters.Domain;

/// <summary>Whether an area is worked in; said for people, it bounds nothing.</summary>
public enum RegionStatus
{
    Active,
    Inactive,
    Maintenance,
}

/// <summary>An area that service points lie in and that managers answer for.</summary>
internal sealed class Region : IAudited, IVersioned
{
    public RegionId Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary>The name as <see cref="KeyOf"/> spells it; unique.</summary>
    public string NameKey { get; set; } = "";

    public string? Description { get; set; }

    public RegionStatus Status { get; set; } = RegionStatus.Active;

    /// <summary>Degrees north of the circle's centre; null without a circle.</summary>
    public double? Latitude { get; set; }

    /// <summary>Degrees east.</summary>
    public double? Longitude { get; set; }

    public double? RadiusMetres { get; set; }

    /// <summary>As <see cref="PolygonText"/> writes it; null without a polygon, and beside a circle.</summary>
    public string? Polygon { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; } = 1;

    public string AuditName => "region";

    public Guid AuditId => Id.Value;

    /// <summary>Null where nobody said where the region lies.</summary>
    public IGeoShape? Shape() =>
        (Latitude, Longitude, RadiusMetres) is ({ } latitude, { } longitude, { } radius) ? new GeoCircle(new GeoPoint(latitude, longitude), radius)
        : Polygon is { } text ? GeoPolygon.OfChecked(PolygonText.Read(text))
        : null;

    /// <summary>What two names share that differ in capitals, in the form of their letters or in spaces only.</summary>
    public static string KeyOf(string name) =>
        string.Join(' ', name.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
