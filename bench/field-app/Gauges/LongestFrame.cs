using Microsoft.Playwright;

namespace MeterSync.BrowserBench.Gauges;

/// <summary>The longest time between two frames of a page while its list is scrolled. Milliseconds.</summary>
internal static class LongestFrame
{
    private const string Begin = """
        (selector) => {
          const list = selector ? document.querySelector(selector) : document.scrollingElement;
          if (!list) throw new Error(`nothing is ${selector}`);
          const seen = { longest: 0, frames: 0, on: true, way: 1 };
          globalThis.__frames = seen;
          let last = performance.now();
          const step = (now) => {
            if (!seen.on) return;
            seen.longest = Math.max(seen.longest, now - last);
            seen.frames++;
            last = now;
            const before = list.scrollTop;
            list.scrollTop += 60 * seen.way;
            if (list.scrollTop === before) seen.way = -seen.way;
            requestAnimationFrame(step);
          };
          requestAnimationFrame((now) => { last = now; requestAnimationFrame(step); });
        }
        """;

    /// <param name="scroller">CSS selector of what scrolls; null: the document.</param>
    public static Task BeginAsync(IPage page, string? scroller) => page.EvaluateAsync(Begin, scroller);

    /// <returns>The longest frame, and how many there were.</returns>
    public static async Task<(double Longest, int Frames)> EndAsync(IPage page)
    {
        var seen = await page.EvaluateAsync<double[]>("() => { const seen = globalThis.__frames; seen.on = false; return [seen.longest, seen.frames]; }");
        return (seen[0], (int)seen[1]);
    }
}
