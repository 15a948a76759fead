using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce.Field;

/// <summary>Where agents were and what they say of themselves, as phones bring it; and notes of readings, of which the last holds, too.</summary>
public abstract class FieldPeopleTests(ServerFixture server)
{
    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow().AddHours(-3).ToStored();

    private static Sent At(double latitude, DateTimeOffset at) => new("location", new { latitude, longitude = -0.1, accuracy_m = 5, timestamp = at });

    private Task<List<AgentPosition>> TrackAsync(string id) => server.AskAsync(db => db.Set<AgentPosition>().AsNoTracking().Where(point => point.AgentId == new UserId(Guid.Parse(id))).OrderBy(point => point.At).ToListAsync());

    [Fact]
    public async Task Positions_are_stored_with_the_batch_thinned_and_judged_one_by_one()
    {
        var admin = await server.SignInAsync("admin");
        var (_, id) = await server.MakeAgentAsync(admin);
        List<Sent> walk = [.. Enumerable.Range(0, 20).Select(step => At(51.5 + (step * 0.00003), Start.AddSeconds(step * 10)))];
        var answered = await server.BringAsync(id, [.. walk.AsEnumerable().Reverse(), At(53, Start.AddSeconds(300)), At(51.5006, Start.AddSeconds(310)), At(51.5006, Start.AddDays(1)), At(91, Start), new Sent("location", new { latitude = 5 })]);
        Assert.All(answered.Take(20), one => Assert.Equal(id, one.Fine.Id.ToString()));
        Assert.Equal(["agent.position_too_fast", "applied", "agent.position_in_future", "request.invalid", "request.invalid"], answered.Skip(20).Select(one => one.Code));
        var track = await TrackAsync(id);
        Assert.InRange(track.Count, 4, 8);
        Assert.Equal(Start, track[0].At);
        Assert.Equal(Start.AddSeconds(310), (DateTimeOffset)(await admin.GetAsync($"/api/v1/agents/{id}")).Data["position_at"]!);

        // What was before fills the track and leaves the agent where it is; the same once more adds nothing.
        var error = TimeSpan.FromDays(400);
        await server.BringAsync(id, At(51.49, Start.AddMinutes(-30) - error) with { ClockError = error });
        await server.BringAsync(id, At(51.49, Start.AddMinutes(-30)), walk[0]);
        var filled = await TrackAsync(id);
        Assert.Equal((track.Count + 1, Start.AddMinutes(-30)), (filled.Count, filled[0].At));
        Assert.Equal(Start.AddSeconds(310), (DateTimeOffset)(await admin.GetAsync($"/api/v1/agents/{id}")).Data["position_at"]!);
        Assert.Equal("applied", (await server.BringAsync(id, At(51, Start.AddDays(-60))))[0].Code);
        Assert.Equal(track.Count + 1, (await TrackAsync(id)).Count);
        var nobody = (string)(await (await server.SignInAsync("agent5")).GetAsync("/api/v1/auth/me")).Data["id"]!;
        Assert.Equal(["agent.not_an_agent", "agent.not_an_agent"], (await server.BringAsync(nobody, At(51, Start), new Sent("agent_status", new { status = "busy" }))).Select(one => one.Code));
    }

    [Fact]
    public async Task Of_what_an_agent_says_of_himself_the_last_holds_and_the_rest_is_kept()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        async Task<string?> StatusAsync() => (string?)(await admin.GetAsync($"/api/v1/agents/{id}")).Data["status"];
        Sent Says(string status, DateTimeOffset at, Guid? client = null) => new("agent_status", new { status }) { CapturedAt = at, ClientId = client ?? Guid.CreateVersion7() };

        // A supervisor made it available a moment ago.
        var old = (await server.BringAsync(id, Says("offline", Start)))[0];
        Assert.Equal(("available", """{"superseded":true}"""), (await StatusAsync(), old.Fine.Verdict));
        var told = JsonNode.Parse(Assert.Single(await server.AuditedAsync("status_superseded", Guid.Parse(id))))!;
        Assert.Equal(("offline", Start), ((string?)told["status"], DateTimeOffset.Parse((string)told["status_at"]!, System.Globalization.CultureInfo.InvariantCulture)));

        // Of a batch the last by the time of capture; of one instant the greater client id.
        var at = TimeProvider.System.GetUtcNow().AddSeconds(5).ToStored();
        var (low, high) = (Guid.Parse("01890000-0000-7000-8000-000000000001"), Guid.Parse("f1890000-0000-7000-8000-000000000001"));
        var answered = await server.BringAsync(id, Says("on_break", at.AddSeconds(2)), Says("busy", at), Says("asleep", at));
        Assert.Equal(["applied", "applied", "request.invalid"], answered.Select(one => one.Code));
        Assert.Equal((null, """{"superseded":true}"""), (answered[0].Fine.Verdict, answered[1].Fine.Verdict));
        Assert.Equal("on_break", await StatusAsync());
        await server.BringAsync(id, Says("busy", at.AddSeconds(3), high));
        await server.BringAsync(id, Says("offline", at.AddSeconds(3), low));
        Assert.Equal("busy", await StatusAsync());
        await server.BringAsync(id, Says("offline", at.AddSeconds(4), low));
        Assert.Equal("offline", await StatusAsync());
        Assert.Equal(3, (await server.AuditedAsync("status_superseded", Guid.Parse(id))).Count);

        // What is said at once counts as of now, also where it is the same again.
        Assert.Equal(HttpStatusCode.OK, (await agent.PutAsync("/api/v1/agents/me/status", new { status = "available" })).Status);
        await server.BringAsync(id, Says("busy", TimeProvider.System.GetUtcNow().AddMinutes(-1)));
        Assert.Equal("available", await StatusAsync());
        var said = TimeProvider.System.GetUtcNow();
        Assert.Equal(HttpStatusCode.OK, (await agent.PutAsync("/api/v1/agents/me/status", new { status = "available" })).Status);
        await server.BringAsync(id, Says("busy", said));
        Assert.Equal("available", await StatusAsync());
    }

    [Fact]
    public async Task Of_the_notes_of_a_reading_the_last_hold_and_the_rest_are_kept()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var (_, stranger) = await server.MakeAgentAsync(admin);
        var meters = await admin.MakeMetersAsync(2, WorkCalls.NewName("notes"));
        var (client, readings) = (Guid.CreateVersion7(), new List<string>());
        foreach (var meter in meters)
        {
            await admin.GiveAsync(meter, id);
            var read = await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 5, notes = "As it was", client_id = meter == meters[0] ? client : Guid.CreateVersion7() });
            readings.Add((string)read.Data["id"]!);
        }

        await admin.PostAsync($"/api/v1/readings/{readings[1]}/verify");
        async Task<string?> NotesAsync() => (string?)(await admin.GetAsync($"/api/v1/readings/{readings[0]}")).Data["notes"];
        Sent Says(object payload, DateTimeOffset at) => new(FieldBatches.Notes, payload) { CapturedAt = at, Op = MeterSync.Modules.Readings.Public.FieldOp.Update };
        var answered = await server.BringAsync(
            id,
            Says(new { reading_id = readings[0], notes = "Second" }, Start.AddSeconds(2)),
            Says(new { reading_client_id = client, notes = "First" }, Start.AddSeconds(1)),
            Says(new { reading_id = readings[1], notes = "Too late" }, Start),
            Says(new { reading_id = Guid.CreateVersion7(), notes = "Whose?" }, Start),
            Says(new { notes = "Whose?" }, Start),
            Says(new { reading_id = readings[0] }, Start),
            Says(new { reading_id = readings[0], notes = new string('x', 2001) }, Start));
        Assert.Equal(["applied", "applied", "reading.not_editable", "reading.not_found", "request.invalid", "request.invalid", "request.invalid"], answered.Select(one => one.Code));
        Assert.Equal((null, """{"superseded":true}""", 2), (answered[0].Fine.Verdict, answered[1].Fine.Verdict, answered[0].Fine.Version));
        Assert.Equal("Second", await NotesAsync());
        Assert.Equal("As it was", (string?)(await admin.GetAsync($"/api/v1/readings/{readings[1]}")).Data["notes"]);
        Assert.Equal("First", (string?)JsonNode.Parse(Assert.Single(await server.AuditedAsync("notes_superseded", Guid.Parse(readings[0]))))!["notes"]);
        Assert.Equal("reading.not_found", (await server.BringAsync(stranger, Says(new { reading_id = readings[0], notes = "Mine" }, Start.AddHours(1))))[0].Code);
        Assert.Equal("applied", (await server.BringAsync(id, Says(new { reading_id = readings[0], notes = "Older" }, Start)))[0].Code);
        Assert.Equal("Second", await NotesAsync());

        // The office's word counts as of now.
        Assert.Equal(HttpStatusCode.OK, (await admin.PutAsync($"/api/v1/readings/{readings[0]}", new { notes = "By the office" })).Status);
        await server.BringAsync(id, Says(new { reading_id = readings[0], notes = "Of before" }, Start.AddHours(1)));
        Assert.Equal("By the office", await NotesAsync());
        await server.BringAsync(id, Says(new { reading_id = readings[0], notes = "" }, TimeProvider.System.GetUtcNow().AddSeconds(5)));
        Assert.Null(await NotesAsync());
        Assert.Equal(3, (await server.AuditedAsync("notes_superseded", Guid.Parse(readings[0]))).Count);
    }
}

public sealed class FieldPeopleOnSqliteTests(FieldSqliteServer server) : FieldPeopleTests(server), IClassFixture<FieldSqliteServer>;

public sealed class FieldPeopleOnPostgresTests(FieldPostgresServer server) : FieldPeopleTests(server), IClassFixture<FieldPostgresServer>;

/// <summary>Works for one minute a day, at noon by a clock that differs from UTC by quarters of an hour.</summary>
public sealed class NoonSqliteServer : SqliteServer
{
    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["Workforce:WorkStart"] = "12:00", ["Workforce:WorkEnd"] = "12:01" };
}

public sealed class FieldHoursTests(NoonSqliteServer server) : IClassFixture<NoonSqliteServer>
{
    [Fact]
    public async Task Outside_of_working_hours_a_position_is_taken_and_not_kept()
    {
        var (_, id) = await server.MakeAgentAsync(await server.SignInAsync("admin"));
        var yesterday = new DateTimeOffset(TimeProvider.System.GetUtcNow().Date, TimeSpan.Zero).AddDays(-1).AddHours(12).AddMinutes(7);
        var answered = await server.BringAsync(id, new Sent("location", new { latitude = 51.5, longitude = -0.1, timestamp = yesterday }));
        Assert.Equal(id, answered[0].Fine.Id.ToString());
        Assert.Equal(0, await server.AskAsync(db => db.Set<AgentPosition>().CountAsync()));
        Assert.Null(await server.AskAsync(db => db.Set<Agent>().Where(agent => agent.Id == new UserId(Guid.Parse(id))).Select(agent => agent.PositionAt).FirstAsync()));
    }
}
