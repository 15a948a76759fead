using System.Net;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Host.Auth;

public abstract class SignInsAtOnceTests(ServerFixture server)
{
    [Fact]
    public async Task One_account_may_sign_in_on_many_devices_at_once()
    {
        var before = await VersionAsync();
        using var http = server.Anonymous();
        var client = new ApiClient(http);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => client.PostAsync("/api/v1/auth/login", new { username = "agent4", password = "admin123" })));
        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, null), (answer.Status, answer.Code)));
        Assert.Equal(before, await VersionAsync());
    }

    /// <summary>Signing in is no edit: an editor's ETag stays good.</summary>
    private async Task<int> VersionAsync() => (int)(await (await server.SignInAsync("agent4")).GetAsync("/api/v1/auth/me")).Data["version"]!;
}

public sealed class SignInsAtOnceOnSqliteTests(SqliteServer server) : SignInsAtOnceTests(server), IClassFixture<SqliteServer>;

public sealed class SignInsAtOnceOnPostgresTests(PostgresServer server) : SignInsAtOnceTests(server), IClassFixture<PostgresServer>;
