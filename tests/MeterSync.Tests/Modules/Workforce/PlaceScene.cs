using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using MeterSync.Tests.Modules.Readings;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce;

/// <summary>A place whose meter A is exchanged for B fifteen days ago, an agent, and what is asked of both. Everything is done as the administrator.</summary>
internal sealed class PlaceScene
{
    private PlaceScene(ServerFixture server, ApiClient admin, ExchangeScene exchanges, ApiClient agent, string agentId) => (Server, Admin, Exchanges, Agent, AgentId) = (server, admin, exchanges, agent, agentId);

    public ServerFixture Server { get; }

    public ApiClient Admin { get; }

    public ExchangeScene Exchanges { get; }

    public ApiClient Agent { get; }

    public string AgentId { get; }

    public string Old => Exchanges.Id;

    public static async Task<PlaceScene> MakeAsync(ServerFixture server, int maxLoad = 100)
    {
        var admin = await server.SignInAsync("admin");
        var exchanges = await ExchangeScene.MakeAsync(admin);
        var (agent, id) = await server.MakeAgentAsync(admin, maxLoad);
        return new PlaceScene(server, admin, exchanges, agent, id);
    }

    /// <summary>An open cycle of the place, whose meter the agent has to read. Answers with the cycle's path.</summary>
    public async Task<string> CycleAsync(int fromDay, int toDay, bool give = true)
    {
        var made = await Admin.PostAsync("/api/v1/read-cycles", new { name = WorkCalls.NewName("Place "), window_from = Day(fromDay), window_to = Day(toDay), location_id = Exchanges.Tag });
        Assert.True(made.Status == HttpStatusCode.Created, made.Body.ToJsonString());
        var path = $"/api/v1/read-cycles/{made.Data["id"]}";
        var opened = await Admin.PostAsync(path + "/open");
        Assert.True(opened.Status == HttpStatusCode.OK, opened.Body.ToJsonString());
        if (give)
        {
            await Admin.GiveAsync(Old, AgentId);
        }

        return path;
    }

    public async Task<(JsonNode Exchange, string New)> ExchangeAsync()
    {
        var exchange = await Exchanges.ExchangeAsync();
        return (exchange, ExchangeScene.NewId(exchange));
    }

    public async Task UndoAsync(JsonNode exchange)
    {
        var undone = await TryUndoAsync(exchange);
        Assert.True(undone.Status == HttpStatusCode.OK, undone.Body.ToJsonString());
    }

    public Task<ApiAnswer> TryUndoAsync(JsonNode exchange) => Admin.DeleteAsync($"/api/v1/meters/{Old}/exchanges/{(string?)exchange["id"]}");

    /// <summary>Assignments of a meter, the newest first: status and agent.</summary>
    public async Task<JsonNode[]> WorkOnAsync(string meter) =>
        [.. (await Admin.GetAsync($"/api/v1/assignments?meter_id={meter}&limit=100")).Items().OrderByDescending(work => (string?)work["id"], StringComparer.Ordinal)];

    public async Task<JsonNode> OnlyWorkOnAsync(string meter) => Assert.Single(await WorkOnAsync(meter));

    public Task<int> LoadAsync() => Admin.LoadOfAsync(AgentId);

    public async Task<(int Total, int Read, int Held, int Estimated, int Skipped, int Assigned, int Unassigned)> CountAsync(string cycle)
    {
        var meters = (await Admin.GetAsync(cycle + "/progress")).Data["meters"]!;
        int Of(string name) => (int)meters[name]!;
        return (Of("total"), Of("read"), Of("held"), Of("estimated"), Of("skipped"), Of("assigned"), Of("unassigned"));
    }

    public async Task<JsonNode> CloseAsync(string cycle, string? missed)
    {
        var closing = await Admin.PostAsync(cycle + "/close", new { missed });
        Assert.True(closing.Status == HttpStatusCode.Accepted, closing.Body.ToJsonString());
        var job = await Admin.WaitForJobAsync($"{cycle}/close/{closing.Data["id"]}");
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        return job["result"]!;
    }

    /// <summary>What the agent's devices were told since, oldest first: entity, id, deleted.</summary>
    public async Task<List<(ChangedEntity Entity, Guid Id, bool Deleted)>> ToldAsync(long after)
    {
        await using var scope = Server.Services.CreateAsyncScope();
        var agent = new UserId(Guid.Parse(AgentId));
        var rows = await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<AgentChange>().Where(change => change.AgentId == agent && change.Seq > after).OrderBy(change => change.Seq).ToListAsync();
        return [.. rows.Select(row => (row.Entity, row.EntityId, row.Deleted))];
    }

    public async Task<List<string>> SeenByAgentAsync() => [.. (await Agent.GetAsync("/api/v1/meters?limit=100")).Items().Select(meter => (string)meter["id"]!)];

    private static string Day(int days) => TimeProvider.System.GetUtcNow().AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
