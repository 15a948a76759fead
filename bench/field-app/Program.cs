using MeterSync.Bench;
using MeterSync.Bench.Machine;
using MeterSync.BrowserBench;
using MeterSync.BrowserBench.Runs;
using Microsoft.Playwright;

if (args.Length == 0)
{
    Console.Error.WriteLine("Usage: MeterSync.FieldApp.Bench self-check|ground|hold|measure [--option value ...]");
    return 2;
}

var options = new Options(args[1..]);
using var playwright = await Playwright.CreateAsync();
try
{
    switch (args[0])
    {
        case "self-check":
            await SelfCheck.RunAsync(playwright);
            Console.WriteLine("every gauge shows what is there");
            return 0;
        case "ground":
            return await Ground.MeasureAsync(playwright, options);
        case "hold":
            return await Ground.HoldAsync(playwright, options);
        case "measure":
            return await MeasureAsync(playwright, options);
        default:
            throw new BenchFailedException($"There is no scenario '{args[0]}'.");
    }
}
catch (BenchFailedException failure)
{
    Console.Error.WriteLine($"FAILED: {failure.Message}");
    return 1;
}

static async Task<int> MeasureAsync(IPlaywright playwright, Options options)
{
    var runs = options.Number("runs", 3);
    var only = (options.Find("only") is { Length: > 0 } some ? some : "cold-start saving searching draining draining-slowed checks").Split(' ');
    var goals = new Goals(new ResultsFile("field-app", options));
    if (only.Contains("cold-start"))
    {
        await ColdStart.MeasureAsync(playwright, goals, runs);
    }

    if (only.Contains("saving"))
    {
        await Saving.MeasureAsync(playwright, goals, runs);
    }

    if (only.Contains("searching"))
    {
        await Searching.MeasureAsync(playwright, goals, runs);
    }

    if (only.Contains("draining"))
    {
        await Draining.MeasureAsync(playwright, goals, runs, 1);
    }

    if (only.Contains("draining-slowed"))
    {
        await Draining.MeasureAsync(playwright, goals, runs, Ground.SlowedBy);
    }

    if (only.Contains("checks"))
    {
        await Checks.MeasureAsync(playwright, goals);
    }

    goals.Finish();
    return goals.Missed == 0 ? 0 : 1;
}
