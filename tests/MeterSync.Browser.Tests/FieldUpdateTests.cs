using System.Text.RegularExpressions;
using MeterSync.Browser.Tests.Support;
using Microsoft.Playwright;

namespace MeterSync.Browser.Tests;

/// <summary>A new version of the app that comes while a full queue is being sent.</summary>
public sealed partial class FieldUpdateTests(Browsing browsing, FieldServer server) : IClassFixture<FieldServer>
{
    private const string Worker = "/field/sw.js";

    [Fact]
    public async Task A_new_version_that_takes_over_in_mid_sync_neither_loses_nor_doubles()
    {
        const int Waiting = 200;
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: Waiting + 10, Name: "updater", FirstNumber: 590_001));
        await using var network = FaultyNetwork.Open(server.BaseAddress);
        await using var phone = await Phone.SwitchOnAsync(browsing.Playwright, network);
        var app = new FieldApp(phone);
        await app.SignInAsync(scene.Agent);
        var before = await VersionsAsync(phone);
        await phone.GoOfflineAsync();
        await app.ReadAsync(scene, scene.Meters[4], await CameraPhoto.TakeAsync(phone.Page, 800, 600, "1"));
        var pattern = (await phone.StoredAsync("outbox"))[0].GetProperty("client_id").GetString()!;
        await FullQueue.FillAsync(phone, scene, pattern, scene.Meters.Skip(5).Take(Waiting - 1), withPhotos: 19);

        // The office put a new version up meanwhile. Its worker is the same but for the version it was built as.
        var script = await scene.Office.Calls.DownloadAsync(Worker);
        var text = System.Text.Encoding.UTF8.GetString(script);
        var version = Assert.Single(before)["field-".Length..];
        Assert.Contains(version, text, StringComparison.Ordinal);
        network.On("GET", Worker, new NetworkFault.Answer(200, text.Replace(version, new string('f', version.Length), StringComparison.Ordinal), "text/javascript"));
        network.On(request => request.Path.StartsWith("/api/", StringComparison.Ordinal) || request.Path.StartsWith("/uploads", StringComparison.Ordinal), new NetworkFault.Delay(TimeSpan.FromMilliseconds(150)));
        await phone.GoOnlineAsync();
        await phone.Page.EvaluateAsync("() => navigator.serviceWorker.getRegistration().then((one) => one.update()).then(() => true)");
        await phone.Page.EvaluateAsync("() => window.dispatchEvent(new Event('online'))");
        var now = phone.Page.GetByRole(AriaRole.Button, new() { Name = "Use it now" });
        await now.WaitForAsync();
        await phone.Page.WaitForFunctionAsync("() => /Sending/.test(document.querySelector('.ms-sync')?.textContent ?? '')");
        var left = await phone.CountAsync("outbox", "waiting") + await phone.CountAsync("photos", "waiting");
        Assert.True(left > 0, "All was sent before the new version took over.");
        await phone.Page.EvaluateAsync("() => { globalThis.isOfTheVersionBefore = true; }");
        await now.ClickAsync();
        await phone.Page.WaitForFunctionAsync("() => !globalThis.isOfTheVersionBefore");
        await app.RouteSeenAsync();
        await app.NothingWaitsAsync(120);

        Assert.Contains($"field-{new string('f', version.Length)}", await VersionsAsync(phone));
        var readings = await scene.Office.ReadingsOfAsync(scene.Agent.Id);
        Assert.Equal((await phone.StoredAsync("outbox")).Select(item => item.GetProperty("client_id").GetString()).Order(), readings.Select(reading => reading.ClientId).Order());
        Assert.Equal((Waiting, 20), (readings.Count, readings.Count(reading => reading.Photos.Count > 0 && reading.Evidence == "complete")));
        Assert.Empty(phone.ErrorsOfTheApp);
    }

    private static async Task<IReadOnlyList<string>> VersionsAsync(Phone phone) =>
        [.. (await phone.Page.EvaluateAsync<string[]>("() => caches.keys()")).Where(name => Version().IsMatch(name))];

    [GeneratedRegex("^field-[0-9a-f]+$")]
    private static partial Regex Version();
}
