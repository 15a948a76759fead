using System.Security.Claims;
using Microsoft.IdentityModel.Tokens;

namespace MeterSync.Modules.Accounts.Public;

/// <summary>Claim names of an access token.</summary>
public static class TokenClaims
{
    public const string Issuer = "metersync";
    public const string Audience = "metersync-api";
    public const string Subject = "sub";
    public const string Name = "name";
    public const string Role = "role";

    /// <summary>The session; a revoked session's tokens stop working at once.</summary>
    public const string Session = "sid";
}

/// <summary>What verifying an access token needs, from memory.</summary>
public interface IAccessTokens
{
    /// <summary>Another object as soon as keys or ended sessions may have changed: whatever was found out about a token before must be asked again.</summary>
    object Epoch { get; }

    /// <summary>The keys a token with this kid may be signed with: one or none.</summary>
    IEnumerable<SecurityKey> KeyOf(string? kid);

    /// <summary>A hash under a secret of the server, the same in all its processes: of a request whose body may hold a password, which a plain hash would let a reader of the database guess.</summary>
    byte[] Fingerprint(byte[] hash);

    /// <summary>Whether the token's session has been ended.</summary>
    bool IsRevoked(ClaimsPrincipal? principal);
}
