using System.Diagnostics;
using MeterSync.Bench;
using MeterSync.Browser.Tests.Support;
using MeterSync.BrowserBench.Gauges;
using Microsoft.Playwright;

namespace MeterSync.BrowserBench.Runs;

/// <summary>A long time without a network, then all of it at once, while somebody scrolls through the list.</summary>
internal static class Draining
{
    private const int Readings = 3_000;
    private const int Photos = 100;
    private const double MostSeconds = 15;
    private const double MostFrameMilliseconds = 200;
    private static readonly TimeSpan s_within = TimeSpan.FromMinutes(5);

    public static async Task MeasureAsync(IPlaywright playwright, Goals goals, int runs)
    {
        await using var ground = await Ground.PrepareAsync(playwright, Ground.DrainMeters);
        var (plain, slowed, frames, slowedFrames) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var run = 0; run < runs; run++)
        {
            var (seconds, frame) = await DrainAsync(playwright, ground, run, 1);
            plain.Add(seconds);
            frames.Add(frame);
            (seconds, frame) = await DrainAsync(playwright, ground, run, Ground.SlowedBy);
            slowed.Add(seconds);
            slowedFrames.Add(frame);
        }

        goals.Add($"{Readings} readings and {Photos} photos made offline, all at the office, s", plain, MostSeconds);
        goals.Add($"{Readings} readings and {Photos} photos made offline, all at the office, at 6x, s", slowed, MostSeconds);
        goals.Add("longest frame of the list meanwhile, ms", frames, MostFrameMilliseconds);
        goals.Add("longest frame of the list meanwhile, at 6x, ms", slowedFrames, MostFrameMilliseconds);
    }

    /// <returns>Until nothing waits, and the longest frame meanwhile.</returns>
    private static async Task<(double Seconds, double Frame)> DrainAsync(IPlaywright playwright, Ground ground, int run, double slowedBy)
    {
        await using var phone = await Phone.SwitchOnAsync(playwright, ground.Server.BaseAddress);
        var app = new FieldApp(phone);
        await app.SignInAsync(ground.Scene.Agent);
        var before = (await ground.Scene.Office.Calls.GetAsync($"/api/v1/readings?agent_id={ground.Scene.Agent.Id}&limit=1")).GetProperty("total").GetInt32();
        await phone.GoOfflineAsync();
        var photo = await CameraPhoto.TakeAsync(phone.Page, 1600, 1200, FormattableString.Invariant($"{run}{slowedBy}"));
        await app.ReadAsync(ground.Scene, ground.Scene.Meters[4], photo);
        var pattern = (await phone.StoredAsync("outbox")).Single(item => item.GetProperty("state").GetString() == "waiting").GetProperty("client_id").GetString()!;
        await FullQueue.FillAsync(phone, ground.Scene, pattern, ground.Scene.Meters.Skip(5).Take(Readings - 1), Photos - 1);
        // As after a day: the app is opened, and knows what waits.
        await phone.GotoAsync(FieldApp.Home);
        await app.RouteSeenAsync();
        await phone.SlowDownAsync(slowedBy);
        await LongestFrame.BeginAsync(phone.Page, ".ms-screen-body");
        await phone.Page.WaitForTimeoutAsync(1_000);
        await LongestFrame.EndAsync(phone.Page);

        await LongestFrame.BeginAsync(phone.Page, ".ms-screen-body");
        var watch = Stopwatch.StartNew();
        await phone.GoOnlineAsync();
        while (await phone.CountAsync("outbox", "waiting") + await phone.CountAsync("photos", "waiting") > 0)
        {
            if (watch.Elapsed > s_within)
            {
                throw new BenchFailedException($"Not everything was sent within {s_within}. The bar: {await app.BarAsync()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250));
        }

        var seconds = watch.Elapsed.TotalSeconds;
        var (longest, count) = await LongestFrame.EndAsync(phone.Page);
        if (count < 20)
        {
            throw new BenchFailedException($"The list was drawn {count} times only.");
        }

        var after = (await ground.Scene.Office.Calls.GetAsync($"/api/v1/readings?agent_id={ground.Scene.Agent.Id}&limit=1")).GetProperty("total").GetInt32();
        return after - before == Readings
            ? (seconds, longest)
            : throw new BenchFailedException($"The office has {after - before} readings of {Readings}.");
    }
}
