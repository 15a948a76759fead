using System.Text.Json.Nodes;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Audit;

/// <summary>The audit log as its readers see it.</summary>
internal static class AuditLog
{
    public static async Task<List<JsonNode>> ReadAsync(ApiClient client, string query = "")
    {
        var answer = await client.GetAsync($"/api/v1/audit-logs?limit=100{query}");
        Assert.True(answer.Status == System.Net.HttpStatusCode.OK, answer.Body.ToJsonString());
        return [.. answer.Data["items"]!.AsArray().Select(item => item!)];
    }

    /// <summary>Verifies and returns the job's result.</summary>
    public static async Task<JsonNode> VerifyAsync(ApiClient client, string? expect = null)
    {
        var accepted = await client.PostAsync("/api/v1/audit-logs/verify", new { expect });
        Assert.True(accepted.Status == System.Net.HttpStatusCode.Accepted, accepted.Body.ToJsonString());
        var job = await client.WaitForJobAsync($"/api/v1/audit-logs/verify/{(string?)accepted.Data["id"]}");
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        return job["result"]!;
    }

    /// <summary>Makes a user and returns it.</summary>
    public static async Task<JsonNode> AddUserAsync(ApiClient client, string name, string role, string password = "correct-horse-battery")
    {
        var mark = Guid.CreateVersion7().ToString("n")[^8..];
        var answer = await client.PostAsync("/api/v1/users", new { email = $"{name}.{mark}@example.org", username = $"{name}-{mark}", name = $"{name} {mark}", role, scope = "all", password });
        Assert.True((int)answer.Status == 201, answer.Body.ToJsonString());
        return answer.Data;
    }

    public static async Task<JsonNode> AddMeterAsync(ApiClient client)
    {
        var answer = await client.PostAsync("/api/v1/meters", new { serial_number = "A-" + Guid.CreateVersion7().ToString("n")[^10..], meter_type = "electric" });
        Assert.True((int)answer.Status == 201, answer.Body.ToJsonString());
        return answer.Data;
    }
}
