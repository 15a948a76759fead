using System.Text.Json;
using MeterSync.Browser.Tests.Support;

namespace MeterSync.Browser.Tests;

/// <summary>What comes over the network before the first reading can be typed.</summary>
public sealed class FieldLoadTests(Browsing browsing, FieldServer server) : IClassFixture<FieldServer>
{
    private const double MostScriptBytes = 250 * 1024;

    [Fact]
    public async Task The_scripts_up_to_a_first_reading_come_packed_and_are_few()
    {
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 8, Name: "loader", FirstNumber: 620_001));
        await using var phone = await Phone.SwitchOnAsync(browsing.Playwright, server.BaseAddress);
        var app = new FieldApp(phone);
        await app.SignInAsync(scene.Agent);
        await app.OpenAsync(scene.Meters[4]);
        using var document = JsonDocument.Parse(await phone.Page.EvaluateAsync<string>(
            "() => JSON.stringify(performance.getEntriesByType('resource').filter((one) => /\\.js$/.test(new URL(one.name).pathname)).map((one) => ({ name: one.name, sent: one.encodedBodySize, size: one.decodedBodySize })))"));
        var scripts = document.RootElement.EnumerateArray().ToList();
        Assert.NotEmpty(scripts);
        Assert.InRange(scripts.Sum(script => script.GetProperty("sent").GetDouble()), 1, MostScriptBytes);
        Assert.All(
            scripts.Where(script => script.GetProperty("size").GetDouble() > 20_000),
            script => Assert.True(script.GetProperty("sent").GetDouble() < script.GetProperty("size").GetDouble() / 2, $"{script} is sent as it is."));
    }
}
