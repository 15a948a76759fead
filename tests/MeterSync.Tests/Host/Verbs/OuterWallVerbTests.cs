using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace MeterSync.Tests.Host.Verbs;

/// <summary>The wall of the real program: what it refuses to start with, and what callers can write into its log.</summary>
public sealed class OuterWallVerbTests
{
    [Theory]
    [InlineData("Cors:Origins=*", "Cors:Origins has a *")]
    [InlineData("Cors:Origins=https://*.example.com", "Cors:Origins has a *")]
    [InlineData("Cors:Origins=office.example.com", "Cors:Origins has an entry that is no origin")]
    [InlineData("Cors:Origins=https://office.example.com/app", "Cors:Origins has an entry that is no origin")]
    [InlineData("Http:TrustedProxies=proxy.example.com", "Http:TrustedProxies has an entry that is no address")]
    [InlineData("RateLimits:BlockedAddresses=10.0.0.300", "RateLimits:BlockedAddresses has an entry that is no address")]
    [InlineData("RateLimits:UserPerMinute=-1", "RateLimits:UserPerMinute")]
    [InlineData("Organisation:Currency=EURO", "Organisation:Currency is no currency")]
    [InlineData("Organisation:TimeZone=UTC+3", "Organisation:TimeZone is no time zone")]
    [InlineData("Organisation:Language=english language", "Organisation:Language is no language")]
    public async Task Refuses_to_start_and_names_the_setting(string setting, string reason)
    {
        await using var installation = new Installation();
        var end = await installation.RunAsync("serve", "--urls", $"http://127.0.0.1:{Installation.FreePort()}", "--set", setting);
        Assert.True(end.ExitCode == 2, end.All);
        Assert.Contains(reason, end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_a_caller_sends_breaks_or_forges_a_line_of_the_log()
    {
        await using var installation = new Installation();
        installation.Variables["METERSYNC__RateLimits__Enabled"] = "true";
        installation.Variables["METERSYNC__Logging__LogLevel__Microsoft.AspNetCore"] = "Debug";
        var server = await installation.ServeAsync();
        using var http = server.Client();
        const string forged = "{\"Timestamp\":\"2026-01-01T00:00:00Z\",\"LogLevel\":\"Critical\",\"Message\":\"forged\"}";
        foreach (var evil in new[] { $"eve\r\n{forged}\r\n", $"eve\n{forged}", $"eve\u2028{forged}\u0085", "eve\u001b[2J\u001b]0;x\u0007\u202e", "eve\",\"LogLevel\":\"Critical" })
        {
            for (var attempt = 0; attempt < 6; attempt++)
            {
                using var wrong = await http.PostAsJsonAsync("/api/v1/auth/login", new { username = evil, password = "wrong-password" });
            }

            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/{Uri.EscapeDataString(evil)}?q={Uri.EscapeDataString(evil)}");
            request.Headers.TryAddWithoutValidation("User-Agent", evil.ReplaceLineEndings(" "));
            request.Headers.TryAddWithoutValidation("Idempotency-Key", evil.ReplaceLineEndings(" "));
            try
            {
                using var answer = await http.SendAsync(request);
            }
            catch (HttpRequestException)
            {
                continue; // the client itself will not send such a header
            }
        }

        await server.TerminateAsync();
        var lines = server.Said.Split('\n');
        var entries = lines.Where(line => line.StartsWith('{')).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Contains(entries, entry => ((string?)entry["Message"])?.Contains("wrong passwords", StringComparison.Ordinal) == true);
        Assert.All(entries, entry => Assert.NotNull(entry["Category"]));
        Assert.DoesNotContain(entries, entry => (string?)entry["LogLevel"] == "Critical");
        Assert.DoesNotContain(lines, line => line.Any(char.IsControl));
    }
}
