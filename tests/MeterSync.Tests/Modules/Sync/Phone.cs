using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Sync;

/// <summary>Does what a field app does with what it fetches, and keeps nothing of the server's types.</summary>
internal sealed class Phone(ApiClient client)
{
    private readonly SortedDictionary<string, JsonNode> held = new(StringComparer.Ordinal);

    public ApiClient Client => client;

    public string? Cursor { get; set; }

    /// <summary>Told with each fetch.</summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.Ordinal);

    /// <summary>Entity and id of all it holds.</summary>
    public IEnumerable<string> Keys => held.Keys;

    public JsonNode this[string entity, string id] => held[$"{entity} {id}"];

    public bool Has(string entity, string id) => held.ContainsKey($"{entity} {id}");

    public int CountOf(string entity) => held.Keys.Count(key => key.StartsWith(entity + " ", StringComparison.Ordinal));

    public Task<ApiAnswer> AskAsync(string? cursor, int? limit = null) => client.SendAsync(
        HttpMethod.Get,
        $"/api/v1/sync/changes?{(cursor is null ? "" : $"cursor={Uri.EscapeDataString(cursor)}&")}{(limit is null ? "" : $"limit={limit}")}",
        null,
        headers =>
        {
            foreach (var (name, value) in Headers)
            {
                headers.TryAddWithoutValidation(name, value);
            }
        });

    /// <summary>One page, taken in.</summary>
    public async Task<JsonNode> PullAsync(int? limit = null)
    {
        var answer = await AskAsync(Cursor, limit);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body.ToJsonString());
        Take(answer.Data);
        return answer.Data;
    }

    /// <summary>Pages until there are no more. Returns what they brought, tombstones with a minus sign.</summary>
    public async Task<List<string>> PullAllAsync(int? limit = null)
    {
        var brought = new List<string>();
        for (var more = true; more;)
        {
            var page = await PullAsync(limit);
            brought.AddRange(page["changes"]!.AsArray().Select(change => $"{((bool)change!["deleted"]! ? "-" : "")}{change["entity"]} {change["id"]}"));
            more = (bool)page["has_more"]!;
        }

        return brought;
    }

    public void Take(JsonNode page)
    {
        if ((bool)page["reset"]!)
        {
            held.Clear();
        }

        var inPage = new HashSet<string>(StringComparer.Ordinal);
        foreach (var change in page["changes"]!.AsArray())
        {
            var key = $"{change!["entity"]} {change["id"]}";
            Assert.True(inPage.Add(key), $"{key} stands twice in one page.");
            if ((bool)change["deleted"]!)
            {
                Assert.Null(change["data"]);
                held.Remove(key);
            }
            else
            {
                held[key] = change["data"]!.DeepClone();
            }
        }

        Cursor = (string)page["cursor"]!;
    }

    /// <summary>What it holds, without what moves by itself or belongs to another thing: limits hold for an instant, and what an assignment says of its meter is as old as the assignment.</summary>
    public IReadOnlyList<string> Shown()
    {
        return [.. held.Select(pair => $"{pair.Key}: {Bare(pair.Value.DeepClone()).ToJsonString()}")];

        static JsonNode Bare(JsonNode data)
        {
            foreach (var register in data["registers"]?.AsArray() ?? [])
            {
                register!.AsObject().Remove("limits");
            }

            if (data["assigned_at"] is not null)
            {
                foreach (var name in (string[])["serial_number", "address", "location", "priority", "estimated_time"])
                {
                    data.AsObject().Remove(name);
                }
            }

            return data;
        }
    }
}
