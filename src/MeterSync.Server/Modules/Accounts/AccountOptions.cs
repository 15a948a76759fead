using System.ComponentModel.DataAnnotations;

namespace MeterSync.Modules.Accounts;

/// <summary>Section <c>Accounts</c>.</summary>
internal sealed class AccountOptions
{
    public const string Section = "Accounts";

    /// <summary>Life of an access token, minutes.</summary>
    [Range(1, 24 * 60)]
    public int AccessTokenMinutes { get; set; } = 15;

    /// <summary>Life of a session without use, days.</summary>
    [Range(1, 365)]
    public int RefreshTokenDays { get; set; } = 7;

    /// <summary>Life of a session whose user asked to be remembered, days.</summary>
    [Range(1, 365)]
    public int RememberedDays { get; set; } = 30;

    /// <summary>Age at which a signing key is followed by a new one, days.</summary>
    [Range(1, 3650)]
    public int KeyRotationDays { get; set; } = 90;

    /// <summary>A signing key of your own (at least 32 bytes), for several processes without a shared key ring; empty lets MeterSync make and rotate keys.</summary>
    public string? SigningKey { get; set; }

    /// <summary>bcrypt cost: each step doubles the time.</summary>
    [Range(4, 16)]
    public int BcryptCost { get; set; } = 12;
}
