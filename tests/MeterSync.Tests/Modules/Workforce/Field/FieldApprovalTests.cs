using System.Net;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Modules.Meters;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce.Field;

/// <summary>Proposals, held readings and found meters that phones bring.</summary>
public abstract class FieldApprovalTests(ServerFixture server)
{
    private async Task<(ApiClient Admin, ApiClient Agent, string Id, string Meter)> SceneAsync(string? region = null)
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin, region: region);
        var meter = (await admin.MakeMetersAsync(1, WorkCalls.NewName("fa"), region))[0];
        await admin.GiveAsync(meter, id);
        return (admin, agent, id, meter);
    }

    private static async Task<Guid> HeldAsync(ApiClient admin, ApiClient agent, string meter)
    {
        var client = Guid.CreateVersion7();
        await CycleScene.ReadAsync(admin, meter, 100, -20);
        var held = await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 50, client_id = client });
        Assert.Equal("held", (string?)held.Data["state"]);
        return client;
    }

    [Fact]
    public async Task A_held_reading_is_put_forward_by_the_id_the_phone_knows()
    {
        var (admin, agent, id, meter) = await SceneAsync();
        var client = await HeldAsync(admin, agent, meter);
        var good = (await admin.GetAsync($"/api/v1/readings?meter_id={meter}&state=accepted")).Items()[0];
        var (_, stranger) = await server.MakeAgentAsync(admin);
        Assert.Equal("request.invalid", (await server.BringAsync(stranger, new Sent("approval", new { reading_client_id = client })))[0].Code);
        var answered = await server.BringAsync(
            id,
            new Sent("approval", new { reading_client_id = Guid.CreateVersion7() }),
            new Sent("approval", new { reading_id = good["id"]!.ToString() }),
            new Sent("approval", new { reading_client_id = client, submission_notes = "It is right" }),
            new Sent("approval", new { reading_client_id = client }),
            new Sent("approval", new { reading_client_id = client, meter_data = new { address = "x" } }),
            new Sent("approval", new { }),
            new Sent("approval", new { meter_id = meter, meter_data = new { address = "9a Mill Lane" } }));
        Assert.Equal(["request.invalid", "approval.reading_not_held", "applied", "approval.reading_waits", "request.invalid", "request.invalid", "applied"], answered.Select(one => one.Code));
        Assert.All(answered, one => Assert.False(one.IsConflict));
        var manager = await server.SignInAsync("manager");
        Assert.Equal("approved", (string?)(await manager.PutAsync($"/api/v1/approvals/{answered[2].Fine.Id}/approve")).Data["status"]);
        Assert.Equal("accepted", (string?)(await admin.GetAsync($"/api/v1/readings?meter_id={meter}")).Items().First(reading => (string?)reading["client_id"] == client.ToString())["state"]);
        Assert.Equal("approved", (string?)(await manager.PutAsync($"/api/v1/approvals/{answered[6].Fine.Id}/approve")).Data["status"]);
        Assert.Equal("9a Mill Lane", (string?)(await admin.GetAsync($"/api/v1/meters/{meter}")).Data["address"]);
    }

    [Fact]
    public async Task A_proposal_is_known_again_however_its_json_is_spelled()
    {
        var (_, agent, id, meter) = await SceneAsync();
        var client = Guid.CreateVersion7();
        Task<ApiAnswer> PostAsync(string data) => agent.PostAsync("/api/v1/approvals", $$"""{"meter_id":"{{meter}}","client_id":"{{client}}","meter_data":{{data}}}""");
        var first = await PostAsync("""{"estimated_time":12,"coordinates":{"latitude":51.50,"longitude":-0.2}}""");
        Assert.Equal(HttpStatusCode.Created, first.Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("""{"coordinates": {"longitude": -0.20, "latitude": 51.5}, "estimated_time": 12.0}""")).Status);
        (await PostAsync("""{"estimated_time":13,"coordinates":{"latitude":51.5,"longitude":-0.2}}""")).Refused(HttpStatusCode.Conflict, "approval.client_id_conflict");
        var again = (await server.BringAsync(id, new Sent("approval", new { meter_data = new { coordinates = new { longitude = -0.2m, latitude = 51.500m }, estimated_time = 12 }, meter_id = meter }) { ClientId = client }))[0];
        Assert.Equal(((string?)first.Data["id"], true), (again.Fine.Id.ToString(), again.Fine.AlreadyThere));
        var other = (await server.BringAsync(id, new Sent("approval", new { meter_data = new { estimated_time = 12 }, meter_id = meter }) { ClientId = client }))[0];
        Assert.Equal(("approval.client_id_conflict", true), (other.Code, other.IsConflict));
    }

    [Fact]
    public async Task Many_proposals_cost_as_many_questions_as_a_few()
    {
        var (admin, _, id, _) = await SceneAsync();
        var meters = await admin.MakeMetersAsync(60, WorkCalls.NewName("props"));
        await admin.PostAsync("/api/v1/assignments/bulk", new { meter_ids = meters, agent_id = id });
        using var count = await QueryCount.StartAsync(server is PostgresServer postgres ? new NpgsqlConnectionStringBuilder(postgres.ConnectionString).Database! : server.Data.DatabaseFile);
        async Task<int> CostAsync(IEnumerable<string> of)
        {
            var asked = count.Statements.Count;
            List<Sent> sent = [.. of.Select(meter => new Sent("approval", new { meter_id = meter, meter_data = new { owner = "Somebody else" } })), .. of.Select(_ => new Sent("found_meter", new { serial_number = MeterCalls.NewSerial("FM"), meter_type = "gas" }))];
            Assert.All(await server.BringAsync(id, sent), one => Assert.Equal("applied", one.Code));
            return count.Statements.Count - asked;
        }

        await CostAsync(meters.Take(1));
        var few = await CostAsync(meters.Skip(1).Take(2));
        Assert.InRange(await CostAsync(meters.Skip(3)), 1, few + 20);
    }

    [Fact]
    public async Task A_found_meter_comes_into_the_list_with_the_last_approval()
    {
        var admin = await server.SignInAsync("admin");
        var region = (string)(await admin.PostAsync("/api/v1/regions", new { name = WorkCalls.NewName("Found region ") })).Data["id"]!;
        var elsewhere = (string)(await admin.PostAsync("/api/v1/regions", new { name = WorkCalls.NewName("Other region ") })).Data["id"]!;
        var (_, agent, id, _) = await SceneAsync(region);
        var (near, far) = (WorkCalls.NewName("near"), WorkCalls.NewName("far"));
        await admin.MakeUserAsync(near, "manager", new[] { Guid.Parse(region) });
        await admin.MakeUserAsync(far, "manager", new[] { Guid.Parse(elsewhere) });
        var serial = MeterCalls.NewSerial("FOUND");
        var hash = new string('a', 64);
        var found = new Sent("found_meter", new { serial_number = serial, meter_type = "water", address = "Behind the mill", latitude = 51.25, longitude = -0.5, digits = 5, multiplier = 1.50m, notes = "In no list", photos = new[] { hash } });
        var answered = await server.BringAsync(
            id,
            found,
            new Sent("found_meter", new { serial_number = "", meter_type = "water" }),
            new Sent("found_meter", new { serial_number = serial, meter_type = "steam" }),
            new Sent("found_meter", new { serial_number = serial, meter_type = "water", latitude = 5 }),
            new Sent("found_meter", new { serial_number = serial, meter_type = "water", digits = 99 }),
            new Sent("found_meter", new { serial_number = serial, meter_type = "water", photos = new[] { "" } }),
            new Sent("found_meter", new { serial_number = serial, meter_type = "water", notes = "Found by a colleague" }));
        Assert.Equal(["applied", "request.invalid", "request.invalid", "request.invalid", "request.invalid", "request.invalid", "applied"], answered.Select(one => one.Code));
        Assert.True((await server.BringAsync(id, found))[0].Fine.AlreadyThere);

        var path = $"/api/v1/approvals/{answered[0].Fine.Id}";
        var (mine, theirs) = (await server.SignInWithAsync(near), await server.SignInWithAsync(far));
        Assert.DoesNotContain((await theirs.GetAsync("/api/v1/approvals/pending?limit=100")).Items(), one => (string?)one["id"] == answered[0].Fine.Id.ToString());
        (await theirs.PutAsync(path + "/approve")).Refused(HttpStatusCode.NotFound, "approval.not_found");
        var shown = (await mine.GetAsync("/api/v1/approvals/pending?limit=100")).Items().First(one => (string?)one["id"] == answered[0].Fine.Id.ToString());
        Assert.Equal(("found_meter", serial, "In no list", hash, "Behind the mill"), ((string?)shown["kind"], (string?)shown["serial_number"], (string?)shown["submission_notes"], (string?)shown["photos"]![0], (string?)shown["meter_data"]!["address"]));
        Assert.Null(shown["meter_id"]);
        Assert.Equal(serial, (string?)(await agent.GetAsync(path)).Data["serial_number"]);
        (await agent.PutAsync(path + "/approve")).Refused(HttpStatusCode.Forbidden, "auth.forbidden");

        var approved = await mine.PutAsync(path + "/approve");
        Assert.True(approved.Status == HttpStatusCode.OK, approved.Body.ToJsonString());
        var meter = (await admin.GetAsync($"/api/v1/meters/{approved.Data["meter_id"]}")).Data;
        Assert.Equal((serial, "water", region, 51.25, 5), ((string?)meter["serial_number"], (string?)meter["meter_type"], (string?)meter["region_id"], (double)meter["coordinates"]!["latitude"]!, (int)meter["registers"]![0]!["digits"]!));
        Assert.NotEmpty(await server.AuditedAsync("created", Guid.Parse((string)meter["id"]!)));
        Assert.Equal(0, await server.AskAsync(db => db.Set<Assignment>().CountAsync(work => work.MeterId == new MeterSync.Kernel.MeterId(Guid.Parse((string)meter["id"]!)))));

        // The colleague's report of it can only be rejected.
        var second = $"/api/v1/approvals/{answered[6].Fine.Id}";
        (await mine.PutAsync(second + "/approve")).Refused(HttpStatusCode.Conflict, "approval.meter_known");
        Assert.Equal("pending", (string?)(await mine.GetAsync(second)).Data["status"]);
        Assert.Equal("rejected", (string?)(await mine.PutAsync(second + "/reject", new { review_notes = "Known by now" })).Data["status"]);
        Assert.Single((await admin.GetAsync($"/api/v1/meters?search={serial}")).Items());
    }
}

public sealed class FieldApprovalOnSqliteTests(SqliteServer server) : FieldApprovalTests(server), IClassFixture<SqliteServer>;

public sealed class FieldApprovalOnPostgresTests(PostgresServer server) : FieldApprovalTests(server), IClassFixture<PostgresServer>;
