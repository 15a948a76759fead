using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;

namespace MeterSync.BrowserBench.Gauges;

/// <summary>Bytes of JavaScript that came over the wire for a page, as they were encoded, heads left out. What a service worker fetches ahead is not the page's.</summary>
internal sealed class ScriptBytes
{
    private readonly ConcurrentDictionary<string, string> _scripts = new();
    private readonly ConcurrentDictionary<string, double> _bytes = new();
    private readonly ConcurrentDictionary<string, double> _heads = new();

    private ScriptBytes()
    {
    }

    public double Total => _scripts.Keys.Sum(Of);

    /// <summary>By path, the largest first.</summary>
    public IReadOnlyList<(string Path, double Bytes)> Files =>
        [.. _scripts.Select(script => (new Uri(script.Value).AbsolutePath, Of(script.Key))).OrderByDescending(file => file.Item2)];

    /// <summary>Counts from now on.</summary>
    public static async Task<ScriptBytes> WatchAsync(IPage page)
    {
        var counted = new ScriptBytes();
        var session = await page.Context.NewCDPSessionAsync(page);
        session.Event("Network.responseReceived").OnEvent += (_, told) => counted.Received(told!.Value);
        session.Event("Network.loadingFinished").OnEvent += (_, told) => counted._bytes[Id(told!.Value)] = told.Value.GetProperty("encodedDataLength").GetDouble();
        await session.SendAsync("Network.enable");
        return counted;
    }

    private static string Id(JsonElement told) => told.GetProperty("requestId").GetString()!;

    private void Received(JsonElement told)
    {
        var response = told.GetProperty("response");
        if (told.GetProperty("type").GetString() == "Script" || response.GetProperty("mimeType").GetString() is "text/javascript" or "application/javascript")
        {
            _heads[Id(told)] = response.GetProperty("encodedDataLength").GetDouble();
            _scripts[Id(told)] = response.GetProperty("url").GetString()!;
        }
    }

    private double Of(string id) => Math.Max(0, _bytes.GetValueOrDefault(id) - _heads.GetValueOrDefault(id));
}
