using System.Net;
using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce;

/// <summary>What an agent's devices would hear of, in order: it must end at what the agent sees.</summary>
public abstract class AgentChangesTests(ServerFixture server)
{
    [Fact]
    public async Task A_meter_goes_with_the_last_work_on_it_and_not_before()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var place = WorkCalls.NewName("log");
        var meter = (await admin.MakeMetersAsync(1, place))[0];
        var march = await admin.OpenCycleAsync(place, -40, -10);
        await admin.GiveAsync(meter, id);
        Assert.Equal(HttpStatusCode.Created, (await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 10, reading_timestamp = TimeProvider.System.GetUtcNow().AddDays(-15) })).Status);
        await admin.OpenCycleAsync(place, -9, 10);
        var april = await admin.GiveAsync(meter, id);
        Assert.Equal([("assignment", false), ("meter", false)], (await ChangesAsync(id))[^2..]);

        // Closing March takes its assignment away, but not the meter, which is due in April.
        await admin.CloseCycleAsync(march);
        Assert.Equal([("assignment", true), ("meter", false)], (await ChangesAsync(id))[^2..]);
        Assert.Equal(meter, (string?)Assert.Single((await agent.GetAsync("/api/v1/meters")).Items())["id"]);

        await admin.PutAsync($"/api/v1/assignments/{april["id"]}", new { status = "cancelled" });
        Assert.Equal([("assignment", true), ("meter", true)], (await ChangesAsync(id))[^2..]);
        Assert.Empty((await agent.GetAsync("/api/v1/meters")).Items());
    }

    [Fact]
    public async Task Whoever_has_a_meter_hears_that_it_is_different()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var (_, other) = await server.MakeAgentAsync(admin);
        var meters = await admin.MakeMetersAsync(2, WorkCalls.NewName("log"));
        var (meter, manager) = (meters[0], await server.SignInAsync("manager"));
        await admin.GiveAsync(meter, id);
        await admin.GiveAsync(meters[1], other);
        var before = (await ChangesAsync(id)).Count;
        Assert.Equal(HttpStatusCode.OK, (await admin.PatchAsync($"/api/v1/meters/{meter}", new { access_notes = "Ring twice" })).Status);
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync($"/api/v1/meters/{meter}/registers", new { label = "T2" })).Status);
        var proposal = await agent.PostAsync("/api/v1/approvals", new { meter_id = meter, meter_data = new { address = "9a Mill Lane" } });
        Assert.Equal(HttpStatusCode.OK, (await manager.PutAsync($"/api/v1/approvals/{proposal.Data["id"]}/approve")).Status);
        Assert.Equal([("meter", false), ("meter", false), ("meter", false)], (await ChangesAsync(id))[before..]);

        var list = $"serial_number,type,hazard_notes\n{(string?)(await admin.GetAsync($"/api/v1/meters/{meter}")).Data["serial_number"]},water,Low beam\n";
        await admin.RunFileJobAsync("/api/v1/meters/import", "meters.csv", System.Text.Encoding.UTF8.GetBytes(list));
        Assert.Equal("Low beam", (string?)(await admin.GetAsync($"/api/v1/meters/{meter}")).Data["hazard_notes"]);
        Assert.Equal(before + 4, (await ChangesAsync(id)).Count);
        before++;

        // Refused, undone, or the same as before: nothing to hear of.
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.PatchAsync($"/api/v1/meters/{meter}", new { region_id = Guid.CreateVersion7() })).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await admin.PatchAsync($"/api/v1/meters/{meter}", new { serial_number = (string?)(await admin.GetAsync($"/api/v1/meters/{meters[1]}")).Data["serial_number"] })).Status);
        Assert.Equal(HttpStatusCode.OK, (await admin.PatchAsync($"/api/v1/meters/{meter}", new { access_notes = "Ring twice" })).Status);
        Assert.Equal(before + 3, (await ChangesAsync(id)).Count);
        Assert.Equal([("assignment", false), ("meter", false)], await ChangesAsync(other));
    }

    private async Task<List<(string Entity, bool Deleted)>> ChangesAsync(string agent)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var id = new UserId(Guid.Parse(agent));
        var rows = await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<AgentChange>().AsNoTracking().Where(change => change.AgentId == id).OrderBy(change => change.Seq).ToListAsync();
        Assert.Equal(Enumerable.Range(1, rows.Count).Select(number => (long)number), rows.Select(row => row.Seq));
        return rows.ConvertAll(row => (Terms<ChangedEntity>.WordOf(row.Entity), row.Deleted));
    }
}

public sealed class AgentChangesOnSqliteTests(SqliteServer server) : AgentChangesTests(server), IClassFixture<SqliteServer>;

public sealed class AgentChangesOnPostgresTests(PostgresServer server) : AgentChangesTests(server), IClassFixture<PostgresServer>;
