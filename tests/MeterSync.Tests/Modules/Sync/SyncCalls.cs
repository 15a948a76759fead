using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MeterSync.Tests.Modules.Workforce;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Sync;

/// <summary>What tests of sync send as a phone would.</summary>
internal static class SyncCalls
{
    public const string Path = "/api/v1/readings/sync";

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>An agent with so many meters to read. Returns the agent's client and id, and the meters' ids.</summary>
    public static async Task<(ApiClient Client, string Id, List<string> Meters)> MakeReaderAsync(this ServerFixture server, ApiClient admin, int meters)
    {
        var (agent, id) = await server.MakeAgentAsync(admin, maxLoad: 2_000);
        var made = await admin.MakeMetersAsync(meters, WorkCalls.NewName("sync"));
        foreach (var meter in made)
        {
            await admin.GiveAsync(meter, id);
        }

        return (agent, id, made);
    }

    public static JsonObject Item(string meter, decimal value, Guid? clientId = null, DateTimeOffset? at = null) => new()
    {
        ["client_id"] = (clientId ?? Guid.CreateVersion7()).ToString(),
        ["entity"] = "reading",
        ["op"] = "create",
        ["captured_at"] = (at ?? Now.AddMinutes(-5)).ToString("O"),
        ["payload"] = new JsonObject { ["meter_id"] = meter, ["reading_value"] = value, ["reading_timestamp"] = (at ?? Now.AddMinutes(-5)).ToString("O") },
    };

    public static JsonObject Batch(string device, params JsonNode[] items) => new() { ["device_id"] = device, ["items"] = new JsonArray([.. items.Select(item => item.DeepClone())]) };

    public static async Task<JsonNode> PushAsync(this ApiClient client, JsonObject batch)
    {
        var answer = await client.PostAsync(Path, batch);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body.ToJsonString());
        return answer.Data;
    }

    public static JsonArray Results(this JsonNode data) => data["results"]!.AsArray();

    public static string[] Statuses(this JsonNode data) => [.. data.Results().Select(result => (string)result!["status"]!)];

    public static HttpContent Lines(params string[] lines)
    {
        var content = new StringContent(string.Join('\n', lines), Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        return content;
    }

    public static HttpContent Packed(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(body);
        }

        var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }
}
