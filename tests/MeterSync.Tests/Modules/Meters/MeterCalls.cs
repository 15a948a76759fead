using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Meters;

/// <summary>What many tests of meters ask the server.</summary>
internal static class MeterCalls
{
    private static int serials;

    /// <summary>A serial number no other test uses.</summary>
    public static string NewSerial(string prefix = "T") => $"{prefix}-{Interlocked.Increment(ref serials):000000}-{Guid.CreateVersion7():n}"[..24];

    public static async Task<JsonNode> MakeMeterAsync(this ApiClient client, object body)
    {
        var made = await client.PostAsync("/api/v1/meters", body);
        Assert.True(made.Status == HttpStatusCode.Created, made.Body.ToJsonString());
        return made.Data;
    }

    public static async Task<List<string>> SerialsAsync(this ApiClient client, string query)
    {
        var answer = await client.GetAsync("/api/v1/meters?" + query);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body.ToJsonString());
        return [.. answer.Data["items"]!.AsArray().Select(item => (string)item!["serial_number"]!)];
    }
}
