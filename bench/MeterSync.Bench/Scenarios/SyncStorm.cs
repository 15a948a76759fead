using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MeterSync.Bench.Field;
using MeterSync.Bench.Field.Phones;
using MeterSync.Bench.Field.Stands;
using MeterSync.Bench.Http;
using MeterSync.Bench.Load;
using MeterSync.Bench.Machine;

namespace MeterSync.Bench.Scenarios;

/// <summary>The same batch fifty times at the same time; then all agents bring their day within one minute, each batch sent when it is due.</summary>
/// <remarks>Options: those of <see cref="FieldGround"/>; --agents 500, --readings 200 (each), --batch 100, --seconds 60, --months 0 of history, --seed 1.</remarks>
internal static class SyncStorm
{
    private const int Copies = 50;
    private const int InCopiedBatch = 100;
    private const int Lines = 32;

    public static int Run(Options options)
    {
        var (agents, readings, batch, seconds) = (options.Number("agents", 500), options.Number("readings", 200), options.Number("batch", 100), options.Number("seconds", 60));
        using var ground = new FieldGround(options);
        ground.Postgres?.CreateDatabase("metersync");
        using var stand = ground.Stand(Path.Combine(ground.Folder, "server"), "metersync", "storm/");
        // One agent more, for the copies.
        var fleet = FieldFleet.Create(stand, ground.Folder, agents + 1, Math.Max(readings, InCopiedBatch), options.Number("months", 0), options.Number("seed", 1));
        var results = new ResultsFile("sync-storm", options);
        var target = stand.SignIn();
        using var connection = new HttpConnection(target.Address);
        var (applied, fine) = Copied(stand, target, connection, fleet.Agents[agents]);
        results.Add(new() { ["what"] = $"{Copies} identical batches of {InCopiedBatch} at once: successful answers", ["value"] = fine, ["goal"] = $"{Copies}", ["met"] = fine == Copies ? "yes" : "NO" });
        results.Add(new() { ["what"] = "  items applied, all answers together", ["value"] = applied, ["goal"] = $"{InCopiedBatch}", ["met"] = applied == InCopiedBatch ? "yes" : "NO" });

        List<StormBatch> batches = [.. fleet.Agents.Take(agents).SelectMany((agent, number) => Batches(target, connection, agent, number, readings, batch))];
        new Random(options.Number("seed", 1)).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(batches));
        var cpu = target.CpuSeconds;
        var tally = new PacedTally();
        var lost = new ConcurrentBag<string>();
        var elapsed = Send(target, batches, seconds, tally, lost);
        var held = Count(target, connection, batches.SelectMany(one => one.ClientIds).ToHashSet());
        results.Add(new() { ["what"] = $"{agents} agents x {readings} readings in batches of {batch} within {seconds} s: answered after, s", ["value"] = elapsed });
        results.Add(new() { ["what"] = "  answers", ["value"] = tally.ToString() });
        foreach (var share in new[] { 0.5, 0.95, 0.99 })
        {
            var value = PacedRequests.Percentile(tally.Milliseconds, share);
            var row = new Dictionary<string, object?> { ["what"] = string.Create(CultureInfo.InvariantCulture, $"  p{share * 100:0} of a batch, ms"), ["value"] = value };
            if (share == 0.95)
                (row["goal"], row["met"]) = ("<= 500", value <= 500 ? "yes" : "NO");
            results.Add(row);
        }
        results.Add(new() { ["what"] = "  readings on the server", ["value"] = held, ["goal"] = $"{agents * readings}", ["met"] = held == agents * readings && lost.IsEmpty ? "yes" : "NO" });
        results.Add(new() { ["what"] = "  cores the server took", ["value"] = (target.CpuSeconds - cpu) / elapsed });
        results.Add(new() { ["what"] = "  peak memory of the server, MiB", ["value"] = target.PeakMebibytes });
        results.Finish();
        foreach (var what in lost.Take(20))
            Console.Error.WriteLine($"BROKEN: {what}");
        return 0;
    }

    private static (int Applied, int Fine) Copied(ServerStand stand, Target target, HttpConnection connection, FieldAgent agent)
    {
        var token = Token(target, connection, agent);
        var clock = new PhoneClock(new Random(1));
        var items = agent.Meters.Take(InCopiedBatch).Select(meter => FieldItems.Reading(meter.Id, meter.Value, null, [], clock, withTimestamp: false)).ToList();
        var request = Request(token, "copied", clock, items);
        using var together = new Barrier(Copies);
        var answers = new ConcurrentBag<(int Status, string Body)>();
        var threads = Enumerable.Range(0, Copies).Select(_ => new Thread(() =>
        {
            using var own = new HttpConnection(stand.Address);
            together.SignalAndWait();
            answers.Add((own.Exchange(request, out var body), Encoding.UTF8.GetString(body)));
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        var (applied, receipts) = (0, new ConcurrentDictionary<Guid, string>());
        foreach (var (_, body) in answers.Where(answer => answer.Status == 200))
        {
            using var json = JsonDocument.Parse(body);
            foreach (var result in json.RootElement.GetProperty("data").GetProperty("results").EnumerateArray())
            {
                applied += result.GetProperty("status").GetString() == "applied" ? 1 : 0;
                var receipt = result.GetProperty("receipt").GetRawText();
                if (receipts.GetOrAdd(result.GetProperty("client_id").GetGuid(), receipt) != receipt)
                    throw new BenchFailedException($"{result.GetProperty("client_id")} was given two receipts.");
            }
        }
        if (Count(target, connection, [.. items.Select(item => item.ClientId)]) != InCopiedBatch)
            throw new BenchFailedException("The copied batch is not on the server once.");
        return (applied, answers.Count(answer => answer.Status == 200));
    }

    private static IEnumerable<StormBatch> Batches(Target target, HttpConnection connection, FieldAgent agent, int number, int readings, int batch)
    {
        var token = Token(target, connection, agent);
        var clock = new PhoneClock(new Random(number));
        return agent.Meters.Take(readings).Chunk(batch).Select(meters =>
        {
            List<FrozenItem> items = [.. meters.Select(meter => FieldItems.Reading(meter.Id, meter.Value, null, [], clock, withTimestamp: false))];
            return new StormBatch(Request(token, $"phone-{number}", clock, items), [.. items.Select(item => item.ClientId)]);
        });
    }

    /// <returns>Seconds until the last answer.</returns>
    private static double Send(Target target, List<StormBatch> batches, int seconds, PacedTally tally, ConcurrentBag<string> lost)
    {
        var next = -1;
        var started = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, Lines).Select(_ => new Thread(() =>
        {
            using var connection = new HttpConnection(target.Address);
            while (Interlocked.Increment(ref next) is var index && index < batches.Count)
            {
                var due = started + (long)(index * (double)Stopwatch.Frequency * seconds / batches.Count);
                while (due - Stopwatch.GetTimestamp() is > 0 and var left)
                    Thread.Sleep(TimeSpan.FromTicks(Math.Max(1, left * TimeSpan.TicksPerSecond / Stopwatch.Frequency)));
                var status = connection.Exchange(batches[index].Request, out var body);
                tally.Add(status, Stopwatch.GetElapsedTime(due).TotalMilliseconds);
                var text = Encoding.UTF8.GetString(body);
                if (status != 200 || text.Split("\"applied\"").Length - 1 != batches[index].ClientIds.Count)
                    lost.Add($"{status}: {text[..Math.Min(text.Length, 600)]}");
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <returns>How many of them the server holds; each once, or the run fails.</returns>
    private static int Count(Target target, HttpConnection connection, HashSet<Guid> wanted)
    {
        target.SignIn();
        var found = new HashSet<Guid>();
        for (var cursor = ""; cursor is not null;)
        {
            using var page = target.Ask(connection, target.Get($"/api/v1/readings?limit=100&cursor={Uri.EscapeDataString(cursor)}"));
            var data = page.RootElement.GetProperty("data");
            foreach (var reading in data.GetProperty("items").EnumerateArray())
            {
                if (reading.GetProperty("client_id").ValueKind == JsonValueKind.String && reading.GetProperty("client_id").GetGuid() is var id && wanted.Contains(id) && !found.Add(id))
                    throw new BenchFailedException($"The server holds {id} twice.");
            }
            cursor = data.GetProperty("next_cursor").GetString();
        }
        return found.Count;
    }

    private static string Token(Target target, HttpConnection connection, FieldAgent agent) =>
        target.Ask(connection, target.Post("/api/v1/auth/login", JsonSerializer.Serialize(new { username = agent.UserName, password = FieldFleet.Password }))).RootElement.GetProperty("access_token").GetString()!;

    private static byte[] Request(string token, string device, PhoneClock clock, IReadOnlyList<FrozenItem> items)
    {
        using var content = BatchBody.Make(new BatchHead(device, null, 0, null), clock, [.. items.Select(item => new OutboxItem(item, null))], BatchSpelling.Json);
        var body = content.ReadAsByteArrayAsync().GetAwaiter().GetResult();
        var head = string.Create(CultureInfo.InvariantCulture, $"POST /api/v1/readings/sync HTTP/1.1\r\nHost: bench\r\nAuthorization: {new AuthenticationHeaderValue("Bearer", token)}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }

    private sealed record StormBatch(byte[] Request, IReadOnlyList<Guid> ClientIds);
}
