using System.Security.Claims;
using System.Text.Json.Serialization;
using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Accounts.Rights;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MeterSync.Modules.Accounts.SignIn;

/// <summary>What a sign-in or refresh hands out.</summary>
/// <param name="RefreshToken">Left out where it went into the cookie.</param>
/// <param name="ExpiresIn">Life of the access token, seconds.</param>
internal sealed record TokenPair(
    string AccessToken,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken,
    string TokenType,
    int ExpiresIn,
    UserView User);

/// <summary>Makes the tokens of a session.</summary>
internal sealed class Tokens(KeyRing keys, AccessDirectory directory, IOptions<AccountOptions> options, TimeProvider clock)
{
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    public TokenPair Issue(User user, Session session)
    {
        var now = clock.GetUtcNow();
        var life = TimeSpan.FromMinutes(options.Value.AccessTokenMinutes);
        var token = Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = TokenClaims.Issuer,
            Audience = TokenClaims.Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = now.Add(life).UtcDateTime,
            Subject = new ClaimsIdentity(
            [
                new Claim(TokenClaims.Subject, user.Id.Value.ToString()),
                new Claim(TokenClaims.Name, user.Name),
                new Claim(TokenClaims.Role, user.Role),
                new Claim(TokenClaims.Session, session.Id.Value.ToString()),
            ]),
            SigningCredentials = new SigningCredentials(keys.Newest, SecurityAlgorithms.HmacSha256),
        });
        return new TokenPair(token, keys.RefreshToken(session.Id, session.Generation), "bearer", (int)life.TotalSeconds, UserView.Of(user, directory.Of(user)));
    }
}
