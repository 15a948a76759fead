using System.Net;
using MeterSync.Tests.Contract;
using MeterSync.Tests.Host.Limits;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Host.Web;

public sealed class CrossOriginTests(CrossOriginServer server, SqliteServer closed) : IClassFixture<CrossOriginServer>, IClassFixture<SqliteServer>
{
    private const string Listed = "https://office.example.com";

    [Theory]
    [InlineData("/api/v1/users", "PUT")]
    [InlineData("/api/v1/users", "GET")]
    [InlineData("/api/v1/auth/login", "POST")]
    [InlineData("/api/v1/meters/0198c0de-0000-7000-8000-000000000001", "PATCH")]
    [InlineData("/api/v1/no-such-route", "DELETE")]
    public async Task A_preflight_from_a_listed_origin_is_granted_on_every_path(string path, string method)
    {
        using var answer = await PreflightAsync(server, path, Listed, method);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal((Listed, "true"), (Of(answer, "Access-Control-Allow-Origin"), Of(answer, "Access-Control-Allow-Credentials")));
        Assert.Contains(method, Of(answer, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Equal("authorization,if-match,x-api-key", Of(answer, "Access-Control-Allow-Headers"));
    }

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData("http://office.example.com")]
    [InlineData("https://office.example.com:8443")]
    [InlineData("https://office.example.com.evil.com")]
    [InlineData("null")]
    public async Task Another_origin_is_told_nothing(string origin)
    {
        using var preflight = await PreflightAsync(server, "/api/v1/users", origin, "GET");
        Assert.DoesNotContain(preflight.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        using var answer = await GetAsync(server, "/health/live", origin);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("/health/live", HttpStatusCode.OK)]
    [InlineData("/api/v1/users", HttpStatusCode.Unauthorized)]
    [InlineData("/api/v1/no-such-route", HttpStatusCode.NotFound)]
    [InlineData("/health/live?x=%00", HttpStatusCode.BadRequest)]
    public async Task Every_answer_to_a_listed_origin_can_be_read_refusals_included(string path, HttpStatusCode status)
    {
        using var answer = await GetAsync(server, path, "http://localhost:5173");
        Assert.Equal((status, "http://localhost:5173"), (answer.StatusCode, Of(answer, "Access-Control-Allow-Origin")));
        Assert.Equal("ETag,Location,Retry-After,X-RateLimit-Limit,X-RateLimit-Remaining,X-RateLimit-Reset,Idempotency-Replayed,Tus-Resumable,Tus-Version,Tus-Extension,Tus-Max-Size,Tus-Checksum-Algorithm,Upload-Offset,Upload-Length,Upload-Metadata,Upload-Expires", Of(answer, "Access-Control-Expose-Headers"));
        Assert.Contains("Origin", answer.Headers.Vary);
    }

    [Fact]
    public async Task A_page_can_read_that_it_asked_too_often()
    {
        var address = LimitedSettings.Fresh();
        for (var sent = 0; sent <= 100; sent++)
        {
            using var answer = await GetAsync(server, "/api/v1/no-such-route", Listed, address);
            Assert.Equal(Listed, Of(answer, "Access-Control-Allow-Origin"));
            Assert.Equal(sent == 100, answer.StatusCode == HttpStatusCode.TooManyRequests);
        }
    }

    [Fact]
    public async Task Where_no_origin_is_listed_no_page_elsewhere_is_told_anything()
    {
        using var answer = await PreflightAsync(closed, "/api/v1/users", Listed, "GET");
        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    private static Task<HttpResponseMessage> PreflightAsync(ServerFixture server, string path, string origin, string method)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", method);
        request.Headers.Add("Access-Control-Request-Headers", "authorization,if-match,x-api-key");
        return server.Anonymous().SendAsync(request);
    }

    private static Task<HttpResponseMessage> GetAsync(ServerFixture server, string path, string origin, string? address = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("X-Forwarded-For", address ?? LimitedSettings.Fresh());
        return server.Anonymous().SendAsync(request);
    }

    private static string Of(HttpResponseMessage answer, string header) => answer.Headers.TryGetValues(header, out var values) ? string.Join(",", values) : "";
}

public sealed class CrossOriginServer : LimitedSqlite
{
    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["Cors:Origins"] = "https://Office.example.com, http://localhost:5173" };
}
