using MeterSync.Modules.Accounts.Public;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace MeterSync.Host.Auth;

internal static class AuthRegistration
{
    public static void AddAuth(this IServiceCollection services)
    {
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, ConfigureAccessTokens>();
    }

    /// <summary>HS256 only, keys by kid from the key ring, two minutes of clock skew, revoked sessions refused.</summary>
    private sealed class ConfigureAccessTokens(IAccessTokens tokens, TimeProvider clock) : IConfigureNamedOptions<JwtBearerOptions>
    {
        private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

        public void Configure(JwtBearerOptions options) => Configure(JwtBearerDefaults.AuthenticationScheme, options);

        public void Configure(string? name, JwtBearerOptions options)
        {
            options.MapInboundClaims = false;
            options.TokenValidationParameters = new TokenValidationParameters
            {
                ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
                ValidIssuer = TokenClaims.Issuer,
                ValidAudience = TokenClaims.Audience,
                RequireSignedTokens = true,
                LifetimeValidator = (notBefore, expires, _, _) => IsCurrent(notBefore, expires),
                IssuerSigningKeyResolver = (_, _, kid, _) => tokens.KeyOf(kid),
                NameClaimType = TokenClaims.Name,
                RoleClaimType = TokenClaims.Role,
            };
            options.Events = new JwtBearerEvents
            {
                OnTokenValidated = context =>
                {
                    if (tokens.IsRevoked(context.Principal))
                    {
                        context.Fail("The session has ended.");
                    }

                    return Task.CompletedTask;
                },
            };
        }

        /// <summary>By the server's own clock, which the library would not ask. A token without an expiry is never current.</summary>
        private bool IsCurrent(DateTime? notBefore, DateTime? expires)
        {
            var now = clock.GetUtcNow().UtcDateTime;
            return expires > now - Skew && (notBefore is null || notBefore < now + Skew);
        }
    }
}
