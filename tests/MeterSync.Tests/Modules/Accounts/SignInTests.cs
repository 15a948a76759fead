using System.Net;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Accounts;

public abstract class SignInTests(ServerFixture server)
{
    [Fact]
    public async Task Signs_in_by_user_name_and_by_address()
    {
        using var http = server.Anonymous();
        var client = new ApiClient(http);
        foreach (var body in new object[] { new { email = "Admin@Example.com", password = "admin123" }, new { username = "admin", password = "admin123" } })
        {
            var answer = await client.PostAsync("/api/v1/auth/login", body);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Equal("bearer", (string?)answer.Body["token_type"]);
            Assert.Equal((string?)answer.Body["access_token"], (string?)answer.Data["access_token"]);
            Assert.Equal("admin", (string?)answer.Data["user"]!["role"]);
        }
    }

    [Theory]
    [InlineData("admin", "wrong-password")]
    [InlineData("nobody", "admin123")]
    public async Task Refuses_a_wrong_password_and_an_unknown_name_alike(string username, string password)
    {
        using var http = server.Anonymous();
        var answer = await new ApiClient(http).PostAsync("/api/v1/auth/login", new { username, password });
        Assert.Equal((HttpStatusCode.Unauthorized, "auth.wrong_credentials", "The name or the password is wrong."), (answer.Status, answer.Code, answer.Message));
    }

    [Fact]
    public async Task A_lost_refresh_answer_is_given_again_until_its_successor_is_used()
    {
        using var http = server.Anonymous();
        var client = new ApiClient(http);
        var first = (string?)(await client.PostAsync("/api/v1/auth/login", new { username = "agent2", password = "admin123" })).Data["refresh_token"];
        var second = (string?)(await RefreshAsync(client, first)).Data["refresh_token"];
        var again = await RefreshAsync(client, first);
        Assert.Equal(second, (string?)again.Data["refresh_token"]);

        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(client, second)).Status);
        var reused = await RefreshAsync(client, first);
        Assert.Equal((HttpStatusCode.Unauthorized, "auth.refresh_reused"), (reused.Status, reused.Code));
        var familyGone = await RefreshAsync(client, second);
        Assert.Equal(HttpStatusCode.Unauthorized, familyGone.Status);
    }

    [Fact]
    public async Task Logging_out_ends_the_access_token_at_once()
    {
        var client = await server.SignInAsync("agent3");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/auth/me")).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/api/v1/auth/logout")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/auth/me")).Status);
    }

    private static Task<ApiAnswer> RefreshAsync(ApiClient client, string? token) => client.PostAsync("/api/v1/auth/refresh", new { refresh_token = token });
}

public sealed class SignInOnSqliteTests(SqliteServer server) : SignInTests(server), IClassFixture<SqliteServer>;

public sealed class SignInOnPostgresTests(PostgresServer server) : SignInTests(server), IClassFixture<PostgresServer>;
