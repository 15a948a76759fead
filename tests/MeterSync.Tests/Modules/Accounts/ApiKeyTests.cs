using System.Net;
using MeterSync.Modules.Accounts.Rights;
using MeterSync.Tests.Host.Web;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Accounts;

public abstract class ApiKeyTests(ServerFixture server, TestClock clock)
{
    [Fact]
    public async Task A_key_lets_a_program_do_what_it_names_and_no_more()
    {
        var admin = await server.SignInAsync("admin");
        var (id, key) = await MakeAsync(admin, "meters:read");
        Assert.StartsWith("msk_", key, StringComparison.Ordinal);
        foreach (var program in new[] { server.WithKey(key), server.WithKey(key, asBearer: true) })
        {
            Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/v1/meters")).Status);
            (await program.GetAsync("/api/v1/users")).Refused(HttpStatusCode.Forbidden, "auth.forbidden");
            Assert.Equal(["meters:read"], (await program.GetAsync("/api/v1/auth/me")).Data["permissions"]!.AsArray().Select(name => (string?)name));
        }

        await server.Services.GetRequiredService<AccessDirectory>().KeepUseAsync(TestContext.Current.CancellationToken);
        var listed = (await admin.GetAsync("/api/v1/api-keys")).Data["items"]!.AsArray().Single(item => (string?)item!["id"] == id)!;
        Assert.NotNull((string?)listed["last_used_at"]);
        Assert.DoesNotContain(key, listed.ToJsonString(), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, (await admin.DeleteAsync($"/api/v1/api-keys/{id}")).Status);
        (await server.WithKey(key).GetAsync("/api/v1/meters")).Refused(HttpStatusCode.Unauthorized, "auth.required");
        (await admin.DeleteAsync($"/api/v1/api-keys/{id}")).Refused(HttpStatusCode.NotFound, "resource.not_found");
    }

    [Fact]
    public async Task A_key_makes_no_key_and_changes_no_sign_in()
    {
        var admin = await server.SignInAsync("admin");
        var permissions = (await admin.GetAsync("/api/v1/permissions")).Data["items"]!.AsArray().Select(permission => (string)permission!["name"]!).ToArray();
        var (_, key) = await MakeAsync(admin, permissions);
        var program = server.WithKey(key);
        foreach (var (method, path, body) in new (HttpMethod, string, object?)[]
        {
            (HttpMethod.Post, "/api/v1/api-keys", new { name = "another", permissions = new[] { "meters:read" } }),
            (HttpMethod.Get, "/api/v1/api-keys", null),
            (HttpMethod.Get, "/api/v1/auth/sessions", null),
            (HttpMethod.Post, "/api/v1/auth/logout-all", null),
            (HttpMethod.Post, "/api/v1/auth/change-password", new { current_password = "admin123", new_password = AccountCalls.Password }),
            (HttpMethod.Patch, "/api/v1/auth/me", new { name = "Robot" }),
            (HttpMethod.Post, "/api/v1/users", new { email = "robot@example.org", name = "Robot", password = AccountCalls.Password }),
            (HttpMethod.Patch, $"/api/v1/users/{(await admin.GetAsync("/api/v1/auth/me")).Data["id"]}", new { email = "robot@example.org" }),
            (HttpMethod.Post, "/api/v1/roles", new { name = "robots", permissions = Array.Empty<string>() }),
        })
        {
            (await program.SendAsync(method, path, body)).Refused(HttpStatusCode.Forbidden, "auth.forbidden");
        }
    }

    [Fact]
    public async Task A_key_ends_with_its_time_its_owner_and_its_owners_rights()
    {
        var admin = await server.SignInAsync("admin");
        var kim = await admin.MakeUserAsync("kim", "manager", "all");
        var owner = await server.SignInWithAsync("kim");
        var (_, key) = await MakeAsync(owner, "meters:read", "meters:write");
        var program = server.WithKey(key);
        Assert.Equal(HttpStatusCode.Created, (await program.PostAsync("/api/v1/meters", new { serial_number = "K-1", type = "water" })).Status);
        await admin.PatchAsync($"/api/v1/users/{kim["id"]}", new { role = "viewer" });
        (await program.PostAsync("/api/v1/meters", new { serial_number = "K-2", type = "water" })).Refused(HttpStatusCode.Forbidden, "auth.forbidden");
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/v1/meters")).Status);
        await admin.DeleteAsync($"/api/v1/users/{kim["id"]}");
        (await program.GetAsync("/api/v1/meters")).Refused(HttpStatusCode.Unauthorized, "auth.required");

        var (_, brief) = await MakeAsync(admin, "meters:read");
        Assert.Equal(HttpStatusCode.OK, (await server.WithKey(brief).GetAsync("/api/v1/meters")).Status);
        clock.Advance(TimeSpan.FromDays(366));
        (await server.WithKey(brief).GetAsync("/api/v1/meters")).Refused(HttpStatusCode.Unauthorized, "auth.required");
    }

    [Fact]
    public async Task Keys_are_their_owners_and_an_administrators_to_revoke()
    {
        var admin = await server.SignInAsync("admin");
        var lea = await admin.MakeUserAsync("lea");
        var owner = await server.SignInWithAsync("lea");
        var (id, _) = await MakeAsync(owner, "meters:read");
        var stranger = await server.SignInAsync("viewer");
        (await stranger.DeleteAsync($"/api/v1/api-keys/{id}")).Refused(HttpStatusCode.NotFound, "resource.not_found");
        (await stranger.GetAsync($"/api/v1/api-keys?user_id={lea["id"]}")).Refused(HttpStatusCode.Forbidden, "auth.forbidden");
        Assert.Equal(1, (int)(await admin.GetAsync($"/api/v1/api-keys?user_id={lea["id"]}")).Data["total"]!);
        Assert.Equal(HttpStatusCode.OK, (await admin.DeleteAsync($"/api/v1/api-keys/{id}")).Status);
    }

    [Fact]
    public async Task A_key_is_shown_once_even_to_a_request_that_is_repeated()
    {
        var admin = await server.SignInAsync("admin");
        Task<ApiAnswer> Send() => admin.PostAsync("/api/v1/api-keys", new { name = "Once", permissions = new[] { "meters:read" } }, headers => headers.Add("Idempotency-Key", "the-same"));
        Assert.Equal(HttpStatusCode.Created, (await Send()).Status);
        (await Send()).Refused(HttpStatusCode.Conflict, "idempotency.pending");
        Assert.Single((await admin.GetAsync("/api/v1/api-keys?limit=100")).Data["items"]!.AsArray(), key => (string?)key!["name"] == "Once");
    }

    [Theory]
    [InlineData("msk_")]
    [InlineData("msk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("msk_!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("Bearer something")]
    public async Task Nothing_like_a_key_passes(string key) =>
        (await server.WithKey(key).GetAsync("/api/v1/meters")).Refused(HttpStatusCode.Unauthorized, "auth.required");

    [Theory]
    [InlineData("""{"name":"x","permissions":[]}""")]
    [InlineData("""{"name":"x","permissions":["no:such"]}""")]
    [InlineData("""{"name":"","permissions":["meters:read"]}""")]
    [InlineData("""{"name":"x","permissions":["meters:read"],"expires_at":"2001-01-01T00:00:00Z"}""")]
    [InlineData("""{"name":"x","permissions":["meters:read"],"expires_at":"2190-01-01T00:00:00Z"}""")]
    public async Task A_bad_key_is_refused(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await (await server.SignInAsync("admin")).PostAsync("/api/v1/api-keys", body)).Status);

    private static async Task<(string Id, string Key)> MakeAsync(ApiClient owner, params string[] permissions)
    {
        var made = await owner.PostAsync("/api/v1/api-keys", new { name = "Robot", permissions });
        Assert.True(made.Status == HttpStatusCode.Created, made.Body.ToJsonString());
        return ((string)made.Data["api_key"]!["id"]!, (string)made.Data["key"]!);
    }
}

public sealed class ApiKeyOnSqliteTests(ClockedSqlite server) : ApiKeyTests(server, server.Clock), IClassFixture<ClockedSqlite>;

public sealed class ApiKeyOnPostgresTests(ClockedPostgres server) : ApiKeyTests(server, server.Clock), IClassFixture<ClockedPostgres>;
