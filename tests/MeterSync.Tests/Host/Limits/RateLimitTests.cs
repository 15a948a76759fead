using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using MeterSync.Kernel.Web;
using MeterSync.Tests.Contract;
using MeterSync.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Host.Limits;

public sealed class RateLimitTests(LimitedSqlite server) : IClassFixture<LimitedSqlite>
{
    [Fact]
    public async Task An_address_without_a_sign_in_has_100_requests_a_minute_and_learns_how_it_stands()
    {
        using var http = LimitedSettings.From(server);
        var reset = (server.Clock.GetUtcNow() + TimeSpan.FromMinutes(1)).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        for (var sent = 1; sent <= 100; sent++)
        {
            using var answer = await http.GetAsync("/api/v1/no-such-thing");
            Assert.NotEqual(HttpStatusCode.TooManyRequests, answer.StatusCode);
            Assert.Equal(("100", (100 - sent).ToString(CultureInfo.InvariantCulture), reset), (Of(answer, "X-RateLimit-Limit"), Of(answer, "X-RateLimit-Remaining"), Of(answer, "X-RateLimit-Reset")));
        }

        using var refused = await http.GetAsync("/api/v1/no-such-thing");
        Assert.Null(await Refusals.FaultOfAsync(refused, HttpStatusCode.TooManyRequests));
        Assert.Equal(TimeSpan.FromMinutes(1), refused.Headers.RetryAfter!.Delta);
        Assert.Equal(("100", "0"), (Of(refused, "X-RateLimit-Limit"), Of(refused, "X-RateLimit-Remaining")));

        using var other = LimitedSettings.From(server);
        using var elsewhere = await other.GetAsync("/api/v1/no-such-thing");
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        using var later = await http.GetAsync("/api/v1/no-such-thing");
        Assert.Equal(HttpStatusCode.NotFound, later.StatusCode);
    }

    [Fact]
    public async Task A_user_has_600_requests_a_minute_from_wherever_and_takes_none_from_others()
    {
        using var one = LimitedSettings.From(server);
        using var two = LimitedSettings.From(server);
        var agent = await ApiClient.SignInAsync(one, "agent1", "admin123");
        two.DefaultRequestHeaders.Authorization = one.DefaultRequestHeaders.Authorization;
        for (var sent = 0; sent < 300; sent++)
        {
            Assert.Equal(HttpStatusCode.OK, (await agent.GetAsync("/api/v1/auth/me")).Status);
            Assert.Equal(HttpStatusCode.OK, (await new ApiClient(two).GetAsync("/api/v1/auth/me")).Status);
        }

        var refused = await agent.GetAsync("/api/v1/auth/me");
        Assert.Equal((HttpStatusCode.TooManyRequests, "request.too_many"), (refused.Status, refused.Code));
        Assert.NotNull(refused.RetryAfter);

        using var colleague = LimitedSettings.From(server, one.DefaultRequestHeaders.GetValues("X-Forwarded-For").Single());
        var manager = await ApiClient.SignInAsync(colleague, "manager", "admin123");
        Assert.Equal(HttpStatusCode.OK, (await manager.GetAsync("/api/v1/auth/me")).Status);
    }

    [Fact]
    public async Task A_refused_request_tells_how_its_caller_stands_too()
    {
        using var http = LimitedSettings.From(server);
        var viewer = await ApiClient.SignInAsync(http, "viewer", "admin123");
        using var broken = await http.PostAsync("/api/v1/export/csv", Desk.Raw("{"));
        Assert.Equal((HttpStatusCode.BadRequest, "3", "3"), (broken.StatusCode, Of(broken, "X-RateLimit-Limit"), Of(broken, "X-RateLimit-Remaining")));
        using var forbidden = await http.GetAsync("/api/v1/users");
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        using var missing = await http.GetAsync($"/api/v1/meters/{Guid.CreateVersion7()}");
        Assert.Equal((HttpStatusCode.NotFound, "600"), (missing.StatusCode, Of(missing, "X-RateLimit-Limit")));
        Assert.NotNull(viewer);
    }

    [Fact]
    public async Task Bad_tokens_use_up_their_address_and_not_the_colleagues_behind_it()
    {
        var address = LimitedSettings.Fresh();
        using var office = LimitedSettings.From(server, address);
        var colleague = await ApiClient.SignInAsync(office, "agent2", "admin123");
        using var looping = LimitedSettings.From(server, address);
        looping.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "old");
        var seen = new List<HttpStatusCode>();
        for (var sent = 0; sent < 150; sent++)
        {
            using var answer = await looping.GetAsync("/api/v1/auth/me");
            seen.Add(answer.StatusCode);
            Assert.Equal("100", Of(answer, "X-RateLimit-Limit"));
            Assert.Null(await Refusals.FaultOfAsync(answer, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests));
            Assert.Equal(answer.StatusCode == HttpStatusCode.TooManyRequests, answer.Headers.RetryAfter is not null);
        }

        Assert.Equal(Enumerable.Repeat(HttpStatusCode.Unauthorized, 100).Concat(Enumerable.Repeat(HttpStatusCode.TooManyRequests, 50)), seen);
        Assert.Equal(HttpStatusCode.OK, (await colleague.GetAsync("/api/v1/auth/me")).Status);
        Assert.Equal(HttpStatusCode.OK, (await colleague.GetAsync("/api/v1/meters?limit=100")).Status);
        using var another = LimitedSettings.From(server, address);
        Assert.Equal(HttpStatusCode.OK, (await (await ApiClient.SignInAsync(another, "agent3", "admin123")).GetAsync("/api/v1/auth/me")).Status);
        using var anonymous = LimitedSettings.From(server, address);
        using var refused = await anonymous.GetAsync("/openapi/v1.json");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
    }

    [Fact]
    public async Task Three_exports_in_five_minutes_are_begun_and_refused_ones_are_not_counted()
    {
        using var http = LimitedSettings.From(server);
        var manager = await ApiClient.SignInAsync(http, "manager", "admin123");
        for (var wrong = 0; wrong < 5; wrong++)
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await manager.PostAsync("/api/v1/export/csv", new { type = "no such table" })).Status);
        }

        for (var begun = 0; begun < 3; begun++)
        {
            Assert.Equal(HttpStatusCode.Accepted, (await manager.PostAsync("/api/v1/export/csv", new { type = "meters" })).Status);
        }

        var refused = await manager.PostAsync("/api/v1/export/csv", new { type = "meters" });
        Assert.Equal((HttpStatusCode.TooManyRequests, true), (refused.Status, refused.RetryAfter > TimeSpan.FromMinutes(4)));
        Assert.Equal(HttpStatusCode.OK, (await manager.GetAsync("/api/v1/export/history")).Status);
        server.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.Accepted, (await (await ApiClient.SignInAsync(http, "manager", "admin123")).PostAsync("/api/v1/export/csv", new { type = "meters" })).Status);
    }

    [Fact]
    public async Task A_depot_refreshes_its_sessions_apart_from_everything_else()
    {
        using var http = LimitedSettings.From(server);
        var seen = new List<string>();
        for (var sent = 0; sent < 301; sent++)
        {
            using var answer = await http.PostAsync("/api/v1/auth/refresh", Desk.Raw("""{"refresh_token":"x"}"""));
            seen.Add($"{(int)answer.StatusCode} {Of(answer, "X-RateLimit-Limit")}");
        }

        Assert.Equal(["401 300", "429 300"], seen.Distinct());
        Assert.Equal(300, seen.Count(line => line == "401 300"));
        using var login = await http.PostAsync("/api/v1/auth/login", Desk.Raw("""{"username":"agent4","password":"admin123"}"""));
        Assert.Equal(HttpStatusCode.OK, login.StatusCode);
    }

    [Fact]
    public async Task What_watches_over_the_server_is_never_limited()
    {
        using var http = LimitedSettings.From(server);
        for (var sent = 0; sent < 250; sent++)
        {
            using var answer = await http.GetAsync("/health/live");
            Assert.Equal((HttpStatusCode.OK, false), (answer.StatusCode, answer.Headers.Contains("X-RateLimit-Limit")));
        }
    }

    [Fact]
    public void Every_route_that_begins_an_export_is_counted_as_one()
    {
        var exports = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText!.StartsWith("/api/v1/export/", StringComparison.Ordinal) && route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains("POST")).ToList();
        Assert.NotEmpty(exports);
        Assert.All(exports, route => Assert.Same(RateGroup.Export, route.Metadata.GetMetadata<RateGroup>()));
    }

    private static string Of(HttpResponseMessage answer, string header) => answer.Headers.TryGetValues(header, out var values) ? values.Single() : "";
}
