using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce;

/// <summary>Random operations from several clients at once; afterwards every counter says what a recount says.</summary>
public abstract class LoadsStayTrueTests(ServerFixture server)
{
    private const int Clients = 4;
    private const int StepsEach = 40;
    private const int Meters = 14;
    private const int MaxLoad = 6;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Counters_say_what_a_recount_says_whoever_does_what_at_once(int seed)
    {
        var admin = await server.SignInAsync("admin");
        var place = WorkCalls.NewName("storm");
        var meters = await admin.MakeMetersAsync(Meters, place);
        var cycle = (string)(await admin.PostAsync("/api/v1/read-cycles", new { name = place, window_from = "2026-01-01", window_to = "2199-01-01", location_id = place })).Data["id"]!;
        Assert.Equal(HttpStatusCode.OK, (await admin.PostAsync($"/api/v1/read-cycles/{cycle}/open")).Status);
        var agents = new List<(ApiClient Client, string Id)>();
        for (var index = 0; index < 3; index++)
        {
            agents.Add(await server.MakeAgentAsync(admin, MaxLoad));
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => StormAsync(new Random((seed * 1000) + client), admin, agents, meters)));
        Assert.DoesNotContain(answers.SelectMany(all => all.All), status => (int)status >= 500);
        Assert.Contains(answers.SelectMany(all => all.All), status => status == HttpStatusCode.Conflict);
        // A reading is taken whatever the offices do meanwhile, unless the meter was never the agent's.
        Assert.All(answers.SelectMany(all => all.Readings), status => Assert.True(status is HttpStatusCode.Created or HttpStatusCode.NotFound, status.ToString()));

        var all = await AllAsync(admin, $"/api/v1/assignments?cycle_id={cycle}");
        var open = all.Where(work => (string?)work["status"] is "pending" or "in_progress" or "overdue").ToList();
        Assert.Equal(open.Count, open.Select(work => (string?)work["meter_id"]).Distinct().Count());
        foreach (var (client, id) in agents)
        {
            var mine = open.Where(work => (string?)work["agent_id"] == id).ToList();
            var load = await admin.LoadOfAsync(id);
            Assert.Equal(mine.Count, load);
            Assert.InRange(load, 0, MaxLoad);
            var seen = all.Where(work => (string?)work["agent_id"] == id && (string?)work["status"] != "cancelled").Select(work => (string)work["meter_id"]!).Distinct().Order().ToList();
            Assert.Equal(seen, (await AllAsync(client, "/api/v1/meters")).Select(meter => (string)meter["id"]!).Order());
        }

        var progress = (await admin.GetAsync($"/api/v1/read-cycles/{cycle}/progress")).Data["meters"]!;
        var read = (await AllAsync(admin, "/api/v1/readings?state=accepted")).Select(reading => (string)reading["meter_id"]!).Where(meters.Contains).Distinct().ToList();
        Assert.Equal((Meters, read.Count), ((int)progress["total"]!, (int)progress["read"]!));
        Assert.Equal(Meters, progress.AsObject().Where(pair => pair.Key is not ("total" or "percent")).Sum(pair => (int)pair.Value!));
        Assert.Equal(open.Count, (await AllAsync(admin, $"/api/v1/meters?location_id={place}&assigned=true")).Count);
    }

    private static async Task<(List<HttpStatusCode> All, List<HttpStatusCode> Readings)> StormAsync(Random random, ApiClient admin, List<(ApiClient Client, string Id)> agents, List<string> meters)
    {
        var (statuses, readings) = (new List<HttpStatusCode>(), new List<HttpStatusCode>());
        for (var step = 0; step < StepsEach; step++)
        {
            var (client, id) = agents[random.Next(agents.Count)];
            var meter = meters[random.Next(meters.Count)];
            var what = random.Next(7);
            var answer = what switch
            {
                0 or 1 => await admin.PostAsync("/api/v1/assignments", new { meter_id = meter, agent_id = id }),
                2 => await admin.PostAsync("/api/v1/assignments/bulk", new { meter_ids = Enumerable.Range(0, 3).Select(_ => meters[random.Next(meters.Count)]).Distinct() }),
                3 => await client.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 100 }),
                4 => await client.PostAsync("/api/v1/skips", new { meter_id = meter, code = "no_access" }),
                5 => await ChangeAsync(random, admin, id),
                _ => await MoveAsync(random, admin, agents),
            };
            statuses.Add(answer.Status);
            if (what is 3 or 4)
            {
                readings.Add(answer.Status);
            }
        }

        return (statuses, readings);
    }

    private static async Task<ApiAnswer> ChangeAsync(Random random, ApiClient admin, string agent)
    {
        var open = (await admin.GetAsync($"/api/v1/assignments/agent/{agent}?status=open")).Items();
        return open.Count == 0 ? await admin.GetAsync($"/api/v1/agents/{agent}") : await admin.PutAsync($"/api/v1/assignments/{open[random.Next(open.Count)]["id"]}", new { status = random.Next(2) == 0 ? "cancelled" : "in_progress" });
    }

    private static async Task<ApiAnswer> MoveAsync(Random random, ApiClient admin, List<(ApiClient Client, string Id)> agents)
    {
        var (_, from) = agents[random.Next(agents.Count)];
        var open = (await admin.GetAsync($"/api/v1/assignments/agent/{from}?status=open")).Items();
        return open.Count == 0 ? await admin.GetAsync($"/api/v1/agents/{from}") : await admin.PutAsync($"/api/v1/assignments/{open[random.Next(open.Count)]["id"]}", new { agent_id = agents[random.Next(agents.Count)].Id });
    }

    private static async Task<List<JsonNode>> AllAsync(ApiClient client, string path)
    {
        var all = new List<JsonNode>();
        for (var page = 1; ; page++)
        {
            var answer = await client.GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=100&page={page}");
            all.AddRange(answer.Items());
            if (!(bool)answer.Data["has_next"]!)
            {
                return all;
            }
        }
    }
}

public sealed class LoadsStayTrueOnSqliteTests(SqliteServer server) : LoadsStayTrueTests(server), IClassFixture<SqliteServer>;

public sealed class LoadsStayTrueOnPostgresTests(PostgresServer server) : LoadsStayTrueTests(server), IClassFixture<PostgresServer>;
