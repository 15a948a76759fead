using MeterSync.Bench;
using Microsoft.Playwright;

namespace MeterSync.BrowserBench.Gauges;

/// <summary>What the application says about itself with <c>performance.mark</c>. Milliseconds.</summary>
internal static class Marks
{
    private const string Wait = """
        async ([name, nth, most]) => {
          const end = performance.now() + most;
          for (;;) {
            const marks = performance.getEntriesByName(name, "mark");
            if (marks.length >= nth) return marks[nth - 1].startTime;
            if (performance.now() > end) return -1;
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
        }
        """;

    /// <summary>Waits for a mark.</summary>
    /// <param name="nth">Which one of that name, from 1.</param>
    /// <returns>When it was made, since the page was asked for.</returns>
    /// <exception cref="BenchFailedException">It is not made within a minute.</exception>
    public static async Task<double> AtAsync(IPage page, string name, int nth = 1)
    {
        const double Most = 60_000;
        var at = await page.EvaluateAsync<double>(Wait, new object[] { name, nth, Most });
        return at >= 0 ? at : throw new BenchFailedException($"The page did not come to {name}, number {nth}.");
    }

    /// <summary>How many of that name there are.</summary>
    public static Task<int> CountAsync(IPage page, string name) => page.EvaluateAsync<int>("(name) => performance.getEntriesByName(name, 'mark').length", name);

    /// <summary>Lets something be done and gives the time between the two marks it makes.</summary>
    public static async Task<double> BetweenAsync(IPage page, string begin, string end, Func<Task> action)
    {
        var (begun, ended) = (await CountAsync(page, begin), await CountAsync(page, end));
        await action();
        return await AtAsync(page, end, ended + 1) - await AtAsync(page, begin, begun + 1);
    }
}
