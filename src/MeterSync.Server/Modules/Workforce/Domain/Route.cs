using MeterSync.Kernel;

namespace MeterSync.Modules.Workforce.Domain;

/// <summary>How the stops of a route got their order.</summary>
public enum StopOrdering
{
    /// <summary>By street, then house number.</summary>
    Street,

    /// <summary>The shortest walk from the start that was found.</summary>
    Shortest,

    /// <summary>As somebody gave them.</summary>
    Given,
}

/// <summary>Service points in walking order. It stays when meters change.</summary>
internal sealed class WalkRoute : IAudited, IVersioned
{
    public RouteId Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary>Unique; see <c>Region.KeyOf</c> for what it spells alike.</summary>
    public string NameKey { get; set; } = "";

    public string? Description { get; set; }

    public RegionId? RegionId { get; set; }

    /// <summary>Who usually walks it.</summary>
    public UserId? AgentId { get; set; }

    public StopOrdering Ordering { get; set; }

    public double? StartLatitude { get; set; }

    public double? StartLongitude { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; } = 1;

    public string AuditName => "route";

    public Guid AuditId => Id.Value;
}

internal sealed class RouteStop
{
    public RouteId RouteId { get; set; }

    /// <summary>From 1, without gaps.</summary>
    public int Position { get; set; }

    public ServicePointId ServicePointId { get; set; }
}
