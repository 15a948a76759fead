using System.Net;
using MeterSync.Kernel;
using MeterSync.Modules.Sync.ForgetChanges;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using MeterSync.Tests.Modules.Workforce;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace MeterSync.Tests.Modules.Sync;

/// <summary>What a phone fetches, and that it ends at what its user sees.</summary>
public abstract class FetchChangesTests(ServerFixture server)
{
    [Fact]
    public async Task A_new_assignment_brings_its_meter_and_the_limits_the_server_judges_by()
    {
        var (admin, phone, id, meter) = await WorkAsync();
        var first = await phone.PullAsync();
        Assert.Equal((true, false), ((bool)first["reset"]!, (bool)first["has_more"]!));
        Assert.Equal(["meter", "assignment"], first["changes"]!.AsArray().Select(change => (string?)change!["entity"]));
        foreach (var (day, value) in new[] { (-121, 100), (-91, 130), (-61, 161), (-31, 190) })
        {
            Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = value, reading_timestamp = Now().AddDays(day) })).Status);
        }

        var fresh = new Phone(phone.Client);
        var page = await fresh.PullAsync();
        var register = Assert.Single(fresh["meter", meter]["registers"]!.AsArray())!;
        var limits = register["limits"]!;
        Assert.Equal((190m, (string?)page["server_time"], 6), ((decimal)limits["last_value"]!, (string?)limits["at"], (int)register["digits"]!));
        Assert.Equal("m3", (string?)register["unit"]);

        // A value of the same instant: the verdict says what was expected of it.
        var read = await phone.Client.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 219, reading_timestamp = (string)limits["at"]! });
        Assert.True(read.Status == HttpStatusCode.Created, read.Body.ToJsonString());
        var expected = read.Data["values"]![0]!["verdict"]!["expected"]!;
        Assert.Equal(((decimal)expected["low"]!, (decimal)expected["high"]!), ((decimal)limits["low_value"]!, (decimal)limits["high_value"]!));
        Assert.True((decimal)limits["low_value"]! > 190 && (decimal)limits["high_value"]! > 219);

        // Its work is done by that, and the next limits count from it.
        await fresh.PullAllAsync();
        Assert.Equal(219m, (decimal)fresh["meter", meter]["registers"]![0]!["limits"]!["last_value"]!);
        Assert.Equal("completed", (string?)fresh["assignment", id]["status"]);
        Assert.Equal("accepted", (string?)fresh["reading", (string)read.Data["id"]!]["state"]);
        Assert.Equal(219m, (decimal)fresh["reading", (string)read.Data["id"]!]["values"]![0]!["value"]!);
    }

    [Fact]
    public async Task Pages_of_any_size_end_at_the_same_view()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var meters = await admin.MakeMetersAsync(7, WorkCalls.NewName("pages"));
        foreach (var meter in meters)
        {
            await admin.GiveAsync(meter, id);
        }

        foreach (var meter in meters.Take(3))
        {
            Assert.Equal(HttpStatusCode.Created, (await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 10, reading_timestamp = Now() })).Status);
        }

        var whole = new Phone(agent);
        Assert.Equal(17, (await whole.PullAllAsync()).Count);
        foreach (var limit in new[] { 1, 2, 3, 7, 17, 2000 })
        {
            var parts = new Phone(agent);
            Assert.Equal(17, (await parts.PullAllAsync(limit)).Count);
            Assert.Equal(whole.Shown(), parts.Shown());
            Assert.Empty((await parts.PullAsync(limit))["changes"]!.AsArray());
        }
    }

    [Fact]
    public async Task What_changed_often_comes_once_as_it_is_now()
    {
        var (admin, phone, _, meter) = await WorkAsync();
        await phone.PullAllAsync();
        foreach (var note in new[] { "Ring once", "Ring twice", "Ring thrice" })
        {
            Assert.Equal(HttpStatusCode.OK, (await admin.PatchAsync($"/api/v1/meters/{meter}", new { access_notes = note, key_number = "K 7", hazard_notes = "Dog" })).Status);
        }

        var page = await phone.PullAsync();
        var change = Assert.Single(page["changes"]!.AsArray())!;
        Assert.Equal(("Ring thrice", "K 7", "Dog"), ((string?)change["data"]!["access_notes"], (string?)change["data"]!["key_number"], (string?)change["data"]!["hazard_notes"]));
        Assert.Equal((int)(await admin.GetAsync($"/api/v1/meters/{meter}")).Data["version"]!, (int)change["version"]!);
        Assert.False((bool)page["has_more"]!);
    }

    [Fact]
    public async Task Work_that_is_moved_is_gone_from_one_phone_and_there_on_the_other()
    {
        var (admin, phone, work, meter) = await WorkAsync();
        var (other, otherId) = await server.MakeAgentAsync(admin);
        var second = new Phone(other);
        await phone.PullAllAsync();
        await second.PullAllAsync();
        Assert.Equal(HttpStatusCode.OK, (await admin.PutAsync($"/api/v1/assignments/{work}", new { agent_id = otherId })).Status);
        Assert.Equal([$"-meter {meter}", $"-assignment {work}"], (await phone.PullAllAsync()).Order(StringComparer.Ordinal).Reverse());
        Assert.Empty(phone.Keys);
        await second.PullAllAsync();
        Assert.True(second.Has("meter", meter));
        Assert.Equal(1, second.CountOf("assignment"));

        // What the first one read before it heard of it counts all the same, and comes back as its own.
        var read = await phone.Client.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 10, reading_timestamp = Now() });
        Assert.Equal(HttpStatusCode.Created, read.Status);
        await phone.PullAllAsync();
        Assert.Equal([$"reading {read.Data["id"]}"], phone.Keys);
    }

    [Fact]
    public async Task A_meter_stays_while_another_assignment_shows_it()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var place = WorkCalls.NewName("kept");
        var meter = (await admin.MakeMetersAsync(1, place))[0];
        var march = await admin.OpenCycleAsync(place, -40, -10);
        var done = await admin.GiveAsync(meter, id);
        Assert.Equal(HttpStatusCode.Created, (await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 10, reading_timestamp = Now().AddDays(-15) })).Status);
        await admin.OpenCycleAsync(place, -9, 10);
        var april = await admin.GiveAsync(meter, id);
        var phone = new Phone(agent);
        await phone.PullAllAsync();
        await admin.CloseCycleAsync(march);
        Assert.Contains($"-assignment {done["id"]}", await phone.PullAllAsync());
        Assert.True(phone.Has("meter", meter));
        Assert.True(phone.Has("assignment", (string)april["id"]!));
    }

    [Fact]
    public async Task Whoever_read_hears_what_the_office_decided()
    {
        var (_, phone, _, meter) = await WorkAsync();
        var manager = await server.SignInAsync("manager");
        var id = (string)(await phone.Client.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 10, reading_timestamp = Now(), client_id = Guid.CreateVersion7() })).Data["id"]!;
        await phone.PullAllAsync();
        Assert.False((bool)phone["reading", id]["verified"]!);
        Assert.NotNull(phone["reading", id]["client_id"]);
        Assert.Equal(HttpStatusCode.OK, (await manager.PostAsync($"/api/v1/readings/{id}/verify", new { notes = "Seen" })).Status);
        await phone.PullAllAsync();
        Assert.True((bool)phone["reading", id]["verified"]!);
        Assert.Equal(HttpStatusCode.OK, (await manager.PostAsync($"/api/v1/readings/{id}/correct", new { reading_value = 12, reason = "Digits swapped" })).Status);
        await phone.PullAllAsync();
        Assert.Equal((12m, "Digits swapped"), ((decimal)phone["reading", id]["values"]![0]!["value"]!, (string?)phone["reading", id]["decision_note"]));
        Assert.Equal(12m, (decimal)phone["meter", meter]["registers"]![0]!["limits"]!["last_value"]!);
        Assert.Equal(HttpStatusCode.OK, (await manager.PostAsync($"/api/v1/readings/{id}/reject", new { reason = "Another meter" })).Status);
        await phone.PullAllAsync();
        Assert.Equal("rejected", (string?)phone["reading", id]["state"]);
        Assert.Null(phone["meter", meter]["registers"]![0]!["limits"]!["last_value"]);
        Assert.Equal(await FreshAsync(phone.Client), phone.Shown());
    }

    [Fact]
    public async Task An_exchange_takes_the_old_meter_and_brings_the_new_one()
    {
        var scene = await PlaceScene.MakeAsync(server);
        await scene.CycleAsync(-10, 20);
        var phone = new Phone(scene.Agent);
        await phone.PullAllAsync();
        Assert.True(phone.Has("meter", scene.Old));
        var (exchange, following) = await scene.ExchangeAsync();
        await phone.PullAllAsync();
        Assert.Equal(await FreshAsync(scene.Agent), phone.Shown());
        Assert.True(phone.Has("meter", following));
        await scene.UndoAsync(exchange);
        await phone.PullAllAsync(1);
        Assert.Equal(await FreshAsync(scene.Agent), phone.Shown());
        Assert.True(phone.Has("meter", scene.Old));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4_QEFCQ0RFRg")]
    public async Task A_cursor_that_is_none_is_refused(string cursor)
    {
        var agent = await server.SignInAsync("agent1");
        var refused = await new Phone(agent).AskAsync(Uri.UnescapeDataString(cursor));
        Assert.Equal((HttpStatusCode.BadRequest, "sync.cursor_invalid"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task A_cursor_with_one_bit_turned_is_refused()
    {
        var (_, phone, _, _) = await WorkAsync();
        await phone.PullAsync();
        foreach (var place in new[] { 0, 5, 30, 50, 60, 88 })
        {
            var text = phone.Cursor!.ToCharArray();
            text[place] = text[place] == 'A' ? 'B' : 'A';
            Assert.Equal("sync.cursor_invalid", (await phone.AskAsync(new string(text))).Code);
        }

        Assert.Equal("sync.cursor_invalid", (await phone.AskAsync(phone.Cursor![..^4])).Code);
    }

    [Fact]
    public async Task Another_users_cursor_begins_anew_with_the_own_things()
    {
        var (_, phone, _, meter) = await WorkAsync();
        var (_, stranger, _, foreign) = await WorkAsync();
        await phone.PullAllAsync();
        await stranger.PullAllAsync();
        stranger.Cursor = phone.Cursor;
        Assert.True((bool)(await stranger.PullAsync())["reset"]!);
        Assert.True(stranger.Has("meter", foreign));
        Assert.False(stranger.Has("meter", meter));
    }

    [Fact]
    public async Task Another_epoch_begins_anew_also_in_the_middle_of_a_snapshot()
    {
        var (_, phone, _, meter) = await WorkAsync();
        var first = await phone.PullAsync(1);
        Assert.True((bool)first["has_more"]!);
        await using (var scope = server.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<Epochs>().BeginAsync(EpochReason.Restored, CancellationToken.None);
            await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().SaveChangesAsync();
        }

        var again = await phone.PullAsync();
        Assert.True((bool)again["reset"]!);
        Assert.NotEqual((string?)first["epoch"], (string?)again["epoch"]);
        Assert.True(phone.Has("meter", meter));
        Assert.False((bool)(await phone.PullAsync())["reset"]!);
    }

    [Fact]
    public async Task Whoever_comes_after_the_changes_are_forgotten_begins_anew()
    {
        var (admin, late, work, meter) = await WorkAsync();
        await late.PullAllAsync();
        var (punctual, cut) = (new Phone(late.Client), new Phone(late.Client));
        await admin.PatchAsync($"/api/v1/meters/{meter}", new { access_notes = "Ring" });
        await punctual.PullAllAsync();
        await cut.PullAsync(1);
        var agent = new UserId(Guid.Parse((string)late["assignment", work]["agent_id"]!));
        await using (var scope = server.Services.CreateAsyncScope())
        {
            // Three months pass for what was told so far.
            var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
            var old = TimeProvider.System.GetUtcNow().AddDays(-91).ToStored();
            await db.Set<AgentChange>().Where(change => change.AgentId == agent).ExecuteUpdateAsync(set => set.SetProperty(change => change.At, old));
            Assert.True(await scope.ServiceProvider.GetRequiredService<ChangeSweep>().SweepAsync(CancellationToken.None) >= 3);
            Assert.False(await db.Set<AgentChange>().AnyAsync(change => change.AgentId == agent));
        }

        Assert.False((bool)(await punctual.PullAsync())["reset"]!);
        Assert.False((bool)(await cut.PullAsync())["reset"]!);
        Assert.True((bool)(await late.PullAsync())["reset"]!);
        Assert.Equal("Ring", (string?)late["meter", meter]["access_notes"]);
        await admin.PatchAsync($"/api/v1/meters/{meter}", new { access_notes = "Knock" });
        foreach (var phone in new[] { punctual, cut, late })
        {
            await phone.PullAllAsync();
            Assert.Equal("Knock", (string?)phone["meter", meter]["access_notes"]);
        }
    }

    [Fact]
    public async Task A_cursor_ahead_of_the_log_begins_anew()
    {
        var (admin, phone, work, meter) = await WorkAsync();
        await phone.PullAllAsync();
        await admin.PatchAsync($"/api/v1/meters/{meter}", new { access_notes = "Ring" });
        await phone.PullAllAsync();
        var agent = new UserId(Guid.Parse((string)phone["assignment", work]["agent_id"]!));
        await using (var scope = server.Services.CreateAsyncScope())
        {
            // As if the database had been put back without anybody saying so.
            var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
            await db.Set<AgentChange>().Where(change => change.AgentId == agent && change.Seq > 2).ExecuteDeleteAsync();
            await db.Set<Agent>().Where(one => one.Id == agent).ExecuteUpdateAsync(set => set.SetProperty(one => one.ChangeSeq, 2));
        }

        Assert.True((bool)(await phone.PullAsync())["reset"]!);
    }

    [Fact]
    public async Task Who_has_no_work_or_is_no_agent_is_told_so()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var idle = await new Phone(agent).AskAsync(null);
        Assert.Equal((true, false, 0, null), ((bool)idle.Data["reset"]!, (bool)idle.Data["has_more"]!, idle.Data["changes"]!.AsArray().Count, (string?)idle.Body["message"]));
        var phone = new Phone(agent) { Cursor = (string?)idle.Data["cursor"] };
        var meter = (await admin.MakeMetersAsync(1, WorkCalls.NewName("first")))[0];
        await admin.GiveAsync(meter, id);
        Assert.False((bool)(await phone.PullAsync())["reset"]!);
        Assert.True(phone.Has("meter", meter));

        var manager = new Phone(await server.SignInAsync("manager"));
        foreach (var cursor in new[] { null, (string?)(await manager.AskAsync(null)).Data["cursor"] })
        {
            var nothing = await manager.AskAsync(cursor);
            Assert.Equal((HttpStatusCode.OK, 0, cursor is null), (nothing.Status, nothing.Data["changes"]!.AsArray().Count, (bool)nothing.Data["reset"]!));
            Assert.Contains("no agent", (string?)nothing.Body["message"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Others_may_not_fetch()
    {
        using var http = server.Anonymous();
        Assert.Equal(HttpStatusCode.Unauthorized, (await new ApiClient(http).GetAsync("/api/v1/sync/changes")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await server.SignInAsync("viewer")).GetAsync("/api/v1/sync/changes")).Status);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=2001")]
    [InlineData("limit=many")]
    public async Task A_limit_out_of_bounds_is_refused(string query) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await (await server.SignInAsync("agent1")).GetAsync("/api/v1/sync/changes?" + query)).Status);

    [Theory]
    [InlineData("X-Unsent-Count", "-1")]
    [InlineData("X-Unsent-Count", "lots")]
    [InlineData("X-App-Version", "012345678901234567890123456789012345678901234567890")]
    public async Task A_header_out_of_bounds_is_refused(string name, string value)
    {
        var phone = new Phone(await server.SignInAsync("agent1")) { Headers = { ["X-Device-Id"] = "p1", [name] = value } };
        Assert.Equal(HttpStatusCode.BadRequest, (await phone.AskAsync(null)).Status);
    }

    [Fact]
    public async Task A_commit_that_comes_late_is_never_skipped()
    {
        var (_, phone, work, _) = await WorkAsync();
        await phone.PullAllAsync();
        var agent = new UserId(Guid.Parse((string)phone["assignment", work]["agent_id"]!));
        var (early, late) = (new ReadingId(Guid.CreateVersion7()), new ReadingId(Guid.CreateVersion7()));
        var (written, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = NoteAsync(agent, early, written, gate.Task);
        await written.Task;
        Assert.Empty((await phone.PullAsync())["changes"]!.AsArray());
        var second = NoteAsync(agent, late, new TaskCompletionSource(), Task.CompletedTask);

        // The second waits for the first, so a phone can hear of none, and of the second never before the first.
        Assert.Empty((await phone.PullAsync())["changes"]!.AsArray());
        gate.SetResult();
        await Task.WhenAll(first, second);
        Assert.Equal([$"-reading {early.Value}", $"-reading {late.Value}"], await phone.PullAllAsync(1));
    }

    [Fact]
    public async Task A_fetch_of_nothing_new_asks_three_small_questions_and_writes_nothing()
    {
        var (_, phone, _, _) = await WorkAsync();
        phone.Headers["X-Device-Id"] = "pixel";
        await phone.PullAllAsync();
        await phone.PullAsync();
        var asked = await FewestAsync(() => phone.PullAsync());
        Assert.True(asked.Count <= 3, string.Join("\n", asked));
        Assert.DoesNotContain(asked, statement => statement.StartsWith("update", StringComparison.OrdinalIgnoreCase) || statement.StartsWith("insert", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_questions_do_not_grow_with_the_things()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var meters = await admin.MakeMetersAsync(12, WorkCalls.NewName("many"));
        foreach (var meter in meters)
        {
            await admin.GiveAsync(meter, id);
            await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 10, reading_timestamp = Now() });
        }

        var asked = await FewestAsync(async () => Assert.Equal(36, (await new Phone(agent).PullAllAsync()).Count));
        Assert.True(asked.Count <= 12, string.Join("\n\n", asked));
    }

    /// <summary>The statements of a request, of the try in which the server did least beside it.</summary>
    private async Task<List<string>> FewestAsync(Func<Task> request)
    {
        using var count = await QueryCount.StartAsync(server is PostgresServer postgres ? new NpgsqlConnectionStringBuilder(postgres.ConnectionString).Database! : server.Data.DatabaseFile);
        var tries = new List<List<string>>();
        for (var attempt = 0; attempt < 8; attempt++)
        {
            var before = count.Statements.Count;
            await request();
            tries.Add([.. count.Statements.Skip(before)]);
        }

        return tries.MinBy(statements => statements.Count)!;
    }

    private async Task NoteAsync(UserId agent, ReadingId reading, TaskCompletionSource written, Task gate)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var log = scope.ServiceProvider.GetRequiredService<ChangeLog>();
        var outcome = await scope.ServiceProvider.GetRequiredService<WriteTransactions>().RunAsync<Done>(
            async token =>
            {
                log.NoteReading(agent, reading);
                await log.WriteAsync(token);
                written.SetResult();
                await gate;
                return Done.It;
            },
            CancellationToken.None);
        Assert.True(outcome.Succeeded);
    }

    /// <summary>A phone of an agent with one meter to read.</summary>
    private async Task<(ApiClient Admin, Phone Phone, string Work, string Meter)> WorkAsync()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var meter = (await admin.MakeMetersAsync(1, WorkCalls.NewName("pull")))[0];
        return (admin, new Phone(agent), (string)(await admin.GiveAsync(meter, id))["id"]!, meter);
    }

    private static async Task<IReadOnlyList<string>> FreshAsync(ApiClient client)
    {
        var fresh = new Phone(client);
        await fresh.PullAllAsync();
        return fresh.Shown();
    }

    private static DateTimeOffset Now() => TimeProvider.System.GetUtcNow();
}

public sealed class FetchChangesOnSqliteTests(SqliteServer server) : FetchChangesTests(server), IClassFixture<SqliteServer>;

public sealed class FetchChangesOnPostgresTests(PostgresServer server) : FetchChangesTests(server), IClassFixture<PostgresServer>;
