using System.Collections.Frozen;

namespace MeterSync.Kernel;

/// <summary>A right of the form <c>resource:action</c>, named by every route.</summary>
/// <param name="Name">For example <c>readings:verify</c>.</param>
/// <param name="Meaning">One sentence for whoever composes a role.</param>
public sealed record Permission(string Name, string Meaning)
{
    public override string ToString() => Name;
}

/// <summary>Whose rows a role sees.</summary>
public enum DataScope
{
    /// <summary>Only what the user made or was given.</summary>
    Own,

    /// <summary>Everything.</summary>
    All,
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

    public bool May(Permission permission) => Permissions.Contains(permission.Name);

    /// <summary>The user whose rows alone are visible, or null where all are.</summary>
    public UserId? OwnOnly => Scope == DataScope.Own ? UserId ?? new UserId(Guid.Empty) : null;
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
}
