using System.Net;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.SignIn;
using MeterSync.Store;
using MeterSync.Tests.Host.Web;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Host.Auth;

/// <summary>A token that was good a moment ago is asked no less of.</summary>
public abstract class BearerTokensTests(ServerFixture server, TestClock clock)
{
    [Fact]
    public async Task A_known_token_expires()
    {
        var client = await server.SignInAsync("agent1");
        Assert.Equal(HttpStatusCode.OK, await MeAsync(client));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(client));
        clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(client));
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(client));
    }

    [Fact]
    public async Task A_known_token_ends_with_its_session_wherever_that_was_ended()
    {
        var client = await server.SignInAsync("agent2");
        Assert.Equal(HttpStatusCode.OK, await MeAsync(client));
        await using (var scope = server.Services.CreateAsyncScope())
        {
            var now = clock.GetUtcNow();
            await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<Session>().Where(session => session.RevokedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(session => session.RevokedAt, now), TestContext.Current.CancellationToken);
        }

        await server.Services.GetRequiredService<KeyRing>().LoadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(client));
    }

    [Fact]
    public async Task Nothing_like_a_known_token_passes()
    {
        var client = await server.SignInAsync("agent3");
        Assert.Equal(HttpStatusCode.OK, await MeAsync(client));
        var token = client.Http.DefaultRequestHeaders.Authorization!.Parameter!;
        foreach (var header in new[] { $"Bearer {token[..^1]}", $"Bearer {token}.", $"Bearer {token} {token}", $"Basic {token}", token, $"Bearer {token.ToUpperInvariant()}", $"Bearer {new string('a', 5_000)}" })
        {
            client.Http.DefaultRequestHeaders.Remove("Authorization");
            client.Http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);
            Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(client));
        }
    }

    private static async Task<HttpStatusCode> MeAsync(ApiClient client) => (await client.GetAsync("/api/v1/auth/me")).Status;
}

public sealed class BearerTokensOnSqliteTests(ClockedSqlite server) : BearerTokensTests(server, server.Clock), IClassFixture<ClockedSqlite>;

public sealed class BearerTokensOnPostgresTests(ClockedPostgres server) : BearerTokensTests(server, server.Clock), IClassFixture<ClockedPostgres>;
