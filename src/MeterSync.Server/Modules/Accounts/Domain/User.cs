using MeterSync.Kernel;

namespace MeterSync.Modules.Accounts.Domain;

public enum UserStatus
{
    Active,
    Inactive,
    Suspended,

    /// <summary>Invited or registered, and the e-mail address is not confirmed yet.</summary>
    Pending,
}

/// <summary>How far somebody sees whose roles see more than the own rows.</summary>
public enum UserScope
{
    /// <summary>The regions named, and nothing while there are none.</summary>
    Regions,

    All,
}

/// <summary>A person who signs in.</summary>
internal sealed class User : IAudited, IVersioned, IPerson
{
    public UserId Id { get; set; }

    /// <summary>As <see cref="EmailName"/> spells it.</summary>
    [Personal]
    public string Email { get; set; } = "";

    /// <summary>Lower case; null where the e-mail address is the only name.</summary>
    [Personal]
    public string? Username { get; set; }

    [Personal]
    public string Name { get; set; } = "";

    [Personal]
    public string? Phone { get; set; }

    [Personal]
    public string? Department { get; set; }

    /// <summary>Where the person works, in the organisation's words. Bounds nothing: <see cref="Regions"/> does.</summary>
    public string? Region { get; set; }

    /// <summary>Empty until the person has chosen a password: nothing fits it.</summary>
    [Secret]
    public string PasswordHash { get; set; } = "";

    /// <summary>Names of the roles, the first one first (<see cref="WordList"/>).</summary>
    public string Roles { get; set; } = BuiltInRole.Viewer;

    public UserScope Scope { get; set; }

    /// <summary>Ids of the regions of <see cref="UserScope.Regions"/> (<see cref="WordList"/>).</summary>
    public string Regions { get; set; } = "";

    public UserStatus Status { get; set; }

    /// <summary>Made by --demo with a password anyone can look up.</summary>
    public bool IsDemo { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Also moves with whatever changes what the person may do: other processes look for it.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? LastLoginAt { get; set; }

    public DateTimeOffset? DeletedAt { get; set; }

    public int Version { get; set; } = 1;

    public string AuditName => "user";

    public Guid AuditId => Id.Value;

    public string Role => WordList.First(Roles);

    public bool MayComeIn => Status == UserStatus.Active && DeletedAt is null;

    public Guid PersonId => Id.Value;
}
