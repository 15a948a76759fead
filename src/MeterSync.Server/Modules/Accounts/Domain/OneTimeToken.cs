using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MeterSync.Kernel;

namespace MeterSync.Modules.Accounts.Domain;

public enum TokenPurpose
{
    /// <summary>Chooses a new password: forgotten, or the first one of an invited person.</summary>
    Password,

    /// <summary>Confirms the e-mail address.</summary>
    Email,
}

/// <summary>A secret sent by mail that works once. Only its SHA-256 is kept.</summary>
internal sealed class OneTimeToken
{
    private const int SecretBytes = 32;

    public byte[] Hash { get; set; } = [];

    public UserId UserId { get; set; }

    public TokenPurpose Purpose { get; set; }

    /// <summary>Where it was sent: it proves nothing about another address the user may have by now.</summary>
    public string Email { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? UsedAt { get; set; }

    /// <summary>A new secret, in the form it is sent.</summary>
    public static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
