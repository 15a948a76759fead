using MeterSync.Bench;
using MeterSync.Browser.Tests.Support;
using MeterSync.BrowserBench.Gauges;
using Microsoft.Playwright;

namespace MeterSync.BrowserBench.Runs;

/// <summary>From the tap on the icon to a list that can be used, on a phone without a network whose browser did not run.</summary>
internal static class ColdStart
{
    private const double MostMilliseconds = 1_500;

    /// <summary>The browser compiles scripts that it has met some times, and keeps what comes of it when a page stays open for some seconds: an app that somebody works with.</summary>
    private const int Uses = 3;
    private static readonly TimeSpan s_use = TimeSpan.FromSeconds(8);

    public static async Task MeasureAsync(IPlaywright playwright, Goals goals, int runs)
    {
        await using var ground = await Ground.PrepareAsync(playwright, Ground.ListMeters);
        await using var network = FaultyNetwork.Open(ground.Server.BaseAddress);
        await using var phone = await Phone.SwitchOnAsync(playwright, network);
        var app = new FieldApp(phone);
        await app.SignInAsync(ground.Scene.Agent);
        await AllKnownAsync(phone);
        await phone.CloseAsync();
        network.Vanish();
        var times = new List<double>();
        for (var run = 0; run < Uses + runs; run++)
        {
            await using var browser = await BareChromium.StartAsync(phone.ProfileFolder, Ground.SlowedBy);
            await browser.GotoAsync(new Uri(network.Address, FieldApp.Home));
            var usable = await browser.MarkAtAsync("ms:route-usable");
            if (await browser.NumberAsync("document.querySelectorAll('.ms-screen-body .ms-serial').length") < 5)
            {
                throw new BenchFailedException("The list was said to be usable and shows no stops.");
            }

            if (run < Uses)
            {
                await Task.Delay(s_use);
            }
            else
            {
                times.Add(usable);
            }
        }

        await phone.ReopenAsync();
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
