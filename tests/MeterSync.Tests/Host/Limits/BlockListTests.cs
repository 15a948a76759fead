using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using MeterSync.Kernel.Limits;
using MeterSync.Tests.Contract;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Host.Limits;

public sealed class BlockListTests(BlockingServer server) : IClassFixture<BlockingServer>
{
    [Theory]
    [InlineData("203.0.113.7", true)]
    [InlineData("203.0.113.8", false)]
    [InlineData("198.51.100.200", true)]
    [InlineData("::ffff:198.51.100.200", true)]
    [InlineData("2001:db8::77", true)]
    [InlineData("2001:db9::77", false)]
    public async Task A_blocked_address_gets_a_refusal_and_nothing_else(string address, bool blocked)
    {
        foreach (var path in new[] { "/health", "/api/v1/users", "/openapi/v1.json", "/no-such-path" })
        {
            using var http = LimitedSettings.From(server, address);
            using var answer = await http.GetAsync(path);
            Assert.Equal(blocked, answer.StatusCode == HttpStatusCode.Forbidden);
            if (blocked)
            {
                Assert.Null(await Refusals.FaultOfAsync(answer, HttpStatusCode.Forbidden));
                Assert.Contains("request.address_blocked", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
                Assert.True(answer.Headers.Contains("Content-Security-Policy"));
            }
        }
    }

    [Fact]
    public async Task A_valid_sign_in_does_not_help_a_blocked_address()
    {
        using var home = LimitedSettings.From(server, "192.0.2.1");
        await ApiClient.SignInAsync(home, "agent1", "admin123");
        using var blocked = LimitedSettings.From(server, "203.0.113.7");
        blocked.DefaultRequestHeaders.Authorization = home.DefaultRequestHeaders.Authorization;
        using var answer = await blocked.GetAsync("/api/v1/auth/me");
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Refusals_show_as_metrics_with_their_reason()
    {
        var seen = new System.Collections.Concurrent.ConcurrentBag<string>();
        var factory = server.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == LimitMeter.MeterName && ReferenceEquals(instrument.Meter.Scope, factory))
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => seen.Add($"{instrument.Name} {(tags.Length > 0 ? tags[0].Value : "")} {value}"));
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => seen.Add($"{instrument.Name} {value}"));
        listener.Start();
        using var http = LimitedSettings.From(server, "203.0.113.7");
        using var refused = await http.GetAsync("/health");
        using var home = LimitedSettings.From(server, "192.0.2.2");
        using var wrong = await home.PostAsync("/api/v1/auth/login", Desk.Raw("""{"username":"agent2","password":"wrong"}"""));
        listener.RecordObservableInstruments();
        Assert.Contains("metersync.requests.refused blocked 1", seen);
        Assert.Contains("metersync.signin.failures  1", seen);
        Assert.Contains("metersync.addresses.blocked 3", seen);
    }
}

public sealed class BlockingServer : LimitedSqlite
{
    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["RateLimits:BlockedAddresses"] = "203.0.113.7, 198.51.100.0/24,2001:db8::/32" };
}
