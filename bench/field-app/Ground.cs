using System.Diagnostics;
using MeterSync.Bench;
using MeterSync.Bench.Machine;
using MeterSync.Browser.Tests.Support;
using Microsoft.Playwright;

namespace MeterSync.BrowserBench;

/// <summary>A server with one reader and so many meters for each measure that needs its own.</summary>
internal sealed class Ground : IAsyncDisposable
{
    /// <summary>Meters of the list that a cold start shows, of the one that is searched, and of the one whose readings are drained.</summary>
    public const int ListMeters = 2_000;
    public const int SearchMeters = 5_000;
    public const int DrainMeters = 3_100;
    public const int SaveMeters = 60;

    /// <summary>A mid-range phone beside this machine, for the main thread of the page.</summary>
    public const double SlowedBy = 6;

    private Ground(RunningServer server, FieldScene scene) => (Server, Scene) = (server, scene);

    public RunningServer Server { get; }

    public FieldScene Scene { get; }

    public static async Task<Ground> PrepareAsync(IPlaywright playwright, int meters)
    {
        var server = await RunningServer.StartAsync(playwright, new() { DemoData = false });
        try
        {
            return new(server, await FieldScene.CreateAsync(playwright, server.BaseAddress, new(Meters: meters)));
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>How long the grounds take to make, so that a slow one is noticed before a benchmark waits for it. Options: <c>--results</c>.</summary>
    public static async Task<int> MeasureAsync(IPlaywright playwright, Options options)
    {
        var goals = new Goals(new ResultsFile("field-app-ground", options));
        foreach (var meters in (int[])[ListMeters, SearchMeters])
        {
            var watch = Stopwatch.StartNew();
            await using var ground = await PrepareAsync(playwright, meters);
            goals.Fact($"a server, and a round of {meters} meters with three earlier readings each, s", watch.Elapsed.TotalSeconds);
        }

        goals.Finish();
        return 0;
    }

    /// <summary>Makes a ground for somebody who looks into it with a browser of their own, until a line is typed. Options: <c>--meters</c>.</summary>
    public static async Task<int> HoldAsync(IPlaywright playwright, Options options)
    {
        await using var ground = await PrepareAsync(playwright, options.Number("meters", ListMeters));
        Console.WriteLine($"{new Uri(ground.Server.BaseAddress, FieldApp.Home)} {ground.Scene.Agent.Username} {ground.Scene.Agent.Password}");
        await Console.In.ReadLineAsync();
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        await Scene.DisposeAsync();
        await Server.DisposeAsync();
    }
}
