using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Store;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Modules.Workforce;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Sync;

public abstract class SyncFaultsTests(ServerFixture server)
{
    [Fact]
    public async Task A_refused_item_is_kept_once_and_can_be_tried_again_by_the_office()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id, _) = await server.MakeReaderAsync(admin, 1);
        var (_, _, others) = await server.MakeReaderAsync(admin, 1);
        var item = SyncCalls.Item(others[0], 31);
        var batch = SyncCalls.Batch("faulty", item);
        Assert.Equal(["rejected"], (await agent.PushAsync(batch)).Statuses());
        Assert.Equal(["rejected"], (await agent.PushAsync(batch)).Statuses());
        var fault = Assert.Single((await admin.GetAsync($"/api/v1/sync/quarantine?user_id={id}")).Items());
        Assert.Equal((2, "reading.meter_not_found", "open"), ((int)fault["times"]!, (string?)fault["code"], (string?)fault["status"]));
        Assert.Equal((string?)item["client_id"], (string?)JsonNode.Parse((string)fault["raw"]!)!["client_id"]);
        Assert.Contains("reading", (string)fault["explanation"]!, StringComparison.Ordinal);
        Assert.Equal((string?)fault["id"], (string?)Assert.Single((await agent.GetAsync("/api/v1/sync/quarantine")).Items())["id"]);

        var path = $"/api/v1/sync/quarantine/{fault["id"]}/resolve";
        (await agent.PostAsync(path, new { action = "dismiss" })).Refused(HttpStatusCode.Forbidden, "auth.forbidden");
        (await admin.PostAsync(path, new { action = "sing" })).Refused(HttpStatusCode.BadRequest, "request.invalid");
        var retried = await admin.PostAsync(path, new { action = "retry", note = "Helped out next door" });
        Assert.True(retried.Status == HttpStatusCode.OK, retried.Body.ToJsonString());
        Assert.Equal(("resolved", "retried"), ((string?)retried.Data["status"], (string?)retried.Data["resolution"]));
        Assert.Equal(31m, (decimal)Assert.Single((await admin.GetAsync($"/api/v1/readings?agent_id={id}")).Items())["reading_value"]!);
        (await admin.PostAsync(path, new { action = "dismiss" })).Refused(HttpStatusCode.Conflict, "sync.fault_resolved");
        Assert.Equal(["duplicate"], (await agent.PushAsync(batch)).Statuses());
        Assert.Empty((await admin.GetAsync($"/api/v1/sync/quarantine?user_id={id}")).Items());
    }

    [Fact]
    public async Task A_mended_item_is_applied_and_one_that_fails_again_stays_open()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id, meters) = await server.MakeReaderAsync(admin, 1);
        var item = SyncCalls.Item(meters[0], 5);
        item["payload"]!["reading_value"] = "five";
        await agent.PushAsync(SyncCalls.Batch("mended", item));
        var fault = Assert.Single((await admin.GetAsync($"/api/v1/sync/quarantine?user_id={id}")).Items());
        var path = $"/api/v1/sync/quarantine/{fault["id"]}/resolve";
        (await admin.PostAsync(path, new { action = "retry" })).Refused(HttpStatusCode.BadRequest, "sync.retry_refused");
        Assert.Single((await admin.GetAsync($"/api/v1/sync/quarantine?user_id={id}")).Items());
        item["payload"]!["reading_value"] = 5;
        var retried = await admin.PostAsync(path, new JsonObject { ["action"] = "retry", ["item"] = item.DeepClone() });
        Assert.True(retried.Status == HttpStatusCode.OK, retried.Body.ToJsonString());
        Assert.Equal(id, (string?)Assert.Single((await admin.GetAsync($"/api/v1/readings?agent_id={id}")).Items())["agent_id"]);
    }

    [Fact]
    public async Task What_was_refused_and_goes_through_later_needs_nobody_any_more()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id, _) = await server.MakeReaderAsync(admin, 1);
        var meter = (await admin.MakeMetersAsync(1, WorkCalls.NewName("later")))[0];
        var batch = SyncCalls.Batch("later", SyncCalls.Item(meter, 2));
        Assert.Equal(["rejected"], (await agent.PushAsync(batch)).Statuses());
        await admin.GiveAsync(meter, id);
        Assert.Equal(["applied"], (await agent.PushAsync(batch)).Statuses());
        Assert.Empty((await admin.GetAsync($"/api/v1/sync/quarantine?user_id={id}")).Items());
        Assert.Equal("retried", (string?)Assert.Single((await admin.GetAsync($"/api/v1/sync/quarantine?user_id={id}&status=resolved")).Items())["resolution"]);
    }

    [Fact]
    public async Task The_second_content_can_take_the_place_of_the_first()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id, meters) = await server.MakeReaderAsync(admin, 1);
        var client = Guid.CreateVersion7();
        await agent.PushAsync(SyncCalls.Batch("twofold", SyncCalls.Item(meters[0], 50, client)));
        Assert.Equal(["conflict"], (await agent.PushAsync(SyncCalls.Batch("twofold", SyncCalls.Item(meters[0], 51, client)))).Statuses());
        var conflict = Assert.Single((await admin.GetAsync($"/api/v1/sync/conflicts?user_id={id}")).Items());
        Assert.NotNull(conflict["first"]!["server_id"]);
        var taken = await admin.PostAsync($"/api/v1/sync/conflicts/{conflict["id"]}/resolve", new { action = "take" });
        Assert.True(taken.Status == HttpStatusCode.OK, taken.Body.ToJsonString());
        var reading = (await admin.GetAsync($"/api/v1/readings/{conflict["first"]!["server_id"]}")).Data;
        Assert.Equal((51m, 50m), ((decimal)reading["reading_value"]!, (decimal)reading["superseded"]![0]!["value"]!));
    }

    [Fact]
    public async Task Receipts_form_a_chain_that_anybody_can_recompute_and_verify_one_by_one()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, _, meters) = await server.MakeReaderAsync(admin, 3);
        foreach (var meter in meters)
        {
            await agent.PushAsync(SyncCalls.Batch("chained", SyncCalls.Item(meter, 1)));
        }

        var items = new List<JsonNode>();
        for (long? after = 0; after is { } from;)
        {
            var part = (await agent.GetAsync($"/api/v1/sync/receipts?device_id=chained&after={from}&limit=2")).Data;
            items.AddRange(part["items"]!.AsArray().Select(item => item!));
            after = (long?)part["next"];
        }

        Assert.Equal([1, 2, 3], items.Select(item => (long)item["server_seq"]!));
        var chain = new byte[32];
        foreach (var item in items)
        {
            chain = Receipts.ChainOf(chain, (Guid)item["client_id"]!, Convert.FromHexString((string)item["content_hash"]!), (long)item["server_seq"]!);
            Assert.Equal((string?)item["chain"], Convert.ToHexStringLower(chain));
            var check = (await agent.PostAsync("/api/v1/sync/receipts/verify", new { device_id = "chained", client_id = (string)item["client_id"]!, server_seq = (long)item["server_seq"]!, chain = (string)item["chain"]!, mac = (string)item["mac"]! })).Data;
            Assert.True((bool)check["genuine"]! && (bool)check["held"]!);
        }

        var forged = (await agent.PostAsync("/api/v1/sync/receipts/verify", new { device_id = "chained", client_id = (string)items[0]["client_id"]!, server_seq = 9, chain = (string)items[0]["chain"]!, mac = (string)items[0]["mac"]! })).Data;
        Assert.False((bool)forged["genuine"]!);
        var (stranger, _, _) = await server.MakeReaderAsync(admin, 1);
        (await stranger.GetAsync("/api/v1/sync/receipts?device_id=chained")).Refused(HttpStatusCode.NotFound, "field_device.not_found");
        (await agent.GetAsync("/api/v1/sync/receipts")).Refused(HttpStatusCode.BadRequest, "sync.device_missing");
        var status = (await agent.GetAsync("/api/v1/sync/status?device_id=chained")).Data;
        Assert.Equal((3L, (string?)items[2]["chain"]), ((long)status["device"]!["last_seq"]!, (string?)status["device"]!["chain"]));
    }

    [Fact]
    public async Task A_receipt_that_the_database_lost_begins_another_epoch_once()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, _, meters) = await server.MakeReaderAsync(admin, 2);
        var first = await agent.PushAsync(SyncCalls.Batch("witness", SyncCalls.Item(meters[0], 1)));
        var (epoch, receipt, clientId) = ((string)first["epoch"]!, first.Results()[0]!["receipt"]!, (string)first.Results()[0]!["client_id"]!);
        await server.ForgetReceiptsAsync("witness");
        var batch = SyncCalls.Batch("witness");
        batch["epoch"] = epoch;
        batch["last_receipt"] = new JsonObject { ["client_id"] = clientId, ["server_seq"] = 1, ["chain"] = (string?)receipt["chain"], ["mac"] = new string('0', 64) };
        Assert.Equal(epoch, (string?)(await agent.PushAsync(batch))["epoch"]);
        batch["last_receipt"]!["mac"] = (string?)receipt["mac"];
        var next = (string?)(await agent.PushAsync(batch))["epoch"];
        Assert.NotEqual(epoch, next);
        Assert.Equal(next, (string?)(await agent.PushAsync(batch))["epoch"]);
        Assert.Equal("tail_lost", (string?)(await agent.GetAsync("/api/v1/sync/status"))!.Data["epoch_reason"]);

        // What was lost is pushed again.
        batch["epoch"] = next;
        batch.Remove("last_receipt");
        batch["items"] = new JsonArray(SyncCalls.Item(meters[1], 1));
        Assert.Equal(["applied"], (await agent.PushAsync(batch)).Statuses());
    }

    [Fact]
    public async Task One_item_that_fails_does_not_hold_up_the_others()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id, meters) = await server.MakeReaderAsync(admin, 2);
        // A value whose use no database column holds was a bug once; a trigger stands for the next one.
        var bad = SyncCalls.Item(meters[0], 4);
        bad["payload"]!["notes"] = "bring it down";
        await server.BreakOnNotesAsync("bring it down");
        try
        {
            var data = await agent.PushAsync(SyncCalls.Batch("sturdy", bad, SyncCalls.Item(meters[1], 6)));
            Assert.Equal(["rejected", "applied"], data.Statuses());
            Assert.Equal("server.error", (string?)data.Results()[0]!["problem"]!["code"]);
            Assert.Single((await admin.GetAsync($"/api/v1/sync/quarantine?user_id={id}")).Items());
        }
        finally
        {
            await server.MendNotesAsync();
        }
    }
}

internal static class SyncAccidents
{
    /// <summary>What a database restored behind our back looks like to a phone.</summary>
    public static Task ForgetReceiptsAsync(this ServerFixture server, string deviceKey) => server.RunAsync(async db =>
    {
        var device = await db.Set<FieldDevice>().AsNoTracking().FirstAsync(one => one.DeviceKey == deviceKey);
        await db.Set<SyncItem>().Where(item => item.DeviceId == device.Id).ExecuteDeleteAsync();
        await db.Set<FieldDevice>().Where(one => one.Id == device.Id).ExecuteUpdateAsync(set => set.SetProperty(one => one.Seq, 0L).SetProperty(one => one.Chain, new byte[32]));
    });

    public static Task BreakOnNotesAsync(this ServerFixture server, string notes) => server.RunAsync(db => db.Database.ExecuteSqlRawAsync(db.IsSqlite
        ? $"create trigger breaks before insert on readings when new.notes = '{notes}' begin select raise(fail, 'broken'); end"
        : $"create function breaks() returns trigger language plpgsql as $$ begin if new.notes = '{notes}' then raise exception 'broken'; end if; return new; end $$; create trigger breaks before insert on readings for each row execute function breaks()"));

    public static Task MendNotesAsync(this ServerFixture server) => server.RunAsync(db => db.Database.ExecuteSqlRawAsync(db.IsSqlite ? "drop trigger breaks" : "drop trigger breaks on readings; drop function breaks()"));

    private static async Task RunAsync(this ServerFixture server, Func<MeterSyncDb, Task> work)
    {
        await using var scope = server.Services.CreateAsyncScope();
        await work(scope.ServiceProvider.GetRequiredService<MeterSyncDb>());
    }
}

public sealed class SyncFaultsOnSqliteTests(SqliteServer server) : SyncFaultsTests(server), IClassFixture<SqliteServer>;

public sealed class SyncFaultsOnPostgresTests(PostgresServer server) : SyncFaultsTests(server), IClassFixture<PostgresServer>;
