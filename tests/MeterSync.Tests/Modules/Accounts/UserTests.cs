using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Accounts;

public abstract class UserTests(ServerFixture server)
{
    [Fact]
    public async Task A_user_is_made_read_changed_and_closed()
    {
        var admin = await server.SignInAsync("admin");
        var made = await admin.MakeUserAsync("ann", "manager");
        Assert.Equal(("regions", 0, "active"), ((string?)made["scope"], made["region_ids"]!.AsArray().Count, (string?)made["status"]));
        var path = $"/api/v1/users/{made["id"]}";

        var changed = await admin.PatchAsync(path, new { phone = "+44 20 7946 0000", department = "Field", region = "North", scope = "all" }, headers => headers.TryAddWithoutValidation("If-Match", "\"1\""));
        Assert.Equal(("+44 20 7946 0000", "Field", "North", "all", 2), ((string?)changed.Data["phone"], (string?)changed.Data["department"], (string?)changed.Data["region"], (string?)changed.Data["scope"], (int)changed.Data["version"]!));
        (await admin.PatchAsync(path, new { phone = "1" }, headers => headers.TryAddWithoutValidation("If-Match", "\"1\""))).Refused(HttpStatusCode.PreconditionFailed, "resource.lost_update");

        var replaced = await admin.PutAsync(path, new { email = "ann@example.org", name = "Ann Other" });
        Assert.Equal(("Ann Other", null, null, "manager", "all"), ((string?)replaced.Data["name"], (string?)replaced.Data["phone"], (string?)replaced.Data["username"], (string?)replaced.Data["role"], (string?)replaced.Data["scope"]));
        Assert.Equal(1, (int)(await admin.GetAsync("/api/v1/users?search=ann%20other&role=manager&status=active")).Data["total"]!);

        var ann = await server.SignInWithAsync("ann@example.org");
        Assert.NotNull((string?)(await admin.GetAsync(path)).Data["last_login"]);
        Assert.Equal(HttpStatusCode.OK, (await admin.DeleteAsync(path)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await ann.GetAsync("/api/v1/auth/me")).Status);
        (await server.TryLoginAsync("ann@example.org")).Refused(HttpStatusCode.Unauthorized, "auth.wrong_credentials");
        (await admin.GetAsync(path)).Refused(HttpStatusCode.NotFound, "user.not_found");
        (await admin.DeleteAsync(path)).Refused(HttpStatusCode.NotFound, "user.not_found");

        // The address is free again.
        await admin.MakeUserAsync("ann");
    }

    [Fact]
    public async Task Rights_change_while_the_token_stays()
    {
        var admin = await server.SignInAsync("admin");
        var made = await admin.MakeUserAsync("bea");
        var bea = await server.SignInWithAsync("bea");
        (await bea.GetAsync("/api/v1/users")).Refused(HttpStatusCode.Forbidden, "auth.forbidden");
        Assert.Equal(HttpStatusCode.OK, (await admin.PutAsync($"/api/v1/users/{made["id"]}/roles", new { roles = new[] { "manager", "viewer" } })).Status);
        Assert.Equal(HttpStatusCode.OK, (await bea.GetAsync("/api/v1/users")).Status);
        Assert.Equal(["manager", "viewer"], (await bea.GetAsync("/api/v1/auth/me")).Data["roles"]!.AsArray().Select(role => (string?)role));
        Assert.Equal(HttpStatusCode.OK, (await admin.PatchAsync($"/api/v1/users/{made["id"]}", new { status = "suspended" })).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await bea.GetAsync("/api/v1/auth/me")).Status);
        (await server.TryLoginAsync("bea")).Refused(HttpStatusCode.Unauthorized, "auth.wrong_credentials");
    }

    [Fact]
    public async Task The_last_administrator_stays_one()
    {
        var admin = await server.SignInAsync("admin");
        var me = (await admin.GetAsync("/api/v1/auth/me")).Data["id"];
        foreach (var change in new (HttpMethod Method, string Path, object? Body)[]
        {
            (HttpMethod.Put, $"/api/v1/users/{me}/roles", new { roles = new[] { "manager" } }),
            (HttpMethod.Patch, $"/api/v1/users/{me}", new { role = "viewer" }),
            (HttpMethod.Patch, $"/api/v1/users/{me}", new { status = "inactive" }),
            (HttpMethod.Patch, $"/api/v1/users/{me}", new { status = "suspended" }),
            (HttpMethod.Delete, $"/api/v1/users/{me}", null),
        })
        {
            (await admin.SendAsync(change.Method, change.Path, change.Body)).Refused(HttpStatusCode.Conflict, "user.last_admin");
        }

        Assert.Equal("admin", (string?)(await admin.GetAsync("/api/v1/auth/me")).Data["role"]);
    }

    [Fact]
    public async Task Two_administrators_who_remove_each_other_at_once_do_not_both_succeed()
    {
        var admin = await server.SignInAsync("admin");
        var other = await admin.MakeUserAsync("cyd", "admin");
        var cyd = await server.SignInWithAsync("cyd");
        var me = (await admin.GetAsync("/api/v1/auth/me")).Data["id"];
        var answers = await Task.WhenAll(admin.PatchAsync($"/api/v1/users/{other["id"]}", new { role = "viewer" }), cyd.PatchAsync($"/api/v1/users/{me}", new { role = "viewer" }));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);

        // Whoever stayed puts things back for the other tests.
        var (left, lost) = answers[0].Status == HttpStatusCode.OK ? (admin, other["id"]) : (cyd, me);
        Assert.Equal(HttpStatusCode.OK, (await left.PatchAsync($"/api/v1/users/{lost}", new { role = "admin" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await admin.DeleteAsync($"/api/v1/users/{other["id"]}")).Status);
    }

    [Theory]
    [InlineData("""{"email":"аdmin@example.com"}""", "email")]
    [InlineData("""{"email":"no address"}""", "email")]
    [InlineData("""{"email":"two@@example.com"}""", "email")]
    [InlineData("""{"email":null}""", "email")]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"Eve\r\nBcc: all@example.com"}""", "name")]
    [InlineData("""{"name":"abc\u202Edef"}""", "name")]
    [InlineData("""{"username":"a b"}""", "username")]
    [InlineData("""{"role":"emperor"}""", "role")]
    [InlineData("""{"roles":[]}""", "roles")]
    [InlineData("""{"role":"agent","roles":["viewer"]}""", "role")]
    [InlineData("""{"scope":"universe"}""", "scope")]
    [InlineData("""{"scope":"all","region_ids":["01900000-0000-7000-8000-000000000001"]}""", "region_ids")]
    [InlineData("""{"region_ids":["01900000-0000-7000-8000-000000000001"]}""", "region_ids")]
    [InlineData("""{"status":"pending"}""", "status")]
    public async Task A_bad_change_is_refused_by_name(string body, string field)
    {
        var admin = await server.SignInAsync("admin");
        var target = (await admin.GetAsync("/api/v1/users?search=agent5")).Data["items"]![0]!;
        var refused = await admin.PatchAsync($"/api/v1/users/{target["id"]}", body);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains(field, refused.Body["error"]!["details"]!.AsObject().Select(detail => detail.Key));
        Assert.Equal(target["version"]!.ToString(), (await admin.GetAsync($"/api/v1/users/{target["id"]}")).Data["version"]!.ToString());
    }

    [Fact]
    public async Task Nobody_gives_away_more_than_he_holds()
    {
        var admin = await server.SignInAsync("admin");
        var role = await admin.PostAsync("/api/v1/roles", new { name = "desk", permissions = new[] { "users:read", "users:write", "meters:read", "readings:read" } });
        Assert.Equal(HttpStatusCode.Created, role.Status);
        await admin.MakeUserAsync("dan", "desk");
        var plain = await admin.MakeUserAsync("eli");
        var dan = await server.SignInWithAsync("dan");
        var adminId = (await admin.GetAsync("/api/v1/auth/me")).Data["id"];

        foreach (var (method, path, body) in new (HttpMethod, string, object)[]
        {
            (HttpMethod.Post, "/api/v1/users", new { email = "x@example.org", name = "X", role = "admin", password = AccountCalls.Password }),
            (HttpMethod.Put, $"/api/v1/users/{plain["id"]}/roles", new { roles = new[] { "manager" } }),
            (HttpMethod.Patch, $"/api/v1/users/{plain["id"]}", new { scope = "all" }),
            (HttpMethod.Patch, $"/api/v1/users/{adminId}", new { status = "suspended" }),
            (HttpMethod.Post, $"/api/v1/users/{adminId}/change-password", new { new_password = AccountCalls.Password }),
            (HttpMethod.Post, "/api/v1/api-keys", new { name = "mine", permissions = new[] { "meters:write" } }),
        })
        {
            (await dan.SendAsync(method, path, body)).Refused(HttpStatusCode.Forbidden, "auth.forbidden");
        }

        // A null among the permissions hides nothing behind it.
        var clever = await admin.PostAsync("/api/v1/roles", new { name = "clever", permissions = new[] { "roles:write", "roles:read" } });
        await admin.MakeUserAsync("cleo", "clever");
        var cleo = await server.SignInWithAsync("cleo");
        Assert.Equal(HttpStatusCode.BadRequest, (await cleo.PutAsync($"/api/v1/roles/{clever.Data["id"]}", """{"name":"clever","permissions":[null,"users:write"]}""")).Status);

        // Nor may he take over somebody who sees more, or leave a wider scope behind under a role that does not use it yet.
        var wide = await admin.MakeUserAsync("wide", "desk", "all");
        (await dan.PostAsync($"/api/v1/users/{wide["id"]}/change-password", new { new_password = "eight-loud-herons" })).Refused(HttpStatusCode.Forbidden, "auth.forbidden");
        (await dan.PatchAsync($"/api/v1/users/{wide["id"]}", new { email = "dans@example.org" })).Refused(HttpStatusCode.Forbidden, "auth.forbidden");
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/roles", new { name = "desk-own", permissions = new[] { "meters:read" }, sees = "own" })).Status);
        (await dan.PostAsync("/api/v1/users", new { email = "later@example.org", name = "Later", role = "desk-own", scope = "all", password = AccountCalls.Password })).Refused(HttpStatusCode.Forbidden, "auth.forbidden");
        Assert.Equal(HttpStatusCode.OK, (await dan.PutAsync($"/api/v1/users/{(await admin.MakeUserAsync("fay", "desk"))["id"]}/roles", new { roles = new[] { "desk" } })).Status);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused_however_it_is_written()
    {
        var admin = await server.SignInAsync("admin");
        await admin.MakeUserAsync("gus");
        foreach (var (email, username, code) in new[] { ("GUS@Example.ORG", "gus2", "user.email_taken"), (" gus@example.org ", "gus3", "user.email_taken"), ("gus4@example.org", "GUS", "user.username_taken") })
        {
            (await admin.PostAsync("/api/v1/users", new { email, username, name = "Gus", password = AccountCalls.Password })).Refused(HttpStatusCode.Conflict, code);
        }

        // The same name in capitals or as an international domain is one address.
        var made = await admin.PostAsync("/api/v1/users", new { email = "gus@BÜCHER.example", name = "Gus", password = AccountCalls.Password });
        Assert.Equal("gus@xn--bcher-kva.example", (string?)made.Data["email"]);
        (await admin.PostAsync("/api/v1/users", new { email = "gus@xn--bcher-kva.example", name = "Gus", password = AccountCalls.Password })).Refused(HttpStatusCode.Conflict, "user.email_taken");
    }

    [Fact]
    public async Task People_change_their_own_name_and_nothing_that_gives_rights()
    {
        var admin = await server.SignInAsync("admin");
        await admin.MakeUserAsync("hal");
        var hal = await server.SignInWithAsync("hal");
        var changed = await hal.PatchAsync("/api/v1/auth/me", new { name = "Hal New", phone = "+44 1", role = "admin", scope = "all", email = "admin@example.com" });
        Assert.Equal(("Hal New", "+44 1", "viewer", "regions", "hal@example.org"), ((string?)changed.Data["name"], (string?)changed.Data["phone"], (string?)changed.Data["role"], (string?)changed.Data["scope"], (string?)changed.Data["email"]));
    }

    [Fact]
    public async Task Without_mail_an_account_needs_a_password()
    {
        var admin = await server.SignInAsync("admin");
        (await admin.PostAsync("/api/v1/users", new { email = "ivy@example.org", name = "Ivy" })).Refused(HttpStatusCode.BadRequest, "user.no_mail");
        using var http = server.Anonymous();
        (await new ApiClient(http).PostAsync("/api/v1/auth/register", new { email = "ivy@example.org", name = "Ivy", password = AccountCalls.Password })).Refused(HttpStatusCode.Forbidden, "auth.registration_closed");
        Assert.Equal(HttpStatusCode.OK, (await new ApiClient(http).PostAsync("/api/v1/auth/forgot-password", new { email = "ivy@example.org" })).Status);
    }
}

public sealed class UserOnSqliteTests(SqliteServer server) : UserTests(server), IClassFixture<SqliteServer>;

public sealed class UserOnPostgresTests(PostgresServer server) : UserTests(server), IClassFixture<PostgresServer>;
