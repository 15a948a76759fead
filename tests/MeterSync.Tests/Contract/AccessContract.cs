using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Accounts.SignIn;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace MeterSync.Tests.Contract;

/// <summary>No operation answers anyone it should not.</summary>
public abstract class AccessContract(ServerFixture server)
{
    /// <summary>Operations that do something with no input at all, so that calling them by the way would change what other checks rely on.</summary>
    private static readonly Dictionary<string, string> ActsWithoutInput = new()
    {
        ["Logout"] = "ends the caller's own session; SignInTests calls it",
        ["VerifyAuditLog"] = "queues a job; VerifyAuditLogTests calls it",
        ["LogoutAll"] = "ends all of the caller's sessions; SessionTests calls it",
    };

    [Theory]
    [InlineData("no token")]
    [InlineData("an empty token")]
    [InlineData("no JWT")]
    [InlineData("an expired token")]
    [InlineData("a token not valid yet")]
    [InlineData("a token without an expiry")]
    [InlineData("a tampered body")]
    [InlineData("a tampered signature")]
    [InlineData("no signature")]
    [InlineData("algorithm none")]
    [InlineData("another key under a known kid")]
    [InlineData("an unknown kid")]
    [InlineData("no kid")]
    [InlineData("another audience")]
    [InlineData("another issuer")]
    [InlineData("another algorithm")]
    [InlineData("no session")]
    [InlineData("the refresh secret's kid")]
    public async Task Answers_401_to(string bad)
    {
        var desk = await Desk.OfAsync(server);
        var token = await ForgeAsync(desk, bad);
        await desk.CheckAsync(desk.Operations.Where(operation => operation.SignedIn), Check);

        async IAsyncEnumerable<string?> Check(Operation operation)
        {
            using var answer = await desk.SendAsync(operation.Method, operation.UnknownPath, token, operation.Body is null ? null : Desk.Raw("{}"));
            yield return await Refusals.FaultOfAsync(answer, HttpStatusCode.Unauthorized) ?? (answer.Headers.WwwAuthenticate.Any(scheme => scheme.Scheme == "Bearer") ? null : "no WWW-Authenticate");
        }
    }

    [Fact]
    public async Task A_forged_token_is_built_like_a_real_one()
    {
        var desk = await Desk.OfAsync(server);
        using var answer = await desk.SendAsync(HttpMethod.Get, "/api/v1/auth/me", await ForgeAsync(desk, "nothing wrong"), null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("a token of a clock that is a minute ahead")]
    [InlineData("a token of a clock that is a minute behind")]
    public async Task Clocks_may_be_two_minutes_apart(string odd)
    {
        var desk = await Desk.OfAsync(server);
        using var answer = await desk.SendAsync(HttpMethod.Get, "/api/v1/auth/me", await ForgeAsync(desk, odd), null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("admin", BuiltInRole.Admin)]
    [InlineData("manager", BuiltInRole.Manager)]
    [InlineData("agent1", BuiltInRole.Agent)]
    [InlineData("viewer", BuiltInRole.Viewer)]
    public async Task Answers_403_exactly_where_the_role_lacks_the_permission(string username, string role)
    {
        var desk = await Desk.OfAsync(server);
        var token = await desk.TokenOfAsync(username);
        var held = server.Services.GetRequiredService<PermissionCatalog>().Of(role);
        await desk.CheckAsync(desk.Operations.Where(operation => operation.SignedIn && !ActsWithoutInput.ContainsKey(operation.Id)), Check);

        async IAsyncEnumerable<string?> Check(Operation operation)
        {
            using var answer = await desk.SendAsync(operation.Method, operation.UnknownPath, token, operation.Body is null ? null : Desk.Raw("{}"));
            yield return operation.Permission is null || held.Contains(operation.Permission)
                ? answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden || (int)answer.StatusCode >= 500 ? $"{role} holds {operation.Permission}, got {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}" : null
                : await Refusals.FaultOfAsync(answer, HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task Only_these_operations_need_no_sign_in()
    {
        var desk = await Desk.OfAsync(server);
        Assert.Equal(["ForgotPassword", "GetHealth", "GetLiveness", "GetPhotoContent", "GetReadiness", "GetStatus", "Login", "PutPhotoContent", "RefreshSession", "RegisterUser", "ResetPassword", "VerifyEmail"], desk.Operations.Where(operation => !operation.SignedIn).Select(operation => operation.Id).Order(StringComparer.Ordinal));
    }

    private async Task<string?> ForgeAsync(Desk desk, string bad)
    {
        var real = await desk.TokenOfAsync("admin");
        var parts = real.Split('.');
        var key = server.Services.GetRequiredService<KeyRing>().Newest;
        var otherKey = new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)) { KeyId = key.KeyId };
        return bad switch
        {
            "no token" => null,
            "an empty token" => "",
            "no JWT" => "let-me-in",
            "a tampered body" => $"{parts[0]}.{Tampered(parts[1])}.{parts[2]}",
            "a tampered signature" => $"{parts[0]}.{parts[1]}.{(parts[2][0] == 'A' ? 'B' : 'A')}{parts[2][1..]}",
            "no signature" => $"{parts[0]}.{parts[1]}.",
            "algorithm none" => $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.",
            "another key under a known kid" => Sign(real, otherKey),
            "an unknown kid" => Sign(real, new SymmetricSecurityKey(key.Key) { KeyId = "k-nobody-has" }),
            "no kid" => Sign(real, new SymmetricSecurityKey(key.Key)),
            "the refresh secret's kid" => Sign(real, new SymmetricSecurityKey(key.Key) { KeyId = "refresh" }),
            // HMAC fills a short key up with zeros: this is the same key, long enough for the library to sign with.
            "another algorithm" => Sign(real, new SymmetricSecurityKey([.. key.Key, .. new byte[64 - key.Key.Length]]) { KeyId = key.KeyId }, SecurityAlgorithms.HmacSha512),
            "an expired token" => Sign(real, key, from: -60, to: -10),
            "a token not valid yet" => Sign(real, key, from: 10, to: 60),
            "a token of a clock that is a minute ahead" => Sign(real, key, from: 1, to: 16),
            "a token of a clock that is a minute behind" => Sign(real, key, from: -16, to: -1),
            "a token without an expiry" => Sign(real, key, expires: false),
            "another audience" => Sign(real, key, audience: "another-api"),
            "another issuer" => Sign(real, key, issuer: "another"),
            "no session" => Sign(real, key, without: TokenClaims.Session),
            "nothing wrong" => Sign(real, key),
            _ => throw new ArgumentOutOfRangeException(nameof(bad), bad, null),
        };
    }

    private static string Sign(string real, SecurityKey key, string algorithm = SecurityAlgorithms.HmacSha256, int from = -1, int to = 10, bool expires = true, string audience = TokenClaims.Audience, string issuer = TokenClaims.Issuer, string? without = null)
    {
        var claims = new JsonWebToken(real).Claims.Where(claim => claim.Type is TokenClaims.Subject or TokenClaims.Name or TokenClaims.Role or TokenClaims.Session && claim.Type != without);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            NotBefore = now.AddMinutes(from),
            Expires = expires ? now.AddMinutes(to) : null,
            Subject = new ClaimsIdentity(claims),
            SigningCredentials = new SigningCredentials(key, algorithm),
        });
    }

    private static string Tampered(string body) => Encode(Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(body)).Replace("\"admin\"", "\"manager\"", StringComparison.Ordinal));

    private static string Encode(string json) => Base64UrlEncoder.Encode(json);
}

[Collection(ContractOnSqlite.Name)]
public sealed class AccessContractOnSqliteTests(ListeningOnSqlite server) : AccessContract(server);

[Collection(ContractOnPostgres.Name)]
public sealed class AccessContractOnPostgresTests(ListeningOnPostgres server) : AccessContract(server);
