using System.Collections.Frozen;

namespace MeterSync.Kernel;

/// <summary>A right of the form <c>resource:action</c>, named by every route.</summary>
/// <param name="Name">For example <c>readings:verify</c>.</param>
/// <param name="Meaning">One sentence for whoever composes a role.</param>
public sealed record Permission(string Name, string Meaning)
{
    public override string ToString() => Name;
}

/// <summary>Whose rows somebody sees: all, those of named regions (perhaps none), or only what the person made or was given.</summary>
public sealed class DataScope
{
    public static readonly DataScope All = new(isOwn: false, regions: null);

    public static readonly DataScope Own = new(isOwn: true, regions: null);

    /// <summary>Nothing that belongs to a region: who has not been given any yet.</summary>
    public static readonly DataScope None = new(isOwn: false, regions: []);

    private DataScope(bool isOwn, IReadOnlyList<RegionId>? regions)
    {
        IsOwn = isOwn;
        Regions = regions;
    }

    public bool IsOwn { get; }

    /// <summary>The regions whose rows alone are seen; empty for none at all, null where regions do not bound what is seen.</summary>
    public IReadOnlyList<RegionId>? Regions { get; }

    public static DataScope Of(IEnumerable<RegionId> regions) => new(isOwn: false, [.. regions.Distinct()]);
}

/// <summary>Who acts: a person, an integration, the operator at the machine, or the server itself.</summary>
/// <param name="UserId">Null for the operator at the machine and for the server's own jobs.</param>
/// <param name="Name">What audit rows show.</param>
/// <param name="Role">Role name.</param>
/// <param name="Scope">Whose rows are visible.</param>
/// <param name="Permissions">Permission names.</param>
public sealed record Caller(UserId? UserId, string Name, string Role, DataScope Scope, FrozenSet<string> Permissions)
{
    public string? IpAddress { get; init; }

    public string? UserAgent { get; init; }

    public SessionId? SessionId { get; init; }

    /// <summary>The key a program came in with; null for people.</summary>
    public ApiKeyId? ApiKeyId { get; init; }

    /// <summary>The office acts for the agent whose id <see cref="UserId"/> is, as where it tries again what the agent's phone brought.</summary>
    public bool IsForAgent { get; init; }

    public bool May(Permission permission) => Permissions.Contains(permission.Name);

    /// <summary>The user whose rows alone are visible, or null where all are.</summary>
    public UserId? OwnOnly => Scope.IsOwn ? UserId ?? new UserId(Guid.Empty) : null;

    /// <summary>The regions whose rows alone are visible, or null where regions do not bound what the caller sees.</summary>
    public IReadOnlyList<RegionId>? RegionsOnly => Scope.Regions;
}

/// <summary>Holds the caller of the request or job under way.</summary>
public sealed class CallerAccessor
{
    private Caller? caller;

    public Caller Caller
    {
        get => caller ?? throw new InvalidOperationException("No caller is known here: the route lacks a permission, or the job did not name its caller.");
        set => caller = value;
    }

    public Caller? Known => caller;

    /// <summary>Where a request came from whose caller nobody is known to be.</summary>
    public (string? IpAddress, string? UserAgent) Origin { get; set; }

    /// <summary>Somebody who is not signed in has shown who he is, by a token sent to his address: what follows is his own doing.</summary>
    public void ActAs(UserId person, string name, string role) =>
        caller ??= new Caller(person, name, role, DataScope.Own, FrozenSet<string>.Empty) { IpAddress = Origin.IpAddress, UserAgent = Origin.UserAgent };
}
