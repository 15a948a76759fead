using System.Globalization;
using System.Text.Json;
using MeterSync.Browser.Tests.Support;
using Microsoft.Playwright;

namespace MeterSync.BrowserBench.Gauges;

/// <summary>Whether a phone would install the application: what Chromium itself says, and what it does not look at.</summary>
internal static class InstallCheck
{
    private const string Read = """
        async () => {
          const link = document.querySelector("link[rel=manifest]");
          if (!link) return null;
          const answer = await fetch(link.href);
          const manifest = await answer.json();
          const icons = await Promise.all((manifest.icons ?? []).map(async (icon) => {
            const picture = await fetch(new URL(icon.src, link.href)).then((one) => one.ok ? one.blob() : null);
            if (!picture) return { src: icon.src, purpose: icon.purpose ?? "any", sizes: icon.sizes ?? "", width: 0 };
            const width = picture.type === "image/svg+xml" ? Infinity : (await createImageBitmap(picture)).width;
            return { src: icon.src, purpose: icon.purpose ?? "any", sizes: icon.sizes ?? "", width: width === Infinity ? 100000 : width };
          }));
          const worker = await navigator.serviceWorker?.getRegistration();
          return JSON.stringify({
            name: manifest.name ?? "", short_name: manifest.short_name ?? "", display: manifest.display ?? "", icons,
            theme_color: manifest.theme_color ?? "", background_color: manifest.background_color ?? "",
            starts_in_scope: new URL(manifest.start_url ?? "", link.href).href.startsWith(new URL(manifest.scope ?? ".", link.href).href),
            viewport: document.querySelector("meta[name=viewport]")?.content ?? "", lang: document.documentElement.lang,
            active: Boolean(worker?.active), controlled: Boolean(navigator.serviceWorker?.controller),
          });
        }
        """;

    /// <returns>What stands in the way, in words; nothing where it can be installed.</returns>
    public static async Task<IReadOnlyList<string>> FaultsAsync(Phone phone)
    {
        if (await phone.Page.EvaluateAsync<string?>(Read) is not { } text)
        {
            return ["the page names no manifest"];
        }

        using var document = JsonDocument.Parse(text);
        var told = document.RootElement;
        var faults = new List<string>();
        Want(told.GetProperty("name").GetString() is { Length: > 0 }, "the manifest has no name");
        Want(told.GetProperty("short_name").GetString() is { Length: > 0 and <= 12 }, "the manifest has no short name of at most 12 letters");
        Want(told.GetProperty("display").GetString() is "standalone" or "fullscreen", "the manifest does not ask to stand alone");
        Want(told.GetProperty("theme_color").GetString() is { Length: > 0 } && told.GetProperty("background_color").GetString() is { Length: > 0 }, "the manifest has no colours");
        Want(told.GetProperty("starts_in_scope").GetBoolean(), "the manifest begins outside of its scope");
        Want(told.GetProperty("viewport").GetString()!.Contains("width=device-width", StringComparison.Ordinal), "the page has no viewport of the device's width");
        Want(!told.GetProperty("viewport").GetString()!.Contains("user-scalable=no", StringComparison.Ordinal), "the page forbids to zoom");
        Want(told.GetProperty("lang").GetString() is { Length: > 0 }, "the page names no language");
        Want(told.GetProperty("active").GetBoolean() && told.GetProperty("controlled").GetBoolean(), "no service worker is in control");
        var icons = told.GetProperty("icons").EnumerateArray().ToList();
        foreach (var width in (int[])[192, 512])
        {
            Want(icons.Any(icon => Width(icon) >= width && Sizes(icon).Contains(string.Create(CultureInfo.InvariantCulture, $"{width}x{width}"), StringComparison.Ordinal)), $"there is no icon of {width} px");
        }

        Want(icons.Any(icon => icon.GetProperty("purpose").GetString()!.Contains("maskable", StringComparison.Ordinal)), "no icon is maskable");
        faults.AddRange(icons.Where(icon => Width(icon) == 0).Select(icon => $"the icon {icon.GetProperty("src").GetString()} is not there"));
        faults.AddRange(await OfBrowserAsync(phone.Page));
        return faults;

        void Want(bool isSo, string otherwise)
        {
            if (!isSo)
            {
                faults.Add(otherwise);
            }
        }
    }

    private static double Width(JsonElement icon) => icon.GetProperty("width").GetDouble();

    private static string Sizes(JsonElement icon) => icon.GetProperty("sizes").GetString()!;

    private static async Task<IEnumerable<string>> OfBrowserAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        var told = await session.SendAsync("Page.getInstallabilityErrors");
        return told!.Value.GetProperty("installabilityErrors").EnumerateArray()
            .Select(error => error.GetProperty("errorId").GetString()!)
            // A profile that tests drive counts as one that installs nothing.
            .Where(error => error != "in-incognito")
            .Select(error => $"Chromium says {error}");
    }
}
