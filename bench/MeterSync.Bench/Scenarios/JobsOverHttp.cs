using System.Diagnostics;
using System.Text;
using System.Text.Json;
using MeterSync.Bench.Http;
using MeterSync.Bench.Machine;

namespace MeterSync.Bench.Scenarios;

/// <summary>The same import or export through a serving process: time from the POST to the finished job (for an export, to the last byte
/// downloaded), and the serving process's peak memory meanwhile.</summary>
internal static class JobsOverHttp
{
    public static int Run(Options options)
    {
        var results = new ResultsFile("jobs", options);
        var target = Target.Parse(options.Text("target"));
        target.SignIn();
        if (options.Find("import-meters") is { } file)
            Measure(results, target, "import job", Upload(target, file), "/api/v1/meters/import/", download: false);
        if (options.Find("export-body") is { } body)
            Measure(results, target, "export job", target.Post("/api/v1/export/csv", body), "/api/v1/export/status/", download: true);
        results.Finish();
        return 0;
    }

    private static void Measure(ResultsFile results, Target target, string name, byte[] request, string statusPath, bool download)
    {
        foreach (var root in target.ProcessIds)
            ProcessTree.ForgetPeak(root);
        var cpu = target.CpuSeconds;
        var started = Stopwatch.GetTimestamp();
        using var connection = new HttpConnection(target.Address);
        using var accepted = target.Ask(connection, request);
        var id = accepted.RootElement.GetProperty("data").GetProperty("id").GetString();
        while (true)
        {
            using var answer = target.Ask(connection, target.Get(statusPath + id));
            var job = answer.RootElement.GetProperty("data");
            var status = job.GetProperty("status").GetString();
            if (status is "failed" or "cancelled")
                throw new BenchFailedException($"{name} ended {status}: {job.GetProperty("message")}");
            if (status == "completed")
            {
                var size = download ? Download(target, connection, job) : 0;
                results.Add(new()
                {
                    ["what"] = name,
                    ["server"] = target.Name,
                    ["wall_s"] = Stopwatch.GetElapsedTime(started).TotalSeconds,
                    ["cpu_s"] = target.CpuSeconds - cpu,
                    ["peak_mib"] = target.PeakMebibytes,
                    ["bytes"] = size,
                });
                return;
            }
            Thread.Sleep(50);
        }
    }

    private static int Download(Target target, HttpConnection connection, JsonElement job)
    {
        var address = new Uri(target.Address, job.GetProperty("download_url").GetString());
        var status = connection.Exchange(target.Get(address.PathAndQuery), out var body);
        return status == 200 ? body.Length : throw new BenchFailedException($"The download answered {status}.");
    }

    private static byte[] Upload(Target target, string file)
    {
        const string Boundary = "metersync-bench-7d1f";
        var head = $"--{Boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"meters.csv\"\r\nContent-Type: text/csv\r\n\r\n";
        byte[] body = [.. Encoding.ASCII.GetBytes(head), .. File.ReadAllBytes(file), .. Encoding.ASCII.GetBytes($"\r\n--{Boundary}--\r\n")];
        return target.Post("/api/v1/meters/import", "multipart/form-data; boundary=" + Boundary, body);
    }
}
