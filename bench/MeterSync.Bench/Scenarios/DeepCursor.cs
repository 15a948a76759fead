using System.Diagnostics;
using System.Globalization;
using MeterSync.Bench.Http;
using MeterSync.Bench.Machine;

namespace MeterSync.Bench.Scenarios;

/// <summary>What a page of 20 costs by cursor at the front of the list and ten thousand pages in. The walk there takes pages of 100.</summary>
internal static class DeepCursor
{
    private const int Repeats = 200;

    public static IEnumerable<Dictionary<string, object?>> Measure(Target target, int depthPages, int runs)
    {
        using var connection = new HttpConnection(target.Address);
        var front = NextCursor(target, connection, "/api/v1/readings?limit=20");
        var cursor = NextCursor(target, connection, "/api/v1/readings?limit=100");
        for (var walked = 100; walked < depthPages * 20; walked += 100)
            cursor = NextCursor(target, connection, "/api/v1/readings?limit=100&cursor=" + Uri.EscapeDataString(cursor));

        var requests = new[] { PageRequest(target, front), PageRequest(target, cursor) };
        var medians = new[] { new List<double>(), new List<double>() };
        for (var run = 0; run < runs; run++)
        {
            // Taken in turn, so that a slow moment of the machine falls on both.
            var times = new[] { new double[Repeats], new double[Repeats] };
            for (var i = 0; i < 2 * Repeats; i++)
                times[i % 2][i / 2] = Milliseconds(target, connection, requests[i % 2]);
            medians[0].Add(ResultsFile.Median(times[0]));
            medians[1].Add(ResultsFile.Median(times[1]));
        }
        var (first, last) = (ResultsFile.Median(medians[0]), ResultsFile.Median(medians[1]));
        yield return new() { ["what"] = "cursor page 2", ["server"] = target.Name, ["requests"] = runs * Repeats, ["p50_ms"] = first };
        yield return new()
        {
            ["what"] = string.Create(CultureInfo.InvariantCulture, $"cursor page {depthPages}"),
            ["server"] = target.Name,
            ["requests"] = runs * Repeats,
            ["p50_ms"] = last,
            ["value"] = last / first,
            ["goal"] = "same cost (<= 1.2)",
            ["met"] = last <= first * 1.2 ? "yes" : "NO",
        };
    }

    private static byte[] PageRequest(Target target, string cursor) =>
        target.Get("/api/v1/readings?limit=20&cursor=" + Uri.EscapeDataString(cursor));

    private static double Milliseconds(Target target, HttpConnection connection, byte[] request)
    {
        var sent = Stopwatch.GetTimestamp();
        var status = connection.Exchange(request, out _);
        var elapsed = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
        return status == 200 ? elapsed : throw new BenchFailedException($"{target.Name} answered {status} to a cursor page.");
    }

    private static string NextCursor(Target target, HttpConnection connection, string path)
    {
        using var answer = target.Ask(connection, target.Get(path));
        return answer.RootElement.GetProperty("data").GetProperty("next_cursor").GetString()
            ?? throw new BenchFailedException($"{target.Name} gives no next_cursor for {path}.");
    }
}
