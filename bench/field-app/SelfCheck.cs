using System.Globalization;
using MeterSync.Bench;
using MeterSync.Browser.Tests.Support;
using MeterSync.BrowserBench.Gauges;
using Microsoft.Playwright;

namespace MeterSync.BrowserBench;

/// <summary>Every gauge against a page whose numbers are known: a gauge that never moves shows nothing.</summary>
internal static class SelfCheck
{
    private const int ScriptSize = 40_000;
    private static readonly Uri s_nobody = new("http://127.0.0.1:9");

    private const string Bad = """
        <!doctype html><html><head><title>Gauge</title></head><body style="height:5000px;background:#fff"><p style="color:#ddd;background:#fff">Hardly to be read</p><script src="/gauge/a.js"></script></body></html>
        """;

    private const string Good = """
        <!doctype html><html lang="en"><head><title>Gauge</title><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><link rel="manifest" href="/gauge/manifest.json"></head>
        <body><main><h1>Easily read</h1></main><script>navigator.serviceWorker.register("/gauge/worker.js");</script></body></html>
        """;

    private const string Manifest = """
        { "name": "Gauge of gauges", "short_name": "Gauge", "display": "standalone", "start_url": "/gauge/good", "scope": "/gauge/", "theme_color": "#111", "background_color": "#fff",
          "icons": [{ "src": "/gauge/icon.svg", "sizes": "192x192 512x512 any", "type": "image/svg+xml", "purpose": "any" }, { "src": "/gauge/icon.svg", "sizes": "512x512", "type": "image/svg+xml", "purpose": "maskable" }] }
        """;

    private const string Worker = """
        self.addEventListener("install", () => self.skipWaiting());
        self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
        self.addEventListener("fetch", (event) => event.respondWith(fetch(event.request)));
        """;

    /// <exception cref="BenchFailedException">A gauge shows something else than what is there.</exception>
    public static async Task RunAsync(IPlaywright playwright)
    {
        await using var network = FaultyNetwork.Open(s_nobody);
        Serve("/gauge/bad", Bad, "text/html");
        Serve("/gauge/good", Good, "text/html");
        Serve("/gauge/manifest.json", Manifest, "application/manifest+json");
        Serve("/gauge/worker.js", Worker, "text/javascript");
        Serve("/gauge/icon.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='512' height='512'><rect width='512' height='512'/></svg>", "image/svg+xml");
        Serve("/gauge/a.js", $"/*{new string('x', ScriptSize - 4)}*/", "text/javascript");
        await using var phone = await Phone.SwitchOnAsync(playwright, network);

        var bytes = await ScriptBytes.WatchAsync(phone.Page);
        await phone.GotoAsync("/gauge/bad");
        Want(bytes.Total is >= ScriptSize - 200 and <= ScriptSize + 200, $"a script of {ScriptSize} bytes counts {bytes.Total}");

        await phone.Page.EvaluateAsync("() => { performance.mark('begin'); setTimeout(() => performance.mark('end'), 200); }");
        var between = await Marks.AtAsync(phone.Page, "end") - await Marks.AtAsync(phone.Page, "begin");
        Want(between is >= 195 and < 2_000, string.Create(CultureInfo.InvariantCulture, $"200 ms between two marks are {between}"));

        await LongestFrame.BeginAsync(phone.Page, null);
        await phone.Page.EvaluateAsync("() => new Promise((resolve) => setTimeout(() => { const end = performance.now() + 400; while (performance.now() < end); setTimeout(resolve, 300); }, 300))");
        var (longest, frames) = await LongestFrame.EndAsync(phone.Page);
        Want(longest is >= 350 and < 1_000 && frames > 5, string.Create(CultureInfo.InvariantCulture, $"a frame of 400 ms is {longest}, of {frames}"));
        Want(await phone.Page.EvaluateAsync<double>("scrollY") > 0, "the page was not scrolled");

        await SlowedAsync(phone);
        Want((await ContrastCheck.FaultsAsync(phone.Page)).Any(fault => fault.StartsWith("color-contrast", StringComparison.Ordinal)), "axe-core sees no fault in #ddd on #fff");
        Want((await InstallCheck.FaultsAsync(phone)).Count > 0, "a page without a manifest could be installed");

        await phone.GotoAsync("/gauge/good");
        await phone.Page.EvaluateAsync("() => navigator.serviceWorker.ready");
        await phone.GotoAsync("/gauge/good");
        Want(await ContrastCheck.FaultsAsync(phone.Page) is [], "axe-core sees a fault where there is none");
        var faults = await InstallCheck.FaultsAsync(phone);
        Want(faults.Count == 0, $"a page that can be installed cannot: {string.Join(", ", faults)}");
        Want(phone.ErrorsOfTheApp.Count == 0, $"errors: {string.Join(", ", phone.ErrorsOfTheApp)}");

        void Serve(string path, string body, string type) => network.On("GET", path, new NetworkFault.Answer(200, body, type));
    }

    /// <summary>The same work takes several times as long on a phone that is slowed down.</summary>
    private static async Task SlowedAsync(Phone phone)
    {
        const string Work = "() => { const begun = performance.now(); let sum = 0; for (let at = 0; at < 2e7; at++) sum += Math.sqrt(at); return performance.now() - begun + (sum < 0 ? 1 : 0); }";
        await phone.Page.EvaluateAsync<double>(Work);
        var fast = await phone.Page.EvaluateAsync<double>(Work);
        await phone.SlowDownAsync(6);
        var slow = await phone.Page.EvaluateAsync<double>(Work);
        await phone.SlowDownAsync(1);
        Want(slow > 3 * fast, string.Create(CultureInfo.InvariantCulture, $"work of {fast:0} ms takes {slow:0} ms when slowed down 6 times"));
    }

    private static void Want(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new BenchFailedException($"A gauge is wrong: {otherwise}.");
        }
    }
}
