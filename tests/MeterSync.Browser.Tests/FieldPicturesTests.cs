using System.Globalization;
using MeterSync.Browser.Tests.Support;
using Microsoft.Playwright;

namespace MeterSync.Browser.Tests;

/// <summary>Every screen of the field app in its states, on two sizes of phones: no console error, nothing wider than the screen. With METERSYNC_TEST_PICTURES the pictures are kept; those of the README
/// are made so.</summary>
public sealed class FieldPicturesTests(Browsing browsing, FieldServer server) : IClassFixture<FieldServer>
{
    [Theory]
    [InlineData(412, 915, 510_001)]
    [InlineData(360, 740, 520_001)]
    public async Task The_screens_of_a_day(int width, int height, int firstNumber)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"walker{width}");
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 60, Name: name, FirstNumber: firstNumber));
        await using var phone = await Phone.SwitchOnAsync(browsing.Playwright, server.BaseAddress, new() { Width = width, Height = height, DevicePixels = 2 });
        var app = new FieldApp(phone);
        await phone.GotoAsync(FieldApp.Home);
        await phone.Page.GetByLabel("Password", new() { Exact = true }).WaitForAsync();
        await ShotAsync("sign-in");
        await app.TypeCredentialsAsync(scene.Agent.Username, scene.Agent.Password);
        await app.RouteSeenAsync();
        await phone.Page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => true)");
        var photo = await CameraPhoto.TakeAsync(phone.Page, 1600, 1200, "831742");
        for (var index = 4; index < 9; index++)
        {
            await app.ReadAsync(scene, scene.Meters[index]);
        }

        await app.AllSafeAsync();
        await phone.GoOfflineAsync();
        await app.ReadAsync(scene, scene.Meters[9], photo);
        await app.SkipAsync(scene.Meters[10], "Dog", "Barks behind the gate");
        await app.ReadAsync(scene, scene.Meters[11]);
        await phone.Page.WaitForTimeoutAsync(7_000); // the toast of the last one goes
        await app.ShowAsync("/");
        await app.RouteSeenAsync();
        await ShotAsync("route-offline");
        await app.OpenAsync(scene.Meters[13]);
        await app.AddPhotoAsync(photo);
        await app.TypeAsync(scene.Meters[13], scene.TypedNow(scene.Meters[13]));
        await ShotAsync("reading");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Skip", Exact = true }).ClickAsync();
        await phone.Page.GetByRole(AriaRole.Dialog).GetByText("No access").ClickAsync();
        await ShotAsync("skip");
        await app.ShowAsync("/");
        await app.OpenAsync(scene.Meters[17]);
        await app.TypeAsync(scene.Meters[17], (scene.ExpectedNow(scene.Meters[17]) + 40m).ToString(CultureInfo.InvariantCulture));
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await phone.Page.GetByText("2nd entry").WaitForAsync();
        await phone.Page.Keyboard.TypeAsync("010");
        await ShotAsync("second-entry");
        await app.OpenAsync(scene.Meters[0]);
        await ShotAsync("reading-two-registers");
        await app.OpenAsync(scene.Meters[2]);
        await ShotAsync("reading-unknown-digits");
        await app.ShowAsync("/queue");
        await phone.Page.GetByRole(AriaRole.Heading, new() { Name = "Waiting" }).WaitForAsync();
        await ShotAsync("queue");
        await app.ShowAsync("/search?q=mill");
        await phone.Page.GetByLabel("Serial number, address or owner").WaitForAsync();
        await ShotAsync("search");
        await app.ShowAsync("/found");
        await phone.Page.GetByRole(AriaRole.Heading, new() { Name = "Add a meter" }).WaitForAsync();
        await ShotAsync("found");
        await app.ShowAsync("/more");
        await phone.Page.GetByText("Storage").First.WaitForAsync();
        await ShotAsync("more");
        await app.ShowAsync("/map");
        await phone.Page.GetByRole(AriaRole.Heading, new() { Name = "Map" }).WaitForAsync();
        await phone.Page.WaitForTimeoutAsync(3_000);
        await ShotAsync("map");
        foreach (var theme in (string[])["dark", "outdoor"])
        {
            await phone.Page.EvaluateAsync("(theme) => { document.documentElement.dataset.theme = theme; }", theme);
            await app.ShowAsync("/");
            await app.RouteSeenAsync();
            await ShotAsync($"route-{theme}");
            await app.OpenAsync(scene.Meters[14]);
            await app.TypeAsync(scene.Meters[14], scene.TypedNow(scene.Meters[14]));
            await ShotAsync($"reading-{theme}");
            await app.ShowAsync("/map");
            await phone.Page.WaitForTimeoutAsync(1_500);
            await ShotAsync($"map-{theme}");
        }

        Assert.Empty(phone.ErrorsOfTheApp);

        async Task ShotAsync(string what)
        {
            var wider = await phone.Page.EvaluateAsync<int>("() => document.scrollingElement.scrollWidth - innerWidth");
            Assert.True(wider <= 0, $"{what} is {wider} px wider than the screen.");
            await app.PictureAsync(string.Create(CultureInfo.InvariantCulture, $"field-{what}-{width}"));
        }
    }
}
