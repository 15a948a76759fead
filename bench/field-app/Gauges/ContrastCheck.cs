using System.Text.Json;
using MeterSync.Bench;
using MeterSync.Browser.Tests.Support;
using Microsoft.Playwright;

namespace MeterSync.BrowserBench.Gauges;

/// <summary>What axe-core says of a screen by the rules of WCAG 2.2 A and AA, contrast among them.</summary>
internal static class ContrastCheck
{
    private const string Run = """
        async () => {
          const found = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"] });
          return JSON.stringify(found.violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.slice(0, 3).map((node) => node.target.join(" ")), count: nodes.length })));
        }
        """;

    private static readonly Lazy<string> s_axe = new(() =>
    {
        var path = Path.Combine(Repository.Root, "web", "node_modules", "axe-core", "axe.min.js");
        return File.Exists(path) ? File.ReadAllText(path) : throw new BenchFailedException("web/node_modules has no axe-core: npm ci in web first.");
    });

    /// <returns>One line a rule that is broken, with places; nothing where none is.</returns>
    public static async Task<IReadOnlyList<string>> FaultsAsync(IPage page)
    {
        // Evaluated, not added as an element, which the page's own policy would refuse.
        await page.EvaluateAsync($"() => {{ {s_axe.Value} }}");
        using var document = JsonDocument.Parse(await page.EvaluateAsync<string>(Run));
        return
        [
            .. document.RootElement.EnumerateArray().Select(fault =>
                $"{fault.GetProperty("id").GetString()}: {fault.GetProperty("help").GetString()} ({fault.GetProperty("count").GetInt32()}: {string.Join("; ", fault.GetProperty("where").EnumerateArray().Select(where => where.GetString()))})"),
        ];
    }
}
