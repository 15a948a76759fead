using System.Net;
using MeterSync.Tests.Host.Limits;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Accounts;

/// <summary>Guesses at passwords, through the door that people use.</summary>
public abstract class SignInLimitsTests(ServerFixture server, StillClock clock)
{
    private const int Guesses = 10_000;

    [Fact]
    public async Task Of_10000_wrong_passwords_five_are_looked_at_and_the_right_one_works_after_the_window()
    {
        using var http = server.Anonymous();
        var client = new ApiClient(http);
        var (wrong, refused) = (0, 0);
        foreach (var batch in Enumerable.Range(0, Guesses).Chunk(100))
        {
            foreach (var answer in await Task.WhenAll(batch.Select(number => LoginAsync(client, "agent1", $"guess-{number}"))))
            {
                (wrong, refused) = answer.Status switch
                {
                    HttpStatusCode.Unauthorized => (wrong + 1, refused),
                    HttpStatusCode.TooManyRequests when answer.Code == "request.too_many" && answer.RetryAfter <= TimeSpan.FromMinutes(5) => (wrong, refused + 1),
                    _ => throw new InvalidOperationException(answer.Body.ToJsonString()),
                };
            }
        }

        Assert.Equal((5, Guesses - 5), (wrong, refused));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await LoginAsync(client, "AGENT1 ", "admin123")).Status);
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.OK, (await LoginAsync(client, "agent1", "admin123")).Status);
    }

    [Fact]
    public async Task Twelve_right_passwords_for_one_account_at_once_all_come_through()
    {
        using var http = server.Anonymous();
        var client = new ApiClient(http);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => LoginAsync(client, "agent2", "admin123")));
        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, null), (answer.Status, answer.Code)));
    }

    [Fact]
    public async Task The_right_password_among_many_wrong_ones_uses_nothing_up()
    {
        using var http = server.Anonymous();
        var client = new ApiClient(http);
        for (var round = 0; round < 4; round++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await LoginAsync(client, "agent3", "wrong")).Status);
            Assert.Equal(HttpStatusCode.OK, (await LoginAsync(client, "agent3", "admin123")).Status);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await LoginAsync(client, "agent3", "wrong")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await LoginAsync(client, "agent3", "admin123")).Status);
    }

    [Fact]
    public async Task A_name_nobody_has_is_locked_like_any_other()
    {
        using var http = server.Anonymous();
        var client = new ApiClient(http);
        var known = await MessagesAsync("manager");
        Assert.Equal(known, await MessagesAsync("nobody-at-all"));
        Assert.Equal(["The name or the password is wrong.", "Too many wrong passwords for this name."], known.Distinct());

        async Task<List<string>> MessagesAsync(string name)
        {
            var messages = new List<string>();
            for (var guess = 0; guess < 8; guess++)
            {
                messages.Add((await LoginAsync(client, name, "wrong")).Message!.Split(" Try again")[0]);
            }

            return messages;
        }
    }

    [Fact]
    public async Task Colleagues_behind_the_address_of_a_guesser_go_on_until_it_has_guessed_50_times()
    {
        using var depot = LimitedSettings.From(server);
        var client = new ApiClient(depot);
        for (var guess = 0; guess < 49; guess++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await LoginAsync(client, $"name-{guess / 5}", "wrong")).Status);
        }

        Assert.Equal(HttpStatusCode.OK, (await LoginAsync(client, "agent4", "admin123")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await LoginAsync(client, "name-99", "wrong")).Status);
        var refused = await LoginAsync(client, "agent4", "admin123");
        Assert.Equal((HttpStatusCode.TooManyRequests, true), (refused.Status, refused.Message!.StartsWith("Too many wrong passwords from this address.", StringComparison.Ordinal)));
        using var elsewhere = LimitedSettings.From(server);
        Assert.Equal(HttpStatusCode.OK, (await LoginAsync(new ApiClient(elsewhere), "agent4", "admin123")).Status);
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.OK, (await LoginAsync(client, "agent4", "admin123")).Status);
    }

    [Fact]
    public async Task One_address_that_tries_200_names_at_once_has_50_of_them_looked_at()
    {
        using var sprayer = LimitedSettings.From(server);
        var client = new ApiClient(sprayer);
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => LoginAsync(client, $"sprayed-{number}", "Summer2026")));
        Assert.Equal(50, answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized));
        Assert.Equal(150, answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests));
    }

    private static Task<ApiAnswer> LoginAsync(ApiClient client, string username, string password) => client.PostAsync("/api/v1/auth/login", new { username, password });
}

public sealed class GuessedSqlite : LimitedSqlite
{
    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["RateLimits:AnonymousPerMinute"] = "0", ["Accounts:HashQueue"] = "1000" };
}

public sealed class GuessedPostgres : LimitedPostgres
{
    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["RateLimits:AnonymousPerMinute"] = "0", ["Accounts:HashQueue"] = "1000" };
}

public sealed class SignInLimitsOnSqliteTests(GuessedSqlite server) : SignInLimitsTests(server, server.Clock), IClassFixture<GuessedSqlite>;

public sealed class SignInLimitsOnPostgresTests(GuessedPostgres server) : SignInLimitsTests(server, server.Clock), IClassFixture<GuessedPostgres>;
