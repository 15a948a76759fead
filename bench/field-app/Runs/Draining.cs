using System.Diagnostics;
using MeterSync.Bench;
using MeterSync.Bench.Machine;
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
    private static readonly TimeSpan s_undo = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_within = TimeSpan.FromMinutes(5);

    /// <summary>How long the calls of each kind took, in milliseconds, and how many there were: BENCH_CALLS shows it.</summary>
    private const string Calls = """
        () => {
          const sums = {};
          for (const one of performance.getEntriesByType("resource")) {
            const kind = new URL(one.name).pathname.replace(/[0-9a-f-]{30,}/g, "*");
            const sum = sums[kind] ??= { count: 0, ms: 0, from: one.startTime, to: 0 };
            sum.count++;
            sum.ms += one.duration;
            sum.to = one.responseEnd;
          }
          return JSON.stringify(Object.entries(sums).filter(([kind]) => /api|uploads/.test(kind)));
        }
        """;

    public static async Task MeasureAsync(IPlaywright playwright, Goals goals, int runs, double slowedBy)
    {
        await using var ground = await Ground.PrepareAsync(playwright, Ground.DrainMeters);
        var (readings, all, frames) = (new List<double>(), new List<double>(), new List<double>());
        for (var run = 0; run < runs; run++)
        {
            var (readingsSafe, allSafe, frame) = await DrainAsync(playwright, ground, run, slowedBy);
            readings.Add(readingsSafe);
            all.Add(allSafe);
            frames.Add(frame);
        }

        var at = slowedBy > 1 ? FormattableString.Invariant($", at {slowedBy}x") : "";
        goals.Fact($"{Readings} readings made offline, at the office{at}, s", ResultsFile.Median(readings));
        goals.Add($"the same and {Photos} photos, at the office{at}, s", all, MostSeconds);
        goals.Add($"longest frame of the list, scrolled meanwhile{at}, ms", frames, MostFrameMilliseconds);
    }

    /// <returns>Seconds until no reading waits, and no photo, and the longest frame meanwhile.</returns>
    private static async Task<(double Readings, double All, double Frame)> DrainAsync(IPlaywright playwright, Ground ground, int run, double slowedBy)
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
        // As after a day: the time to take them back is over, the app is opened, and knows what waits.
        await Task.Delay(s_undo);
        await phone.GotoAsync(FieldApp.Home);
        await app.RouteSeenAsync();
        await phone.SlowDownAsync(slowedBy);
        await LongestFrame.BeginAsync(phone.Page, ".ms-screen-body");
        await phone.Page.WaitForTimeoutAsync(1_000);
        await LongestFrame.EndAsync(phone.Page);

        await phone.Page.EvaluateAsync("() => { performance.setResourceTimingBufferSize(5000); performance.clearResourceTimings(); }");
        await LongestFrame.BeginAsync(phone.Page, ".ms-screen-body");
        var watch = Stopwatch.StartNew();
        await phone.GoOnlineAsync();
        double? readings = null;
        while (await phone.CountAsync("outbox", "waiting") is var items && items + await phone.CountAsync("photos", "waiting") > 0)
        {
            readings ??= items == 0 ? watch.Elapsed.TotalSeconds : null;
            if (watch.Elapsed > s_within)
            {
                throw new BenchFailedException($"Not everything was sent within {s_within}. The bar: {await app.BarAsync()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250));
        }

        var seconds = watch.Elapsed.TotalSeconds;
        if (Environment.GetEnvironmentVariable("BENCH_CALLS") is not null)
        {
            Console.WriteLine(await phone.Page.EvaluateAsync<string>(Calls));
        }

        var (longest, count) = await LongestFrame.EndAsync(phone.Page);
        if (count < 20)
        {
            throw new BenchFailedException($"The list was drawn {count} times only.");
        }

        var after = (await ground.Scene.Office.Calls.GetAsync($"/api/v1/readings?agent_id={ground.Scene.Agent.Id}&limit=1")).GetProperty("total").GetInt32();
        return after - before == Readings
            ? (readings ?? seconds, seconds, longest)
            : throw new BenchFailedException($"The office has {after - before} readings of {Readings}.");
    }
}
