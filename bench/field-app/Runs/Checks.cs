using MeterSync.Browser.Tests.Support;
using MeterSync.BrowserBench.Gauges;
using Microsoft.Playwright;

namespace MeterSync.BrowserBench.Runs;

/// <summary>What Lighthouse would look at: can it be installed, does it open without a network, are there errors, can all of it be read.</summary>
internal static class Checks
{
    private static readonly string[] s_themes = ["Light", "Dark", "Outdoor"];

    public static async Task MeasureAsync(IPlaywright playwright, Goals goals)
    {
        await using var ground = await Ground.PrepareAsync(playwright, Ground.SaveMeters);
        await using var phone = await Phone.SwitchOnAsync(playwright, ground.Server.BaseAddress);
        var app = new FieldApp(phone);
        var faults = new List<string>();
        await phone.GotoAsync(FieldApp.Home);
        await phone.Page.GetByLabel("User name or email").WaitForAsync();
        await LookAsync("sign in");
        await app.SignInAsync(ground.Scene.Agent);
        goals.AddFaults("what stands in the way of installing it", await InstallCheck.FaultsAsync(phone));

        var meters = ground.Scene.Meters;
        await phone.GoOfflineAsync();
        await app.ReadAsync(ground.Scene, meters[4], await CameraPhoto.TakeAsync(phone.Page, 800, 600, "831742"));
        await app.SkipAsync(meters[5], "Dog");
        var visit = (await phone.StoredAsync("visits"))[0].GetProperty("client_id").GetString()!;
        (string Name, string Path, string Seen)[] screens =
        [
            ("route", "/", "My route"), ("search", "/search?q=mill", "Mill Lane"), ("reading", $"/meter/{meters[8].Id}", "Last"), ("two registers", $"/meter/{meters[0].Id}", "T1"),
            ("visit", $"/visit/{visit}", meters[4].SerialNumber), ("queue", "/queue", "Queue"), ("map", "/map", "Map"), ("found meter", "/found", "serial"), ("more", "/more", "Sign out"),
        ];
        foreach (var theme in s_themes)
        {
            await app.ShowAsync("/more");
            await phone.Page.GetByLabel("Colours", new() { Exact = true }).SelectOptionAsync(new SelectOptionValue { Label = theme });
            foreach (var (name, path, seen) in screens)
            {
                await app.ShowAsync(path);
                await phone.Page.GetByText(seen).First.WaitForAsync();
                await phone.Page.WaitForTimeoutAsync(300);
                await LookAsync($"{name}, {theme}");
            }
        }

        goals.AddFaults($"faults by WCAG 2.2 A and AA, contrast among them, of {1 + (s_themes.Length * screens.Length)} screens", faults);

        await phone.CloseAsync();
        await phone.ReopenAsync();
        await phone.GotoAsync(FieldApp.Home);
        await app.RouteSeenAsync();
        goals.AddFaults("what does not work without a network", await phone.Page.Locator(".ms-screen-body .ms-serial").CountAsync() > 0 ? [] : ["the round is not there"]);
        await phone.GoOnlineAsync();
        await app.AllSafeAsync();
        goals.AddFaults("errors in the console", phone.ErrorsOfTheApp);

        async Task LookAsync(string where) => faults.AddRange((await ContrastCheck.FaultsAsync(phone.Page)).Select(fault => $"{where}: {fault}"));
    }
}
