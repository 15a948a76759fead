using MeterSync.Kernel;

namespace MeterSync.Modules.Accounts.Domain;

/// <summary>Whose rows a role sees.</summary>
public enum RoleSight
{
    /// <summary>All, or the regions the person was given.</summary>
    Scope,

    /// <summary>What the person made or was given.</summary>
    Own,
}

/// <summary>A role an administrator put together from permissions. The built-in ones are not stored.</summary>
internal sealed class Role : IAudited, IVersioned
{
    public RoleId Id { get; set; }

    /// <summary>Fixed once made: users and the audit log name it.</summary>
    public string Name { get; set; } = "";

    public string? Description { get; set; }

    /// <summary>Permission names (<see cref="WordList"/>).</summary>
    public string Permissions { get; set; } = "";

    public RoleSight Sees { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; } = 1;

    public string AuditName => "role";

    public Guid AuditId => Id.Value;
}
