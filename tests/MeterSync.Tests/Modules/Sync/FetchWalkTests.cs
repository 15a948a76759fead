using System.Net;
using FsCheck;
using FsCheck.Fluent;
using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using MeterSync.Tests.Modules.Workforce;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Sync;

/// <summary>Two offices and two agents do what comes to their minds while a phone walks in pages of any size, loses answers and asks again: it ends at exactly what its user sees.</summary>
public abstract class FetchWalkTests(ServerFixture server)
{
    private const int Meters = 5;

    public enum Doing
    {
        Give,
        Cancel,
        Move,
        Read,
        Decide,
        Rename,
    }

    public sealed record Step(Doing Doing, int Meter, int Agent);

    /// <param name="Limit">Of the page.</param>
    /// <param name="Loses">The answer is lost on the way.</param>
    /// <param name="Repeats">The page is asked for and taken in twice.</param>
    public sealed record Fetch(int Limit, bool Loses, bool Repeats);

    public sealed record Walk(Step[] Office, Step[] Depot, Fetch[] Fetches);

    [Fact]
    public void A_phone_ends_at_what_its_user_sees() =>
        Prop.ForAll(Walks().ToArbitrary(), walk => Task.Run(() => RunAsync(walk)).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(6));

    private static Gen<Step> Steps() =>
        from doing in Gen.Elements(Doing.Give, Doing.Give, Doing.Move, Doing.Move, Doing.Cancel, Doing.Read, Doing.Read, Doing.Decide, Doing.Rename)
        from meter in Gen.Choose(0, Meters - 1)
        from agent in Gen.Choose(0, 1)
        select new Step(doing, meter, agent);

    private static Gen<Walk> Walks() =>
        from office in Gen.ArrayOf(Steps(), 18)
        from depot in Gen.ArrayOf(Steps(), 18)
        from fetches in Gen.ArrayOf(from limit in Gen.Choose(1, 6) from fate in Gen.Choose(0, 9) select new Fetch(limit, fate < 3, fate is 3 or 4), 30)
        select new Walk(office, depot, fetches);

    private async Task RunAsync(Walk walk)
    {
        var admin = await server.SignInAsync("admin");
        var scene = new Scene(admin, await admin.MakeMetersAsync(Meters, WorkCalls.NewName("walk")), [await server.MakeAgentAsync(admin), await server.MakeAgentAsync(admin)]);
        var phone = new Phone(scene.Agents[0].Client);
        var offices = Task.WhenAll(DoAsync(scene, walk.Office), DoAsync(scene, walk.Depot));
        foreach (var fetch in walk.Fetches)
        {
            await FetchAsync(phone, fetch);
        }

        await offices;
        await phone.PullAllAsync(3);
        var fresh = new Phone(phone.Client);
        await fresh.PullAllAsync();
        Assert.Equal(fresh.Shown(), phone.Shown());
        Assert.Equal(await SeenAsync(scene.Agents[0].Id), phone.Keys);
    }

    private static async Task FetchAsync(Phone phone, Fetch fetch)
    {
        var before = phone.Cursor;
        if (fetch.Loses)
        {
            Assert.Equal(HttpStatusCode.OK, (await phone.AskAsync(before, fetch.Limit)).Status);
            return;
        }

        await phone.PullAsync(fetch.Limit);
        if (fetch.Repeats)
        {
            phone.Cursor = before;
            await phone.PullAsync(fetch.Limit);
        }
    }

    private static async Task DoAsync(Scene scene, Step[] steps)
    {
        foreach (var step in steps)
        {
            var (meter, agent) = (scene.Meters[step.Meter], scene.Agents[step.Agent]);

            // Much of it is refused, since the other office was there first: that is part of it.
            var answer = step.Doing switch
            {
                Doing.Give => await scene.Admin.PostAsync("/api/v1/assignments", new { meter_id = meter, agent_id = agent.Id }),
                Doing.Cancel => await ChangeAsync(scene, meter, new { status = "cancelled" }),
                Doing.Move => await ChangeAsync(scene, meter, new { agent_id = agent.Id }),
                Doing.Read => await agent.Client.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 10 + step.Agent, reading_timestamp = TimeProvider.System.GetUtcNow() }),
                Doing.Decide => await DecideAsync(scene, meter, step.Agent),
                _ => await scene.Admin.PatchAsync($"/api/v1/meters/{meter}", new { access_notes = $"Note {Guid.CreateVersion7()}" }),
            };
            Assert.True((int)answer.Status < 500, answer.Body.ToJsonString());
        }
    }

    private static async Task<ApiAnswer> ChangeAsync(Scene scene, string meter, object change)
    {
        var open = (await scene.Admin.GetAsync($"/api/v1/assignments?meter_id={meter}&status=pending")).Items();
        return open.Count == 0 ? await scene.Admin.GetAsync("/api/v1/meters?limit=1") : await scene.Admin.PutAsync($"/api/v1/assignments/{open[0]["id"]}", change);
    }

    private static async Task<ApiAnswer> DecideAsync(Scene scene, string meter, int which)
    {
        var readings = (await scene.Admin.GetAsync($"/api/v1/readings?meter_id={meter}&limit=100")).Items();
        return readings.Count == 0 ? await scene.Admin.GetAsync("/api/v1/meters?limit=1")
            : await scene.Admin.PostAsync($"/api/v1/readings/{readings[0]["id"]}/{(which == 0 ? "verify" : "reject")}", new { reason = "As it was decided", notes = "As it was decided" });
    }

    /// <summary>Past the log and the API: what the tables say the agent has.</summary>
    private async Task<IEnumerable<string>> SeenAsync(string agent)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var (db, id) = (scope.ServiceProvider.GetRequiredService<MeterSyncDb>(), new UserId(Guid.Parse(agent)));
        var work = await db.Set<Assignment>().Where(one => one.AgentId == id && one.ReleasedAt == null).Select(one => new { one.Id, one.MeterId }).ToListAsync();
        var readings = await db.Set<MeterSync.Modules.Readings.Domain.Reading>().Where(reading => reading.AgentId == id).Select(reading => reading.Id).ToListAsync();
        return work.Select(one => $"assignment {one.Id.Value}").Concat(work.Select(one => $"meter {one.MeterId.Value}")).Concat(readings.Select(reading => $"reading {reading.Value}")).Distinct().Order(StringComparer.Ordinal);
    }

    private sealed record Scene(ApiClient Admin, List<string> Meters, (ApiClient Client, string Id)[] Agents);
}

public sealed class FetchWalkOnSqliteTests(SqliteServer server) : FetchWalkTests(server), IClassFixture<SqliteServer>;

public sealed class FetchWalkOnPostgresTests(PostgresServer server) : FetchWalkTests(server), IClassFixture<PostgresServer>;
