using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Host.Health;
using MeterSync.Host.Web.Field;
using MeterSync.Tests.Contract;
using MeterSync.Tests.Host.Verbs;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Host.Web.Field;

/// <summary>What the app is told and allowed, without settings.</summary>
public sealed class FieldDefaultsTests(FieldServer server) : IClassFixture<FieldServer>
{
    [Fact]
    public async Task The_app_learns_the_defaults_before_anybody_signs_in()
    {
        using var http = Listening.ClientOf(server);
        using var answer = await http.GetAsync("/field/settings.json");
        Assert.Equal((HttpStatusCode.OK, "application/json", "no-cache"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Headers.CacheControl?.ToString()));
        var expected = new JsonObject { ["tile_url"] = null, ["tile_attribution"] = null, ["tile_max_zoom"] = 19, ["lock_minutes"] = 15, ["version"] = ProgramVersion.Text };
        Assert.Equal(expected.ToJsonString(), await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/field/")]
    [InlineData("/field/sw.js")]
    [InlineData("/field/nothing.js")]
    public async Task The_app_reaches_this_server_alone(string path)
    {
        using var http = Listening.ClientOf(server);
        using var answer = await http.GetAsync(path);
        Assert.Equal(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self' data: blob:; worker-src 'self' blob:; media-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
            answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.StartsWith("camera=(self), geolocation=(self)", answer.Headers.GetValues("Permissions-Policy").Single(), StringComparison.Ordinal);
    }
}

/// <summary>The same where the map's tiles come from elsewhere.</summary>
public sealed class FieldTilesTests(FieldServerWithTiles server) : IClassFixture<FieldServerWithTiles>
{
    [Fact]
    public async Task The_app_learns_where_its_tiles_are()
    {
        using var http = Listening.ClientOf(server);
        var settings = JsonNode.Parse(await http.GetStringAsync("/field/settings.json"))!;
        Assert.Equal(("https://tiles.example.com:8443/{z}/{x}/{y}.png?key=open", "© Map makers", 17, 5), ((string?)settings["tile_url"], (string?)settings["tile_attribution"], (int)settings["tile_max_zoom"]!, (int)settings["lock_minutes"]!));
    }

    [Fact]
    public async Task Pictures_and_connections_may_come_from_the_tile_server_and_nothing_else()
    {
        using var http = Listening.ClientOf(server);
        using var answer = await http.GetAsync("/field/");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Equal(["img-src 'self' data: blob: https://tiles.example.com:8443", "connect-src 'self' data: blob: https://tiles.example.com:8443"], policy.Split("; ").Where(part => part.Contains("example", StringComparison.Ordinal)));
        Assert.Equal("strict-origin", answer.Headers.GetValues("Referrer-Policy").Single());
        using var reference = await http.GetAsync("/redoc");
        Assert.DoesNotContain("example", reference.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("no-referrer", reference.Headers.GetValues("Referrer-Policy").Single());
    }

    [Fact]
    public async Task A_crew_behind_one_address_loads_the_app_however_many_requests_that_takes()
    {
        using var http = Listening.ClientOf(server);
        for (var load = 0; load <= FieldServerWithTiles.AnonymousPerMinute * 3; load++)
        {
            foreach (var path in new[] { "/field", "/field/", "/field/sw.js", "/field/settings.json", "/field/assets/nothing.js" })
            {
                using var answer = await http.GetAsync(path);
                Assert.True((int)answer.StatusCode < 429, $"{path}: {answer.StatusCode}");
                Assert.False(answer.Headers.Contains("X-RateLimit-Limit"));
            }
        }

        using var api = await http.GetAsync("/api/v1/no-such-thing");
        Assert.Equal(HttpStatusCode.NotFound, api.StatusCode);
    }
}

/// <summary>Values that cannot work.</summary>
public sealed class FieldOptionsTests
{
    [Theory]
    [InlineData("https://tiles.example.com/{z}/{x}/{y}.png", "https://tiles.example.com")]
    [InlineData("HTTPS://Tiles.Example.COM/{z}/{x}/{y}", "https://tiles.example.com")]
    [InlineData("https://tiles.example.com:443/{z}/{x}/{y}@2x.png?key=a,b;c", "https://tiles.example.com")]
    [InlineData("https://10.0.0.5:8080/wmts?z={z}&x={x}&y={y}", "https://10.0.0.5:8080")]
    [InlineData("https://münchen.example/{z}/{x}/{y}.png", "https://xn--mnchen-3ya.example")]
    [InlineData("/tiles/{z}/{x}/{y}.webp", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Tiles_come_by_https_or_from_this_server(string? url, string? origin)
    {
        var options = new FieldOptions { TileUrl = url };
        Assert.Equal((true, origin), (options.HasUsableTileUrl, options.TileOrigin));
    }

    [Theory]
    [InlineData("http://tiles.example.com/{z}/{x}/{y}.png")]
    [InlineData("https://tiles.example.com/{z}/{x}.png")]
    [InlineData("https://{s}.tiles.example.com/{z}/{x}/{y}.png")]
    [InlineData("https://t{x}.example.com/{z}/{x}/{y}.png")]
    [InlineData("https://user:word@tiles.example.com/{z}/{x}/{y}.png")]
    [InlineData("https://tiles.example.com; script-src */{z}/{x}/{y}.png")]
    [InlineData("https://tiles.example.com;script-src/{z}/{x}/{y}.png")]
    [InlineData("https://*.example.com/{z}/{x}/{y}.png")]
    [InlineData("https://[::1]/{z}/{x}/{y}.png")]
    [InlineData("https:///{z}/{x}/{y}.png")]
    [InlineData("https:{z}/{x}/{y}.png")]
    [InlineData("//tiles.example.com/{z}/{x}/{y}.png")]
    [InlineData("/\\tiles.example.com/{z}/{x}/{y}.png")]
    [InlineData("tiles/{z}/{x}/{y}.png")]
    [InlineData("javascript:{z}{x}{y}")]
    [InlineData("{z}{x}{y}")]
    public void Any_other_address_of_tiles_is_refused(string url)
    {
        var options = new FieldOptions { TileUrl = url };
        Assert.Equal((false, null), (options.HasUsableTileUrl, options.TileOrigin));
    }

    [Theory]
    [InlineData("Field:TileUrl=http://tiles.example.com/{z}/{x}/{y}.png", "Field:TileUrl is no address of map tiles")]
    [InlineData("Field:TileAttribution=<a href=x>Maps</a>", "Field:TileAttribution has < or >")]
    [InlineData("Field:TileMaxZoom=25", "Field:TileMaxZoom")]
    [InlineData("Field:LockMinutes=0", "Field:LockMinutes")]
    public async Task The_server_does_not_start_with_a_value_that_cannot_work(string setting, string reason)
    {
        await using var installation = new Installation();
        var end = await installation.RunAsync("serve", "--urls", $"http://127.0.0.1:{Installation.FreePort()}", "--set", setting);
        Assert.True(end.ExitCode == 2, end.All);
        Assert.Contains(reason, end.Error, StringComparison.Ordinal);
    }
}

/// <summary>A server that was installed without the app.</summary>
public sealed class MissingFieldAppTests(MissingFieldAppTests.WithoutApp server) : IClassFixture<MissingFieldAppTests.WithoutApp>
{
    [Theory]
    [InlineData("/field/")]
    [InlineData("/field/route")]
    public async Task Its_address_says_that_it_is_missing(string path)
    {
        using var http = server.Anonymous();
        using var answer = await http.GetAsync(path);
        Assert.Null(await Refusals.FaultOfAsync(answer, HttpStatusCode.NotFound));
        Assert.Contains("metersync doctor", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_warns_and_says_how_it_comes_there()
    {
        await using var installation = new Installation();
        await installation.RunAsync("migrate");
        var end = await installation.RunAsync("doctor");
        Assert.Matches("(?m)^warn  web assets +wwwroot/field/index.html is missing beside the program, so /field has no app for phones.*bash run.sh --build-only", end.Output.Replace("\n      ", " ", StringComparison.Ordinal));
    }

    public sealed class WithoutApp : SqliteServer
    {
        protected override void AdjustServices(Microsoft.Extensions.DependencyInjection.IServiceCollection services) =>
            Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton(services, new FieldFolder(Path.Combine(AppContext.BaseDirectory, "no-such-folder")));
    }
}
