using MeterSync.Bench;
using MeterSync.Browser.Tests.Support;
using MeterSync.BrowserBench.Gauges;
using Microsoft.Playwright;

namespace MeterSync.BrowserBench.Runs;

/// <summary>From a keystroke in the search to the list that it found, on the glass.</summary>
internal static class Searching
{
    private const double MostMilliseconds = 50;

    /// <summary>A street, an owner, the end of a serial number, another street.</summary>
    private static readonly string[] s_asked = ["harbour street 1", "household 4021", "00417", "quarry hill 20"];

    public static async Task MeasureAsync(IPlaywright playwright, Goals goals, int runs)
    {
        await using var ground = await Ground.PrepareAsync(playwright, Ground.SearchMeters);
        await using var phone = await Phone.SwitchOnAsync(playwright, ground.Server.BaseAddress);
        var app = new FieldApp(phone);
        await app.SignInAsync(ground.Scene.Agent);
        await phone.Page.WaitForFunctionAsync($"() => document.body.innerText.includes('of {Ground.SearchMeters.ToString("N0", System.Globalization.CultureInfo.GetCultureInfo("en-GB"))}') || document.body.innerText.includes('of {Ground.SearchMeters}')", null, new() { Timeout = 60_000 });
        await app.ShowAsync("/search");
        var field = phone.Page.GetByRole(AriaRole.Searchbox);
        await field.WaitForAsync();
        await phone.SlowDownAsync(Ground.SlowedBy);
        var (medians, worst) = (new List<double>(), new List<double>());
        for (var run = 0; run <= runs; run++)
        {
            var times = new List<double>();
            foreach (var asked in s_asked)
            {
                await field.FillAsync("");
                foreach (var key in asked)
                {
                    times.Add(await Marks.BetweenAsync(phone.Page, "ms:search-begin", "ms:search-shown", () => phone.Page.Keyboard.TypeAsync(key.ToString())));
                }

                if (!(await phone.Page.Locator(".ms-screen-body .ms-serial").CountAsync() > 0))
                {
                    throw new BenchFailedException($"Nothing was found for {asked}.");
                }
            }

            if (run > 0)
            {
                times.Sort();
                medians.Add(times[times.Count / 2]);
                worst.Add(times[(int)(times.Count * 0.95)]);
            }
        }

        goals.Add($"keystroke of a search over {Ground.SearchMeters} meters to its list, at 6x, median, ms", medians, MostMilliseconds);
        goals.Add($"keystroke of a search over {Ground.SearchMeters} meters to its list, at 6x, 95 of 100, ms", worst, MostMilliseconds);
    }
}
