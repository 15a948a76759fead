using System.Net;
using FsCheck;
using FsCheck.Fluent;
using MeterSync.Tests.Contract;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Host.Web;

/// <summary>Whose word for an address is taken. What the server takes for the caller's address shows in whom it blocks.</summary>
public sealed class ForwardedAddressTests(TrustingServer trusting, UntrustingServer untrusting) : IClassFixture<TrustingServer>, IClassFixture<UntrustingServer>
{
    [Theory]
    [InlineData("203.0.113.7", true)]
    [InlineData("203.0.113.7:4711", true)]
    [InlineData("8.8.8.8, 203.0.113.7", true)]
    [InlineData("203.0.113.7, 8.8.8.8", false)]
    [InlineData("203.0.113.7, 10.1.2.3", true)]
    [InlineData("203.0.113.7, 10.1.2.3, 127.0.0.1", true)]
    [InlineData("203.0.113.7, unknown", false)]
    [InlineData("203.0.113.7, 8.8.8.8, 10.1.2.3", false)]
    [InlineData("2001:db8::7", true)]
    [InlineData("[2001:db8::7]:4711", true)]
    [InlineData("", false)]
    public async Task A_trusted_proxy_says_who_calls_and_the_first_it_does_not_know_is_the_caller(string forwarded, bool blocked) =>
        Assert.Equal(blocked ? HttpStatusCode.Forbidden : HttpStatusCode.OK, await StatusAsync(trusting, forwarded));

    [Theory]
    [InlineData("203.0.113.7")]
    [InlineData("2001:db8::7")]
    public async Task Anybody_else_says_what_he_likes(string forwarded) =>
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(untrusting, forwarded));

    [Fact]
    public async Task TLS_is_believed_of_a_trusted_proxy_alone_and_then_demanded_of_browsers()
    {
        Assert.Equal("max-age=31536000", await TransportSecurityAsync(trusting, "https"));
        Assert.Null(await TransportSecurityAsync(trusting, "http"));
        Assert.Null(await TransportSecurityAsync(trusting, null));
        Assert.Null(await TransportSecurityAsync(untrusting, "https"));
    }

    [Fact]
    public void Whatever_is_forwarded_the_server_answers()
    {
        using var http = Listening.ClientOf(trusting);
        var pieces = Gen.OneOf(
            Gen.Elements(",", ", ", ":", "::", "[", "]", "\"", ";", "%", "=", "for=", "unknown", "_hidden", "203.0.113.7", "2001:db8::7", "10.0.0.1", "127.0.0.1", "999.1.1.1", "::ffff:203.0.113.7", "fe80::1%eth0", "\t", " ", new string('9', 300), string.Concat(Enumerable.Repeat("10.0.0.1,", 200))),
            Gen.Choose(33, 126).Select(code => ((char)code).ToString()));
        Prop.ForAll(pieces.ListOf(8).Select(string.Concat).ToArbitrary(), text =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", text);
            request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", text);
            using var answer = http.Send(request);
            return answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest;
        }).QuickCheckThrowOnFailure();
    }

    private static async Task<HttpStatusCode> StatusAsync(ServerFixture server, string forwarded)
    {
        using var http = Listening.ClientOf(server);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwarded);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    private static async Task<string?> TransportSecurityAsync(ServerFixture server, string? scheme)
    {
        using var http = Listening.ClientOf(server);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        if (scheme is not null)
        {
            request.Headers.Add("X-Forwarded-For", "192.0.2.1");
            request.Headers.Add("X-Forwarded-Proto", scheme);
        }

        using var answer = await http.SendAsync(request);
        return answer.Headers.TryGetValues("Strict-Transport-Security", out var values) ? values.Single() : null;
    }
}

public sealed class TrustingServer : ListeningOnSqlite
{
    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["RateLimits:BlockedAddresses"] = "203.0.113.7,2001:db8::/32", ["Http:TrustedProxies:0"] = "127.0.0.1", ["Http:TrustedProxies:1"] = "10.0.0.0/8" };
}

public sealed class UntrustingServer : ListeningOnSqlite
{
    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["RateLimits:BlockedAddresses"] = "203.0.113.7,2001:db8::/32", ["Http:TrustedProxies"] = "10.0.0.0/8" };
}
