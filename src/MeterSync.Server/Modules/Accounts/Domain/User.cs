using MeterSync.Kernel;

namespace MeterSync.Modules.Accounts.Domain;

public enum UserStatus
{
    Active,
    Inactive,
    Suspended,
}

/// <summary>A person who signs in.</summary>
internal sealed class User : IAudited, IVersioned, IPerson
{
    public UserId Id { get; set; }

    /// <summary>Lower case.</summary>
    [Personal]
    public string Email { get; set; } = "";

    /// <summary>Lower case; null where the e-mail address is the only name.</summary>
    [Personal]
    public string? Username { get; set; }

    [Personal]
    public string Name { get; set; } = "";

    [Secret]
    public string PasswordHash { get; set; } = "";

    public string Role { get; set; } = BuiltInRole.Viewer;

    public UserStatus Status { get; set; }

    /// <summary>Made by --demo with a password anyone can look up.</summary>
    public bool IsDemo { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? LastLoginAt { get; set; }

    public int Version { get; set; } = 1;

    public string AuditName => "user";

    public Guid AuditId => Id.Value;

    public Guid PersonId => Id.Value;
}
