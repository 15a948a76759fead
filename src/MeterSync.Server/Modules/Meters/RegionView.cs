using MeterSync.Modules.Meters.Domain;

namespace MeterSync.Modules.Meters;

/// <summary>A region as the API shows it.</summary>
internal sealed record RegionView(Guid Id, string Name, string? Description, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, int Version)
{
    public static RegionView Of(Region region) => new(region.Id.Value, region.Name, region.Description, region.CreatedAt, region.UpdatedAt, region.Version);
}
