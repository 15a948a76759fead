using System.Globalization;
using MeterSync.Bench.Http;
using MeterSync.Bench.Load;
using MeterSync.Bench.Machine;

namespace MeterSync.Bench.Scenarios;

/// <summary>Reads at a fixed pace, first alone and then while many more people try to sign in than passwords can be checked. Requests are sent when they are
/// due, whether or not earlier ones were answered: what the server makes wait shows.</summary>
internal static class SignInsBesideReads
{
    private const int Readers = 16;
    private const int SignInLines = 64;

    public static int Run(Options options)
    {
        var results = new ResultsFile("sign-ins", options);
        var target = Target.Parse(options.Text("target"));
        var (reads, signIns, seconds) = (options.Number("reads", 200), options.Number("sign-ins", 50), options.Number("seconds", 20));
        var names = options.Text("names").Split(',');
        var beside = new List<double>();
        var alone = new List<double>();
        var signedIn = 0;
        target.SignIn();
        _ = Pace(target, reads, 0, 5, names);
        for (var run = 1; run <= options.Number("runs", 3); run++)
        {
            target.SignIn();
            foreach (var wanted in new[] { 0, signIns })
            {
                var cpu = target.CpuSeconds;
                var (reading, signing) = Pace(target, reads, wanted, seconds, names);
                (wanted == 0 ? alone : beside).Add(PacedRequests.Percentile(reading.Milliseconds, 0.95));
                signedIn += signing.Of(200);
                results.Add(new()
                {
                    ["what"] = string.Create(CultureInfo.InvariantCulture, $"run {run}, {wanted} sign-ins/s wanted"),
                    ["reads/s"] = reading.Milliseconds.Count / (double)seconds,
                    ["p50_ms"] = PacedRequests.Percentile(reading.Milliseconds, 0.5),
                    ["p95_ms"] = PacedRequests.Percentile(reading.Milliseconds, 0.95),
                    ["p99_ms"] = PacedRequests.Percentile(reading.Milliseconds, 0.99),
                    ["signed_in/s"] = signing.Of(200) / (double)seconds,
                    ["refused_503/s"] = signing.Of(503) / (double)seconds,
                    ["sign_in_p95_ms"] = signing.Milliseconds.Count == 0 ? null : PacedRequests.Percentile(signing.Milliseconds, 0.95),
                    ["server_cores"] = (target.CpuSeconds - cpu) / seconds,
                });
                if (reading.Of(200) != reading.Milliseconds.Count || signing.Of(200) + signing.Of(503) != signing.Milliseconds.Count)
                    throw new BenchFailedException($"Answers other than 200 (and 503 to sign-ins): {reading} {signing}");
            }
        }
        var (quiet, busy) = (ResultsFile.Median(alone), ResultsFile.Median(beside));
        results.Add(new() { ["what"] = "reads beside sign-ins, median", ["p95_ms"] = busy, ["value"] = busy / quiet, ["goal"] = "p95 <= 50 ms, sign-ins go on", ["met"] = busy <= 50 && signedIn > 0 ? "yes" : "NO" });
        results.Finish();
        return 0;
    }

    private static (PacedTally Reads, PacedTally SignIns) Pace(Target target, int readsPerSecond, int signInsPerSecond, int seconds, string[] names)
    {
        var (reads, signIns) = (new PacedTally(), new PacedTally());
        var read = target.Get("/api/v1/readings?limit=20");
        var logins = names.Select(name => target.Post("/api/v1/auth/login", $$"""{"username":"{{name}}","password":"admin123"}""")).ToArray();
        var threads = PacedRequests.Lines(Readers, readsPerSecond, seconds, target, _ => read, reads).Concat(PacedRequests.Lines(signInsPerSecond == 0 ? 0 : SignInLines, signInsPerSecond, seconds, target, index => logins[index % logins.Length], signIns)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return (reads, signIns);
    }
}
