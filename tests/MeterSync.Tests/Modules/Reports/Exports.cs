using System.Text.Json.Nodes;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Reports;

internal static class Exports
{
    /// <summary>Exports and returns the finished job.</summary>
    public static async Task<JsonNode> RunAsync(ApiClient client, object request)
    {
        var accepted = await client.PostAsync("/api/v1/export/csv", request);
        Assert.True(accepted.Status == System.Net.HttpStatusCode.Accepted, accepted.Body.ToJsonString());
        var export = await client.WaitForJobAsync($"/api/v1/export/status/{(string?)accepted.Data["id"]}");
        Assert.True((string?)export["status"] == "completed", export.ToJsonString());
        return export;
    }

    /// <summary>Exports and returns the file's text.</summary>
    public static async Task<string> TextAsync(ApiClient client, object request) =>
        await client.Http.GetStringAsync((string)(await RunAsync(client, request))["download_url"]!);

    /// <summary>The rows of a table without quotes, by heading.</summary>
    public static List<Dictionary<string, string>> Rows(string text)
    {
        var lines = text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headings = lines[0].Split(',');
        return [.. lines[1..].Select(line => headings.Zip(line.Split(',')).ToDictionary(pair => pair.First, pair => pair.Second))];
    }
}
