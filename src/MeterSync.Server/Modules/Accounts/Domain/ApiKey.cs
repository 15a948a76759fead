using MeterSync.Kernel;

namespace MeterSync.Modules.Accounts.Domain;

/// <summary>Lets a program in, as the user who made it and with no more than some of that user's permissions.</summary>
internal sealed class ApiKey : IAudited
{
    public ApiKeyId Id { get; set; }

    public UserId UserId { get; set; }

    public string Name { get; set; } = "";

    /// <summary>SHA-256 of the secret part: the secret is random, so nothing slower is needed.</summary>
    [Secret]
    public byte[] Hash { get; set; } = [];

    /// <summary>Permission names (<see cref="WordList"/>).</summary>
    public string Permissions { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Null for a key that lasts until it is revoked.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>Moves when the key is revoked: other processes look for it.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    public string AuditName => "api_key";

    public Guid AuditId => Id.Value;
}
