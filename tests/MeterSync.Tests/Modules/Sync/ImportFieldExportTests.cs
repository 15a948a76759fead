using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Modules.Workforce;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Sync;

public abstract class ImportFieldExportTests(ServerFixture server)
{
    [Fact]
    public async Task What_a_dead_phone_held_is_brought_in_once()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id, meters) = await server.MakeReaderAsync(admin, 3);
        var pushed = SyncCalls.Item(meters[0], 1);
        Assert.Equal(["applied"], (await agent.PushAsync(SyncCalls.Batch("dead", pushed))).Statuses());
        var file = Export(id, "dead", pushed.ToJsonString(), SyncCalls.Item(meters[1], 2).ToJsonString(), SyncCalls.Item(meters[2], 3).ToJsonString(), """{"client_id":"0189""");
        var job = await admin.RunFileJobAsync("/api/v1/sync/import", "phone.ndjson", file);
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        Assert.Equal((4, 2, 1, 0, 1), ((int)job["result"]!["lines"]!, (int)job["result"]!["applied"]!, (int)job["result"]!["duplicate"]!, (int)job["result"]!["conflict"]!, (int)job["result"]!["rejected"]!));
        var again = await admin.RunFileJobAsync("/api/v1/sync/import", "phone.ndjson", file);
        Assert.Equal((0, 3, 1), ((int)again["result"]!["applied"]!, (int)again["result"]!["duplicate"]!, (int)again["result"]!["rejected"]!));
        var stored = (await admin.GetAsync($"/api/v1/readings?agent_id={id}")).Items();
        Assert.Equal(3, stored.Count);
        Assert.Equal(3, (await admin.GetAsync($"/api/v1/visits?agent_id={id}")).Items().Count);
        Assert.Single((await admin.GetAsync($"/api/v1/sync/quarantine?user_id={id}")).Items());
        Assert.Equal([1, 2, 3], (await agent.GetAsync("/api/v1/sync/receipts?device_id=dead")).Data["items"]!.AsArray().Select(item => (int)item!["server_seq"]!));
    }

    [Fact]
    public async Task Files_that_are_no_exports_are_refused_before_anything_is_applied()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id, _) = await server.MakeReaderAsync(admin, 1);
        async Task RefusedAsync(byte[] file, string code)
        {
            using var form = new MultipartFormDataContent { { new ByteArrayContent(file), "file", "phone.ndjson" } };
            (await admin.PostAsync("/api/v1/sync/import", form)).Refused(HttpStatusCode.BadRequest, code);
        }

        await RefusedAsync([], "sync.export_unreadable");
        await RefusedAsync(Encoding.UTF8.GetBytes("serial_number,value\nW-1,5\n"), "sync.export_unreadable");
        await RefusedAsync(Encoding.UTF8.GetBytes("""{"format":"something.else","version":1,"user_id":"01890000-0000-7000-8000-000000000001","device_id":"x"}"""), "sync.export_unreadable");
        await RefusedAsync(Encoding.UTF8.GetBytes("""{"format":"metersync.field-export","version":9,"user_id":"01890000-0000-7000-8000-000000000001","device_id":"x"}"""), "sync.export_unreadable");
        var stranger = await admin.RunFileJobAsync("/api/v1/sync/import", "phone.ndjson", Export(Guid.CreateVersion7().ToString(), "dead"));
        Assert.Equal("failed", (string?)stranger["status"]);
        using var own = new MultipartFormDataContent { { new ByteArrayContent(Export(id, "dead")), "file", "phone.ndjson" } };
        (await agent.PostAsync("/api/v1/sync/import", own)).Refused(HttpStatusCode.Forbidden, "auth.forbidden");
    }

    private static byte[] Export(string user, string device, params string[] items) =>
        Encoding.UTF8.GetBytes(string.Join('\n', items.Prepend(new JsonObject { ["format"] = "metersync.field-export", ["version"] = 1, ["user_id"] = user, ["device_id"] = device }.ToJsonString())));
}

public sealed class ImportFieldExportOnSqliteTests(SqliteServer server) : ImportFieldExportTests(server), IClassFixture<SqliteServer>;

public sealed class ImportFieldExportOnPostgresTests(PostgresServer server) : ImportFieldExportTests(server), IClassFixture<PostgresServer>;
