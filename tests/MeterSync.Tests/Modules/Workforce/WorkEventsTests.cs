using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Modules.Workforce;
using MeterSync.Modules.Workforce.MarkOverdue;
using MeterSync.Store;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Modules.Readings;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce;

/// <summary>Every change that somebody may want to hear of leaves one event, and what is refused leaves none.</summary>
public abstract class WorkEventsTests(ServerFixture server)
{
    private static string Day(int days) => TimeProvider.System.GetUtcNow().AddDays(days).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task Work_that_is_given_moved_and_cancelled()
    {
        var admin = await server.SignInAsync("admin");
        var me = Guid.Parse((string)(await admin.GetAsync("/api/v1/auth/me")).Data["id"]!);
        var (_, one) = await server.MakeAgentAsync(admin);
        var (second, two) = await server.MakeAgentAsync(admin);
        var meters = await admin.MakeMetersAsync(2, WorkCalls.NewName("told"));
        var told = await ToldEvents.SinceNowAsync(server);

        var work = await admin.GiveAsync(meters[0], one);
        var (given, body) = await told.OneAsync("assignment.given");
        Assert.Equal((1, me, Guid.Parse(one), "assignment", (string?)work["id"]), (given.Version, given.ActorId!.Value.Value, given.UserId!.Value.Value, given.SubjectType, given.SubjectId.ToString()));
        Assert.Equal((1, (string?)work["id"], meters[0]), ((int)body["count"]!, (string?)body["assignment_id"], (string?)body["meter_id"]));
        Assert.Null(given.HandledAt);

        var moved = await admin.PutAsync($"/api/v1/assignments/{work["id"]}", new { agent_id = two });
        Assert.Equal(HttpStatusCode.OK, moved.Status);
        var (move, from) = await told.OneAsync("assignment.moved");
        Assert.Equal((Guid.Parse(two), (string?)moved.Data["id"]), (move.UserId!.Value.Value, move.SubjectId.ToString()));
        Assert.Equal((one, (string?)work["id"], meters[0]), ((string?)from["from_agent_id"], (string?)from["from_assignment_id"], (string?)from["meter_id"]));

        var path = $"/api/v1/assignments/{moved.Data["id"]}";
        Assert.Equal(HttpStatusCode.OK, (await second.PutAsync($"/api/v1/assignments/me/{moved.Data["id"]}/status?status=in_progress")).Status);
        Assert.Equal(HttpStatusCode.OK, (await admin.PutAsync(path, new { estimated_time = 5 })).Status);
        Assert.Empty(await told.TakeAsync());
        Assert.Equal(HttpStatusCode.OK, (await second.PutAsync($"/api/v1/assignments/me/{moved.Data["id"]}/status?status=cancelled")).Status);
        var (cancelled, _) = await told.OneAsync("assignment.cancelled");
        Assert.Equal((cancelled.UserId, cancelled.UserId), (cancelled.ActorId, new UserId(Guid.Parse(two))));
    }

    [Fact]
    public async Task Bulk_work_is_one_event_for_each_agent()
    {
        var admin = await server.SignInAsync("admin");
        var region = (string)(await admin.PostAsync("/api/v1/regions", new { name = WorkCalls.NewName("Told ") })).Data["id"]!;
        var agents = new[] { (await server.MakeAgentAsync(admin, 50, region)).Id, (await server.MakeAgentAsync(admin, 50, region)).Id };
        var meters = await admin.MakeMetersAsync(9, WorkCalls.NewName("told"), region);
        var told = await ToldEvents.SinceNowAsync(server);
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/assignments/bulk", new { meter_ids = meters.Take(6), agent_id = agents[0] })).Status);
        var (given, body) = await told.OneAsync("assignment.given");
        Assert.Equal(("agent", agents[0], region, 6), (given.SubjectType, given.SubjectId.ToString(), given.RegionId!.Value.Value.ToString(), (int)body["count"]!));
        Assert.Null(body["meter_id"]);

        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/assignments/bulk", new { meter_ids = meters.Skip(6) })).Status);
        var spread = await told.TakeAsync();
        Assert.All(spread, one => Assert.Equal("assignment.given", one.Kind));
        Assert.Equal(spread.Count, spread.Select(one => one.UserId).Distinct().Count());
        Assert.Equal(3, spread.Sum(one => (int)JsonNode.Parse(one.Body)!["count"]!));
    }

    [Fact]
    public async Task What_is_refused_leaves_no_event()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var (_, small) = await server.MakeAgentAsync(admin, maxLoad: 1);
        var meters = await admin.MakeMetersAsync(3, WorkCalls.NewName("told"));
        var work = await admin.GiveAsync(meters[0], id);
        var other = await admin.GiveAsync(meters[1], id);
        var told = await ToldEvents.SinceNowAsync(server);
        (await admin.PostAsync("/api/v1/assignments/bulk", new { meter_ids = meters, agent_id = id })).Refused(HttpStatusCode.Conflict, "assignment.meter_taken");
        (await admin.PostAsync("/api/v1/assignments/bulk", new { meter_ids = meters[2..], agent_id = Guid.CreateVersion7() })).Refused(HttpStatusCode.NotFound, "agent.not_found");
        (await admin.PutAsync($"/api/v1/assignments/{work["id"]}", new { status = "cancelled" }, headers => headers.TryAddWithoutValidation("If-Match", "\"99\""))).Refused(HttpStatusCode.PreconditionFailed, "resource.lost_update");
        await admin.GiveAsync(meters[2], small);
        await told.OneAsync("assignment.given");

        // Taken from the first in the same transaction that then refuses to give it to the second.
        (await admin.PutAsync($"/api/v1/assignments/{other["id"]}", new { agent_id = small })).Refused(HttpStatusCode.Conflict, "agent.over_load");
        Assert.Empty(await told.TakeAsync());
        Assert.Equal("completed", (string?)(await agent.PutAsync($"/api/v1/assignments/me/{work["id"]}/status?status=completed")).Data["status"]);
        (await admin.PutAsync($"/api/v1/assignments/{work["id"]}", new { status = "cancelled" })).Refused(HttpStatusCode.Conflict, "assignment.transition_refused");
        Assert.Empty(await told.TakeAsync());
    }

    [Fact]
    public async Task Two_offices_that_give_one_meter_at_once_leave_one_event()
    {
        var admin = await server.SignInAsync("admin");
        var agents = new[] { (await server.MakeAgentAsync(admin)).Id, (await server.MakeAgentAsync(admin)).Id };
        var meters = await admin.MakeMetersAsync(2, WorkCalls.NewName("told"));
        var told = await ToldEvents.SinceNowAsync(server);
        var tries = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => index % 2 == 0
            ? admin.PostAsync("/api/v1/assignments", new { meter_id = meters[0], agent_id = agents[index / 2 % 2] })
            : admin.PostAsync("/api/v1/assignments/bulk", new { meter_ids = meters, agent_id = agents[index / 2 % 2] })));
        var made = tries.Count(answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal(1, made);
        await told.OneAsync("assignment.given");
    }

    [Fact]
    public async Task Overdue_work_is_told_once_however_often_the_pass_runs()
    {
        var admin = await server.SignInAsync("admin");
        var (_, id) = await server.MakeAgentAsync(admin);
        var meters = await admin.MakeMetersAsync(3, WorkCalls.NewName("told"));
        var told = await ToldEvents.SinceNowAsync(server);
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/assignments/bulk", new { meter_ids = meters, agent_id = id, due_at = TimeProvider.System.GetUtcNow().AddMinutes(-1) })).Status);
        var pass = server.Services.GetRequiredService<OverdueWork>();
        await pass.PassAsync(CancellationToken.None);
        await pass.PassAsync(CancellationToken.None);
        var overdue = Assert.Single(await told.TakeAsync(), one => one.Kind == "assignment.overdue");
        Assert.Equal((id, 3), (overdue.UserId!.Value.Value.ToString(), (int)JsonNode.Parse(overdue.Body)!["count"]!));
        Assert.Null(overdue.ActorId);
    }

    [Fact]
    public async Task A_cycle_that_opens_and_closes()
    {
        var admin = await server.SignInAsync("admin");
        var region = (string)(await admin.PostAsync("/api/v1/regions", new { name = WorkCalls.NewName("Told ") })).Data["id"]!;
        var (_, id) = await server.MakeAgentAsync(admin, 50, region);
        var place = WorkCalls.NewName("told");
        await admin.MakeMetersAsync(4, place, region);
        var cycle = (await admin.PostAsync("/api/v1/read-cycles", new { name = place, window_from = Day(-10), window_to = Day(10), region_id = region })).Data;
        var path = $"/api/v1/read-cycles/{cycle["id"]}";
        var told = await ToldEvents.SinceNowAsync(server);
        Assert.Equal(HttpStatusCode.OK, (await admin.PostAsync(path + "/open", new { assign = "spread" })).Status);
        (await admin.PostAsync(path + "/open")).Refused(HttpStatusCode.Conflict, "cycle.not_planned");
        var opening = await told.TakeAsync();
        var opened = Assert.Single(opening, one => one.Kind == "cycle.opened");
        Assert.Equal(((string?)cycle["id"], region), (opened.SubjectId.ToString(), opened.RegionId!.Value.Value.ToString()));
        Assert.Equal((4, 4), ((int)JsonNode.Parse(opened.Body)!["meters"]!, (int)JsonNode.Parse(opened.Body)!["assigned"]!));
        Assert.Equal(4, opening.Where(one => one.Kind == "assignment.given").Sum(one => (int)JsonNode.Parse(one.Body)!["count"]!));

        (await admin.PostAsync(path + "/close")).Refused(HttpStatusCode.Conflict, "cycle.has_open_work");
        Assert.Empty(await told.TakeAsync());
        var closing = await admin.PostAsync(path + "/close", new { missed = "leave" });
        await admin.WaitForJobAsync($"{path}/close/{closing.Data["id"]}");
        var ending = await told.TakeAsync();
        var closed = JsonNode.Parse(Assert.Single(ending, one => one.Kind == "cycle.closed").Body)!;
        Assert.Equal((4, 0, 4, 4), ((int)closed["meters"]!, (int)closed["estimated"]!, (int)closed["missed"]!, (int)closed["cancelled"]!));
        var taken = ending.Where(one => one.Kind == "assignment.cancelled").ToList();
        Assert.Equal(4, taken.Sum(one => (int)JsonNode.Parse(one.Body)!["count"]!));
        Assert.All(taken, one => Assert.Equal((string?)cycle["id"], (string?)JsonNode.Parse(one.Body)!["cycle_id"]));
        Assert.Equal(1 + taken.Count, ending.Count);
        Assert.Contains(taken, one => one.UserId!.Value.Value.ToString() == id);
    }

    [Fact]
    public async Task Requests_and_decisions()
    {
        var admin = await server.SignInAsync("admin");
        var manager = await server.SignInAsync("manager");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var meter = (await admin.MakeMetersAsync(1, WorkCalls.NewName("told")))[0];
        await admin.GiveAsync(meter, id);
        var told = await ToldEvents.SinceNowAsync(server);
        var client = Guid.CreateVersion7();
        var options = server.Services.GetRequiredService<IOptions<WorkforceOptions>>().Value;
        options.MeterChangeSteps = "manager admin";
        ApiAnswer made;
        try
        {
            made = await agent.PostAsync("/api/v1/approvals", new { meter_id = meter, meter_data = new { address = "9a Mill Lane" }, client_id = client });
            await agent.PostAsync("/api/v1/approvals", new { meter_id = meter, meter_data = new { address = "9a Mill Lane" }, client_id = client });
        }
        finally
        {
            options.MeterChangeSteps = new WorkforceOptions().MeterChangeSteps;
        }

        var path = $"/api/v1/approvals/{made.Data["id"]}";
        var (requested, asked) = await told.OneAsync("approval.requested");
        Assert.Equal((id, (string?)made.Data["id"], "manager", "meter_change", meter), (requested.UserId!.Value.Value.ToString(), requested.SubjectId.ToString(), (string?)asked["role"], (string?)asked["request"], (string?)asked["meter_id"]));
        Assert.Equal(HttpStatusCode.OK, (await manager.PutAsync(path + "/review")).Status);
        Assert.Empty(await told.TakeAsync());
        Assert.Equal("under_review", (string?)(await manager.PutAsync(path + "/approve")).Data["status"]);
        Assert.Equal("admin", (string?)(await told.OneAsync("approval.advanced")).Body["role"]);
        await admin.PatchAsync($"/api/v1/meters/{meter}", new { address = "11 Mill Lane" });
        (await admin.PutAsync(path + "/approve")).Refused(HttpStatusCode.Conflict, "approval.meter_changed");
        Assert.Empty(await told.TakeAsync());
        var tries = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => admin.PutAsync(path + "/reject", new { review_notes = "It moved on" })));
        Assert.Single(tries, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal("rejected", (string?)(await told.OneAsync("approval.decided")).Body["decision"]);
    }

    [Fact]
    public async Task A_value_that_is_asked_for_again_and_a_meter_that_is_exchanged()
    {
        var admin = await server.SignInAsync("admin");
        var scene = await ExchangeScene.MakeAsync(admin);
        var told = await ToldEvents.SinceNowAsync(server);
        var made = await admin.PostAsync("/api/v1/re-reads", new { meter_id = scene.Id, reason = "Twice the use of last year" });
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal(HttpStatusCode.Conflict, (await admin.PostAsync("/api/v1/re-reads", new { meter_id = scene.Id, reason = "And again" })).Status);
        Assert.Equal(scene.Id, (string?)(await told.OneAsync("re_read.requested")).Body["meter_id"]);

        var body = scene.Body(clientId: Guid.CreateVersion7());
        var exchange = await scene.ExchangeAsync(body: body);
        Assert.Equal(HttpStatusCode.OK, (await admin.PostAsync($"/api/v1/meters/{scene.Id}/exchange", body)).Status);
        var (swapped, swap) = await told.OneAsync("meter.exchanged");
        Assert.Equal(((string?)exchange["id"], scene.Id, ExchangeScene.NewId(exchange)), (swapped.SubjectId.ToString(), (string?)swap["old_meter_id"], (string?)swap["new_meter_id"]));
        Assert.Equal(HttpStatusCode.OK, (await admin.DeleteAsync($"/api/v1/meters/{scene.Id}/exchanges/{exchange["id"]}")).Status);
        await told.OneAsync("meter.exchange_undone");
    }

    [Fact]
    public async Task A_hazard_and_a_place_that_is_skipped_again()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var place = WorkCalls.NewName("told");
        var meter = (await admin.MakeMetersAsync(1, place))[0];
        foreach (var (from, to, at, code) in new[] { (-60, -30, -40, "no_access"), (-20, 10, -1, "dog") })
        {
            var cycle = (await admin.PostAsync("/api/v1/read-cycles", new { name = WorkCalls.NewName("Round "), window_from = Day(from), window_to = Day(to), location_id = place })).Data;
            Assert.Equal(HttpStatusCode.OK, (await admin.PostAsync($"/api/v1/read-cycles/{cycle["id"]}/open")).Status);
            await admin.GiveAsync(meter, id);
            var told = await ToldEvents.SinceNowAsync(server);
            var skip = new { meter_id = meter, code, skipped_at = TimeProvider.System.GetUtcNow().AddDays(at), client_id = Guid.CreateVersion7() };
            Assert.Equal(HttpStatusCode.Created, (await agent.PostAsync("/api/v1/skips", skip)).Status);
            Assert.Equal(HttpStatusCode.OK, (await agent.PostAsync("/api/v1/skips", skip)).Status);
            var fresh = await told.TakeAsync();
            Assert.Equal(code == "dog" ? ["follow_up.opened", "hazard.reported"] : [], fresh.Select(one => one.Kind).Order());
            Assert.All(fresh, one => Assert.Equal(meter, (string?)JsonNode.Parse(one.Body)!["meter_id"]));
        }
    }

    [Fact]
    public void Every_kind_stands_in_the_docs()
    {
        var kinds = typeof(MeterSyncDb).Assembly.GetTypes().SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => typeof(IEventKind).IsAssignableFrom(field.FieldType)).Select(field => (IEventKind)field.GetValue(null)!).ToList();
        Assert.True(kinds.Count > 10, "Hardly a kind was found.");
        var docs = File.ReadAllLines(Path.Combine(RepositoryFolder(), "docs", "workforce.md"));
        var rows = docs.Where(line => line.StartsWith("| `", StringComparison.Ordinal) && line.Split('`')[1] is var word && word.Contains('.', StringComparison.Ordinal) && !word.Contains(' ', StringComparison.Ordinal)).Select(line => (line.Split('`')[1], line.Split('|')[2].Trim()));
        Assert.Equal(kinds.Select(kind => (kind.Word, kind.Version.ToString(System.Globalization.CultureInfo.InvariantCulture))).Order(), rows.Order());
    }

    private static string RepositoryFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MeterSync.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Not inside the repository.");
        }

        return folder.FullName;
    }
}

public sealed class WorkEventsOnSqliteTests(SqliteServer server) : WorkEventsTests(server), IClassFixture<SqliteServer>;

public sealed class WorkEventsOnPostgresTests(PostgresServer server) : WorkEventsTests(server), IClassFixture<PostgresServer>;
