using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Modules.Meters;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce;

/// <summary>What many tests of the workforce ask the server.</summary>
internal static class WorkCalls
{
    private static int made;

    public static string NewName(string stem) => $"{stem}{Interlocked.Increment(ref made):0000}";

    /// <summary>A new user with the role agent who can be given work, signed in.</summary>
    public static async Task<(ApiClient Client, string Id)> MakeAgentAsync(this ServerFixture server, ApiClient admin, int maxLoad = 100, string? region = null)
    {
        var name = NewName("walker");
        var user = await admin.MakeUserAsync(name, "agent");
        var body = new JsonObject { ["user_id"] = (string)user["id"]!, ["max_load"] = maxLoad, ["status"] = "available", ["region_id"] = region };
        var agent = await admin.PostAsync("/api/v1/agents", body);
        Assert.True(agent.Status == HttpStatusCode.Created, agent.Body.ToJsonString());
        return (await server.SignInWithAsync(name), (string)user["id"]!);
    }

    public static async Task<List<string>> MakeMetersAsync(this ApiClient admin, int count, string location, string? region = null)
    {
        var ids = new List<string>();
        for (var index = 0; index < count; index++)
        {
            var meter = await admin.MakeMeterAsync(new JsonObject
            {
                ["serial_number"] = MeterCalls.NewSerial("WF"),
                ["meter_type"] = "water",
                ["location_id"] = location,
                ["region_id"] = region,
                ["address"] = $"{index + 1} Mill Lane",
                ["latitude"] = 51.5 + (index * 0.0005),
                ["longitude"] = -0.12,
                ["digits"] = 6,
            });
            ids.Add((string)meter["id"]!);
        }

        return ids;
    }

    /// <summary>A read cycle of a location, by days from now. Returns its path.</summary>
    public static async Task<string> PlanCycleAsync(this ApiClient client, string location, int from, int to)
    {
        static string Day(int days) => TimeProvider.System.GetUtcNow().AddDays(days).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var made = await client.PostAsync("/api/v1/read-cycles", new { name = NewName("Round "), window_from = Day(from), window_to = Day(to), location_id = location });
        Assert.True(made.Status == HttpStatusCode.Created, made.Body.ToJsonString());
        return $"/api/v1/read-cycles/{made.Data["id"]}";
    }

    public static async Task<string> OpenCycleAsync(this ApiClient client, string location, int from, int to, string assign = "none")
    {
        var path = await client.PlanCycleAsync(location, from, to);
        var opened = await client.PostAsync(path + "/open", new { assign });
        Assert.True(opened.Status == HttpStatusCode.OK, opened.Body.ToJsonString());
        return path;
    }

    /// <summary>Closes it and leaves what was missed. Returns the job.</summary>
    public static async Task<JsonNode> CloseCycleAsync(this ApiClient client, string path, string missed = "leave")
    {
        var closing = await client.PostAsync(path + "/close", new { missed });
        Assert.True(closing.Status == HttpStatusCode.Accepted, closing.Body.ToJsonString());
        var job = await client.WaitForJobAsync($"{path}/close/{closing.Data["id"]}");
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        return job;
    }

    public static async Task<JsonNode> GiveAsync(this ApiClient client, string meter, string agent)
    {
        var given = await client.PostAsync("/api/v1/assignments", new { meter_id = meter, agent_id = agent });
        Assert.True(given.Status == HttpStatusCode.Created, given.Body.ToJsonString());
        return given.Data;
    }

    /// <summary>Gives a meter to agent1 and then moves it to agent2: both may bring its readings, the second one sees it.</summary>
    public static async Task GiveToAgentsAsync(this ServerFixture server, Guid meter)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        var (ids, now) = (scope.ServiceProvider.GetRequiredService<IdSource>(), TimeProvider.System.GetUtcNow().ToStored());
        foreach (var (name, isLast) in new[] { ("agent1", false), ("agent2", true) })
        {
            var admin = await server.SignInAsync(name);
            var user = new UserId(Guid.Parse((string)(await admin.GetAsync("/api/v1/auth/me")).Data["id"]!));
            if (!await db.Set<Agent>().AnyAsync(agent => agent.Id == user))
            {
                db.Add(new Agent { Id = user, MaxLoad = 100_000, CreatedAt = now, UpdatedAt = now });
            }

            db.Add(new Assignment
            {
                Id = ids.Next<AssignmentId>(),
                MeterId = new MeterId(meter),
                AgentId = user,
                AssignedAt = now,
                UpdatedAt = now,
                Status = isLast ? AssignmentStatus.Pending : AssignmentStatus.Cancelled,
                ReleasedAt = isLast ? null : now,
            });
        }

        await db.SaveChangesAsync();
    }

    public static async Task<int> LoadOfAsync(this ApiClient client, string agent) => (int)(await client.GetAsync($"/api/v1/agents/{agent}")).Data["current_load"]!;

    public static List<JsonNode> Items(this ApiAnswer answer)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body.ToJsonString());
        return [.. answer.Data["items"]!.AsArray().Select(item => item!)];
    }
}
