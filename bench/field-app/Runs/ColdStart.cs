using MeterSync.Bench;
using MeterSync.Browser.Tests.Support;
using MeterSync.BrowserBench.Gauges;
using Microsoft.Playwright;

namespace MeterSync.BrowserBench.Runs;

/// <summary>From the tap on the icon to a list that can be used, on a phone without a network whose browser did not run.</summary>
internal static class ColdStart
{
    private const double MostMilliseconds = 1_500;

    public static async Task MeasureAsync(IPlaywright playwright, Goals goals, int runs)
    {
        await using var ground = await Ground.PrepareAsync(playwright, Ground.ListMeters);
        await using var phone = await Phone.SwitchOnAsync(playwright, ground.Server.BaseAddress);
        var app = new FieldApp(phone);
        await app.SignInAsync(ground.Scene.Agent);
        await AllKnownAsync(phone);
        await phone.GoOfflineAsync();
        await phone.SlowDownAsync(Ground.SlowedBy);
        var times = new List<double>();
        for (var run = 0; run <= runs; run++)
        {
            await phone.CloseAsync();
            await phone.ReopenAsync();
            await phone.GotoAsync(FieldApp.Home);
            var usable = await Marks.AtAsync(phone.Page, "ms:route-usable");
            var shown = await phone.Page.Locator(".ms-screen-body .ms-serial").CountAsync();
            if (shown == 0)
            {
                throw new BenchFailedException("The list was said to be usable and shows no stop.");
            }

            // The first life of a profile after an update writes caches of its own.
            if (run > 0)
            {
                times.Add(usable);
            }
        }

        goals.Add($"cold start offline to a usable list of {Ground.ListMeters} meters, at 6x, ms", times, MostMilliseconds);
    }

    /// <summary>Waits until the phone has every stop of the round.</summary>
    private static async Task AllKnownAsync(Phone phone)
    {
        for (var tries = 0; tries < 300; tries++)
        {
            if ((await phone.StoredAsync("meters")).Count >= Ground.ListMeters)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }

        throw new BenchFailedException("The round did not come to the phone.");
    }
}
