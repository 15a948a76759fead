using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MeterSync.Bench.Http;
using MeterSync.Bench.Load;
using MeterSync.Bench.Machine;

namespace MeterSync.Bench.Scenarios;

/// <summary>A supervisor's morning over a million readings: a cycle of all meters opens, they are spread over the agents in one request, its progress and the dashboard are
/// asked for; then all agents send their position every ten seconds.</summary>
internal static class WorkforceDay
{
    private const int Asked = 20;
    private const int MostAtOnce = 20_000;
    private const int SecondsBetweenPositions = 10;
    // A server that has run for an hour is meant: methods are compiled again after a thousand calls.
    private const int WarmUpSeconds = 20;
    private const string Password = "seven-quiet-herons";

    public static int Run(Options options)
    {
        var results = new ResultsFile("workforce", options);
        var target = Target.Parse(options.Text("target"));
        target.SignIn();
        using var connection = new HttpConnection(target.Address);
        var (agents, seconds) = (options.Number("agents", 500), options.Number("seconds", 30));
        var tokens = MakeAgents(target, connection, agents);
        var meters = MeterIds(target, connection);
        var (from, to) = (options.Text("window-from"), options.Text("window-to"));
        var (bulk, progress, dashboard) = (new List<double>(), new List<double>(), new List<double>());
        for (var run = 1; run <= options.Number("runs", 3); run++)
        {
            var cycle = Ask(target, connection, "/api/v1/read-cycles", $$"""{"name":"Bench {{run}}","window_from":"{{from}}","window_to":"{{to}}"}""").GetProperty("id").GetString();
            Ask(target, connection, $"/api/v1/read-cycles/{cycle}/open", "{}");
            var started = Stopwatch.GetTimestamp();
            var given = Ask(target, connection, "/api/v1/assignments/bulk", $$"""{"meter_ids":[{{string.Join(',', meters.Select(id => $"\"{id}\""))}}]}""").GetProperty("assigned").GetInt32();
            bulk.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            if (given != meters.Count)
                throw new BenchFailedException($"{given} of {meters.Count} meters were given.");
            progress.Add(Median(target, connection, $"/api/v1/read-cycles/{cycle}/progress"));
            dashboard.Add(Median(target, connection, "/api/v1/reports/dashboard"));
            var total = target.Ask(connection, target.Get($"/api/v1/read-cycles/{cycle}/progress")).RootElement.GetProperty("data").GetProperty("meters").GetProperty("total").GetInt32();
            results.Add(new() { ["what"] = $"run {run}", ["meters"] = total, ["bulk_s"] = bulk[^1], ["progress_ms"] = progress[^1], ["dashboard_ms"] = dashboard[^1] });
            Close(target, connection, cycle!);
        }

        results.Add(new() { ["what"] = $"give {meters.Count} meters to {agents} agents", ["value"] = ResultsFile.Median(bulk), ["goal"] = "<= 3 s", ["met"] = ResultsFile.Median(bulk) <= 3 ? "yes" : "NO" });
        results.Add(new() { ["what"] = "cycle progress", ["value"] = ResultsFile.Median(progress), ["goal"] = "<= 200 ms", ["met"] = ResultsFile.Median(progress) <= 200 ? "yes" : "NO" });
        results.Add(new() { ["what"] = "dashboard", ["value"] = ResultsFile.Median(dashboard), ["goal"] = "<= 200 ms", ["met"] = ResultsFile.Median(dashboard) <= 200 ? "yes" : "NO" });
        var share = Positions(target, tokens, seconds);
        results.Add(new() { ["what"] = $"{agents} agents send positions every {SecondsBetweenPositions} s, cores", ["value"] = share, ["goal"] = "<= 0.1 cores", ["met"] = share <= 0.1 ? "yes" : "NO" });
        results.Finish();
        return 0;
    }

    private static List<string> MakeAgents(Target target, HttpConnection connection, int count)
    {
        var tokens = new List<string>(count);
        for (var index = 0; index < count; index++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"walker{index:0000}");
            var user = Ask(target, connection, "/api/v1/users", $$"""{"email":"{{name}}@example.org","username":"{{name}}","name":"Walker {{index}}","role":"agent","password":"{{Password}}"}""").GetProperty("id").GetString();
            Ask(target, connection, "/api/v1/agents", $$"""{"user_id":"{{user}}","max_load":{{MostAtOnce}},"status":"available"}""");
            tokens.Add(target.Ask(connection, target.Post("/api/v1/auth/login", $$"""{"username":"{{name}}","password":"{{Password}}"}""")).RootElement.GetProperty("access_token").GetString()!);
        }

        return tokens;
    }

    private static List<string> MeterIds(Target target, HttpConnection connection)
    {
        var ids = new List<string>();
        var cursor = "";
        do
        {
            var data = target.Ask(connection, target.Get($"/api/v1/meters?limit=100&cursor={Uri.EscapeDataString(cursor)}")).RootElement.GetProperty("data");
            ids.AddRange(data.GetProperty("items").EnumerateArray().Select(meter => meter.GetProperty("id").GetString()!));
            cursor = data.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null && ids.Count < MostAtOnce);
        return ids[..Math.Min(ids.Count, MostAtOnce)];
    }

    private static double Median(Target target, HttpConnection connection, string path)
    {
        var milliseconds = new List<double>(Asked);
        for (var index = 0; index < Asked; index++)
        {
            var started = Stopwatch.GetTimestamp();
            target.Ask(connection, target.Get(path)).Dispose();
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return ResultsFile.Median(milliseconds);
    }

    private static void Close(Target target, HttpConnection connection, string cycle)
    {
        var job = Ask(target, connection, $"/api/v1/read-cycles/{cycle}/close", """{"missed":"leave"}""").GetProperty("id").GetString();
        while (true)
        {
            var status = target.Ask(connection, target.Get($"/api/v1/read-cycles/{cycle}/close/{job}")).RootElement.GetProperty("data").GetProperty("status").GetString();
            if (status == "completed")
                return;
            if (status is "failed" or "cancelled")
                throw new BenchFailedException($"The cycle was not closed: {status}.");
            Thread.Sleep(100);
        }
    }

    /// <returns>Cores the server took.</returns>
    private static double Positions(Target target, List<string> tokens, int seconds)
    {
        Send(tokens.Count, WarmUpSeconds, index => Position(tokens[index % tokens.Count], 0));
        var cpu = target.CpuSeconds;
        Send(tokens.Count / SecondsBetweenPositions, seconds, index => Position(tokens[index % tokens.Count], index));
        return (target.CpuSeconds - cpu) / seconds;

        void Send(int perSecond, int during, Func<int, byte[]> request)
        {
            var tally = new PacedTally();
            var threads = PacedRequests.Lines(8, perSecond, during, target, request, tally).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            if (tally.Of(200) != tally.Milliseconds.Count)
                throw new BenchFailedException($"Answers other than 200: {tally}");
        }
    }

    private static byte[] Position(string token, int index)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $$"""{"latitude":{{51.5 + (index * 0.00001)}},"longitude":-0.12,"accuracy_m":6}""");
        return Encoding.ASCII.GetBytes($"PUT /api/v1/agents/me/location HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    private static JsonElement Ask(Target target, HttpConnection connection, string path, string body) => target.Ask(connection, target.Post(path, body)).RootElement.GetProperty("data");
}
