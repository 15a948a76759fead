using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Public;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MeterSync.Host.Auth;

/// <summary>Whose an access token is; what that person may do is asked elsewhere, at every request. HS256 only, keys by kid from the key ring, two minutes of clock skew, ended sessions refused.
/// A token found good is known by its SHA-256 from then on, so that a caller's next request does not parse and verify it again: until it expires,
/// and only while keys and ended sessions are those it was found good by. Refusals are never remembered.</summary>
internal sealed class BearerTokens(IAccessTokens tokens, TimeProvider clock)
{
    private const int LongestKnown = 1024;
    private const int MostKnown = 10_000;
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);
    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false };
    private readonly TokenValidationParameters rules = new()
    {
        ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
        ValidIssuer = TokenClaims.Issuer,
        ValidAudience = TokenClaims.Audience,
        RequireSignedTokens = true,
        LifetimeValidator = (notBefore, expires, _, _) => IsCurrent(notBefore, expires, clock),
        IssuerSigningKeyResolver = (_, _, kid, _) => tokens.KeyOf(kid),
        NameClaimType = TokenClaims.Name,
        RoleClaimType = TokenClaims.Role,
    };

    private volatile KnownTokens known = new(new object());

    /// <summary>Null where the token is not one of ours or no longer good.</summary>
    public ValueTask<TokenHolder?> HolderOfAsync(string token)
    {
        if (token.Length > LongestKnown)
        {
            return VerifyAsync(token);
        }

        var digest = TokenDigest.Of(token);
        var current = Current();
        return current.Holders.TryGetValue(digest, out var holder) && IsCurrent(holder.NotBefore, holder.Expires, clock)
            ? ValueTask.FromResult<TokenHolder?>(holder)
            : VerifyAndKeepAsync(token, digest, current);
    }

    private async ValueTask<TokenHolder?> VerifyAndKeepAsync(string token, TokenDigest digest, KnownTokens current)
    {
        var holder = await VerifyAsync(token);
        if (holder is not null)
        {
            if (current.Holders.Count >= MostKnown)
            {
                current.Holders.Clear();
            }

            current.Holders[digest] = holder;
        }

        return holder;
    }

    private async ValueTask<TokenHolder?> VerifyAsync(string token)
    {
        var result = await handler.ValidateTokenAsync(token, rules);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken verified)
        {
            return null;
        }

        var principal = new ClaimsPrincipal(result.ClaimsIdentity);
        if (tokens.IsRevoked(principal) || !Guid.TryParse(principal.FindFirstValue(TokenClaims.Subject), out var userId))
        {
            return null;
        }

        return new TokenHolder(
            new UserId(userId),
            Guid.TryParse(principal.FindFirstValue(TokenClaims.Session), out var session) ? new SessionId(session) : null,
            verified.ValidFrom,
            verified.ValidTo);
    }

    /// <summary>What is known under the keys and ended sessions of this moment. Taken before a token is verified: should they change meanwhile,
    /// the verdict is kept where nobody looks any more.</summary>
    private KnownTokens Current()
    {
        var epoch = tokens.Epoch;
        var current = known;
        return ReferenceEquals(current.Epoch, epoch) ? current : known = new KnownTokens(epoch);
    }

    /// <summary>By the server's own clock, which the library would not ask. A token without an expiry is never current.</summary>
    private static bool IsCurrent(DateTime? notBefore, DateTime? expires, TimeProvider clock)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return expires > now - Skew && (notBefore is null || notBefore < now + Skew);
    }

    private sealed class KnownTokens(object epoch)
    {
        public object Epoch => epoch;

        public ConcurrentDictionary<TokenDigest, TokenHolder> Holders { get; } = new();
    }

    /// <summary>SHA-256 of a token: the tokens themselves are not kept.</summary>
    private readonly record struct TokenDigest(UInt128 High, UInt128 Low)
    {
        public static TokenDigest Of(string token)
        {
            Span<byte> text = stackalloc byte[LongestKnown * 3];
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(text[..Encoding.UTF8.GetBytes(token, text)], digest);
            return MemoryMarshal.Read<TokenDigest>(digest);
        }
    }
}

/// <param name="NotBefore">UTC.</param>
/// <param name="Expires">UTC.</param>
internal sealed record TokenHolder(UserId UserId, SessionId? SessionId, DateTime NotBefore, DateTime Expires);
