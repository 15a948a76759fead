using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Accounts;

public abstract class SessionTests(ServerFixture server)
{
    [Fact]
    public async Task One_sees_and_ends_the_own_sessions_and_no_others()
    {
        var admin = await server.SignInAsync("admin");
        await admin.MakeUserAsync("mia");
        var (phone, laptop) = (await server.SignInWithAsync("mia"), await server.SignInWithAsync("mia"));
        var sessions = (await laptop.GetAsync("/api/v1/auth/sessions")).Data["items"]!.AsArray();
        Assert.Equal((2, 1), (sessions.Count, sessions.Count(session => (bool)session!["is_current"]!)));
        var other = sessions.Single(session => !(bool)session!["is_current"]!)!["id"];
        (await admin.DeleteAsync($"/api/v1/auth/sessions/{other}")).Refused(HttpStatusCode.NotFound, "resource.not_found");
        Assert.Equal(HttpStatusCode.OK, (await laptop.DeleteAsync($"/api/v1/auth/sessions/{other}")).Status);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), ((await phone.GetAsync("/api/v1/auth/me")).Status, (await laptop.GetAsync("/api/v1/auth/me")).Status));
        (await laptop.DeleteAsync($"/api/v1/auth/sessions/{other}")).Refused(HttpStatusCode.NotFound, "resource.not_found");
    }

    [Fact]
    public async Task Logging_out_everywhere_ends_every_session()
    {
        var admin = await server.SignInAsync("admin");
        await admin.MakeUserAsync("ned");
        var clients = new[] { await server.SignInWithAsync("ned"), await server.SignInWithAsync("ned"), await server.SignInWithAsync("ned") };
        Assert.Equal(3, (int)(await clients[0].PostAsync("/api/v1/auth/logout-all")).Data["ended"]!);
        foreach (var client in clients)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/auth/me")).Status);
        }
    }

    [Fact]
    public async Task Changing_the_password_ends_the_other_sessions()
    {
        var admin = await server.SignInAsync("admin");
        await admin.MakeUserAsync("oda");
        var (here, there) = (await server.SignInWithAsync("oda"), await server.SignInWithAsync("oda"));
        (await here.PostAsync("/api/v1/auth/change-password", new { current_password = "wrong-password", new_password = "eight-loud-herons" })).Refused(HttpStatusCode.BadRequest, "user.wrong_current_password");
        (await here.PostAsync("/api/v1/auth/change-password", new { current_password = AccountCalls.Password, new_password = "password1" })).Refused(HttpStatusCode.BadRequest, "user.weak_password");
        Assert.Equal(HttpStatusCode.OK, (await here.PostAsync("/api/v1/auth/change-password", new { current_password = AccountCalls.Password, new_password = "eight-loud-herons" })).Status);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), ((await here.GetAsync("/api/v1/auth/me")).Status, (await there.GetAsync("/api/v1/auth/me")).Status));
        (await server.TryLoginAsync("oda")).Refused(HttpStatusCode.Unauthorized, "auth.wrong_credentials");
        Assert.Equal(HttpStatusCode.OK, (await server.TryLoginAsync("oda", "eight-loud-herons")).Status);
    }

    [Fact]
    public async Task A_stolen_refresh_token_ends_the_session_and_its_owner_hears_of_it()
    {
        var admin = await server.SignInAsync("admin");
        await admin.MakeUserAsync("pam");
        var first = (string?)(await server.TryLoginAsync("pam")).Data["refresh_token"];
        using var http = server.Anonymous();
        var client = new ApiClient(http);
        var second = await client.PostAsync("/api/v1/auth/refresh", new { refresh_token = first });
        var third = await client.PostAsync("/api/v1/auth/refresh", new { refresh_token = (string?)second.Data["refresh_token"] });
        (await client.PostAsync("/api/v1/auth/refresh", new { refresh_token = first })).Refused(HttpStatusCode.Unauthorized, "auth.refresh_reused");
        http.DefaultRequestHeaders.Add("Authorization", $"Bearer {(string?)third.Data["access_token"]}");
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/auth/me")).Status);
        Assert.Contains("may have been stolen", (string?)(await server.TryLoginAsync("pam")).Body["message"], StringComparison.Ordinal);
        Assert.Null((string?)(await server.TryLoginAsync("pam")).Body["message"]);
    }

    [Fact]
    public async Task A_refresh_token_that_is_sent_twice_at_once_gets_one_successor()
    {
        var admin = await server.SignInAsync("admin");
        await admin.MakeUserAsync("rik");
        var token = (string?)(await server.TryLoginAsync("rik")).Data["refresh_token"];
        using var http = server.Anonymous();
        var client = new ApiClient(http);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => client.PostAsync("/api/v1/auth/refresh", new { refresh_token = token })));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Single(answers.Select(answer => (string?)answer.Data["refresh_token"]).Distinct());
    }

    [Fact]
    public async Task A_web_application_keeps_its_refresh_token_where_scripts_cannot_read_it()
    {
        using var http = server.Anonymous();
        var (login, cookie) = await SendAsync(http, "/api/v1/auth/login", new JsonObject { ["username"] = "agent1", ["password"] = "admin123", ["cookie"] = true, ["remember_me"] = true }, null);
        Assert.Null(login["refresh_token"]);
        Assert.Null(login["data"]!["refresh_token"]);
        Assert.NotNull(cookie);
        Assert.Matches("(?i)^metersync_refresh=[^;]+; expires=[^;]+; path=/api/v1/auth; samesite=strict; httponly$", cookie);

        var value = cookie.Split(';')[0];
        Assert.Equal("auth.foreign_cookie", (string?)(await SendAsync(http, "/api/v1/auth/refresh", [], value)).Body["error"]!["code"]);
        Assert.Equal("auth.foreign_cookie", (string?)(await SendAsync(http, "/api/v1/auth/refresh", [], value, ("X-Requested-With", "app"), ("Origin", "https://evil.example"))).Body["error"]!["code"]);
        Assert.Equal("auth.foreign_cookie", (string?)(await SendAsync(http, "/api/v1/auth/refresh", [], value, ("X-Requested-With", "app"), ("Sec-Fetch-Site", "cross-site"))).Body["error"]!["code"]);
        Assert.Equal("auth.foreign_cookie", (string?)(await SendAsync(http, "/api/v1/auth/refresh", [], value, ("X-Requested-With", "app"), ("Sec-Fetch-Site", "same-site"))).Body["error"]!["code"]);

        var (renewed, next) = await SendAsync(http, "/api/v1/auth/refresh", [], value, ("X-Requested-With", "app"), ("Origin", "http://localhost"), ("Sec-Fetch-Site", "same-origin"));
        Assert.NotNull((string?)renewed["access_token"]);
        Assert.Null(renewed["refresh_token"]);
        Assert.NotEqual(value, next!.Split(';')[0]);
        Assert.Equal("request.invalid", (string?)(await SendAsync(http, "/api/v1/auth/refresh", [], null, ("X-Requested-With", "app"))).Body["error"]!["code"]);

        var (_, cleared) = await SendAsync(http, "/api/v1/auth/logout", [], next.Split(';')[0], ("Authorization", $"Bearer {(string?)renewed["access_token"]}"));
        Assert.StartsWith("metersync_refresh=;", cleared, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_seeds_paths_without_a_prefix_are_the_same_routes()
    {
        using var http = server.Anonymous();
        var client = new ApiClient(http);
        var login = await client.PostAsync("/auth/login", new { username = "admin", password = "admin123" });
        http.DefaultRequestHeaders.Add("Authorization", $"Bearer {(string?)login.Data["access_token"]}");
        foreach (var path in new[] { "/auth/me", "/users", "/roles", "/permissions", "/users/" })
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(path)).Status);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/authority")).Status);
    }

    private static async Task<(JsonNode Body, string? Cookie)> SendAsync(HttpClient http, string path, JsonObject body, string? cookie, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json") };
        foreach (var (name, value) in cookie is null ? headers : [.. headers, ("Cookie", cookie)])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await http.SendAsync(request);
        return (JsonNode.Parse(await answer.Content.ReadAsStringAsync())!, answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.Single() : null);
    }
}

public sealed class SessionOnSqliteTests(SqliteServer server) : SessionTests(server), IClassFixture<SqliteServer>;

public sealed class SessionOnPostgresTests(PostgresServer server) : SessionTests(server), IClassFixture<PostgresServer>;
