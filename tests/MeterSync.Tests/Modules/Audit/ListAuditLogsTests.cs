using System.Net;
using System.Text;
using MeterSync.Tests.Modules.Reports;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Audit;

public abstract class ListAuditLogsTests(ServerFixture server)
{
    private const string Agent = "Mozilla \"quoted' \\ <script>; drop table audit_log --";

    [Fact]
    public async Task An_entry_says_who_did_what_to_which_thing_from_where()
    {
        var admin = await server.SignInAsync("admin");
        admin.Http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", Agent);
        var meter = await AuditLog.AddMeterAsync(admin);
        var changed = await admin.PatchAsync($"/api/v1/meters/{(string?)meter["id"]}", new { priority = "high" });
        Assert.True(changed.Status == HttpStatusCode.OK, changed.Body.ToJsonString());

        var me = (string?)(await admin.GetAsync("/api/v1/auth/me")).Data["id"];
        var entries = await AuditLog.ReadAsync(admin, $"&entity_type=meter&entity_id={(string?)meter["id"]}");
        Assert.Equal(["updated", "created"], entries.Select(entry => (string?)entry["action"]));
        var update = entries[0];
        Assert.Equal((me, "Demo administrator", FromAnAddress.Address, Agent), ((string?)update["user_id"], (string?)update["actor"], (string?)update["ip_address"], (string?)update["user_agent"]));
        Assert.Equal("high", (string?)update["new_data"]!["priority"]);
        Assert.NotNull(update["old_data"]!["priority"]);
        Assert.Null(update["new_data"]!["serial_number"]); // unchanged
        Assert.Null(entries[1]["old_data"]);

        // Neither address nor user agent nor name is in the table as it is.
        Assert.DoesNotContain(await StoredText.FindAsync(server, FromAnAddress.Address), place => place.StartsWith("audit_log", StringComparison.Ordinal));
        Assert.Empty(await StoredText.FindAsync(server, "drop table audit_log"));
    }

    [Fact]
    public async Task Each_filter_narrows_the_list()
    {
        var admin = await server.SignInAsync("admin");
        var person = await AuditLog.AddUserAsync(admin, "filter", "manager");
        var (id, name) = ((string)person["id"]!, (string)person["username"]!);
        var theirs = await ApiClient.SignInAsync(server.Anonymous(), name, "correct-horse-battery");
        var meter = (string)(await AuditLog.AddMeterAsync(theirs))["id"]!;
        await theirs.PatchAsync($"/api/v1/meters/{meter}", new { priority = "low" });

        Assert.All(await AuditLog.ReadAsync(admin, "&entity_type=user"), entry => Assert.Equal("user", (string?)entry["entity_type"]));
        Assert.Equal("user", (string?)Assert.Single(await AuditLog.ReadAsync(admin, $"&entity_id={id}"))["entity_type"]);
        Assert.All(await AuditLog.ReadAsync(admin, $"&user_id={id}"), entry => Assert.Equal(id, (string?)entry["user_id"]));
        var update = Assert.Single(await AuditLog.ReadAsync(admin, $"&user_id={id}&action=updated&entity_type=meter"));
        Assert.NotEmpty(await AuditLog.ReadAsync(admin, $"&user_id={id}&action=created"));
        var at = Uri.EscapeDataString((string)update["at"]!);
        Assert.Contains(await AuditLog.ReadAsync(admin, $"&user_id={id}&from={at}"), entry => (string?)entry["id"] == (string?)update["id"]);
        Assert.DoesNotContain(await AuditLog.ReadAsync(admin, $"&user_id={id}&to={at}"), entry => (string?)entry["id"] == (string?)update["id"]);
        Assert.Empty(await AuditLog.ReadAsync(admin, "&from=2199-01-01"));
        Assert.Empty(await AuditLog.ReadAsync(admin, "&action=nothing.like_it"));
        foreach (var bad in new[] { "from=yesterday", "limit=0", "limit=101", "entity_id=7", "cursor=nonsense", "action=a%27b", "page=0" })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await admin.GetAsync($"/api/v1/audit-logs?{bad}")).Status);
        }
    }

    [Fact]
    public async Task A_walk_by_cursor_sees_every_entry_once()
    {
        var admin = await server.SignInAsync("admin");
        var person = await AuditLog.AddUserAsync(admin, "walker", "manager");
        var theirs = await ApiClient.SignInAsync(server.Anonymous(), (string)person["username"]!, "correct-horse-battery");
        for (var count = 0; count < 4; count++)
        {
            await AuditLog.AddMeterAsync(theirs);
        }

        var all = (await AuditLog.ReadAsync(admin, $"&user_id={(string?)person["id"]}")).ConvertAll(entry => (string)entry["id"]!);
        var walked = new List<string>();
        for (var cursor = ""; cursor is not null;)
        {
            var page = (await admin.GetAsync($"/api/v1/audit-logs?limit=3&user_id={(string?)person["id"]}&cursor={cursor}")).Data;
            Assert.Null(page["total"]);
            walked.AddRange(page["items"]!.AsArray().Select(entry => (string)entry!["id"]!));
            cursor = (string?)page["next_cursor"];
        }

        Assert.Equal(all, walked);
        var second = (await admin.GetAsync($"/api/v1/audit-logs?limit=3&page=2&user_id={(string?)person["id"]}")).Data;
        Assert.Equal(all.Skip(3).Take(3), second["items"]!.AsArray().Select(entry => (string)entry!["id"]!));
        Assert.Equal(all.Count, (int?)second["total"]);
    }

    [Fact]
    public async Task Secrets_are_in_no_entry()
    {
        var admin = await server.SignInAsync("admin");
        var person = await AuditLog.AddUserAsync(admin, "secretive", "agent", "a-password-nobody-knows");
        await admin.PostAsync($"/api/v1/users/{(string?)person["id"]}/change-password", new { new_password = "another-password-of-theirs" });
        var entries = await AuditLog.ReadAsync(admin, $"&entity_id={(string?)person["id"]}");
        Assert.Equal(2, entries.Count);
        Assert.All(entries, entry => Assert.Equal("(secret)", (string?)entry["new_data"]!["password_hash"]));
        Assert.Equal((string?)person["email"], (string?)entries[1]["new_data"]!["email"]);
        Assert.Empty(await StoredText.FindAsync(server, "a-password-nobody-knows"));
        Assert.DoesNotContain("audit_log.new_data", await StoredText.FindAsync(server, "$2b$"));
        Assert.Equal(["users.email"], await StoredText.FindAsync(server, (string)person["email"]!));
    }

    [Fact]
    public async Task Only_administrators_read_and_verify_and_export_it()
    {
        foreach (var role in new[] { "manager", "viewer", "agent1" })
        {
            var client = await server.SignInAsync(role);
            Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/api/v1/audit-logs")).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync("/api/v1/audit-logs/verify", new { })).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync("/api/v1/export/csv", new { type = "audit" })).Status);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await new ApiClient(server.Anonymous()).GetAsync("/api/v1/audit-logs")).Status);
    }

    [Fact]
    public async Task An_export_has_the_same_columns_and_is_not_handed_to_those_who_may_not_read_the_log()
    {
        var admin = await server.SignInAsync("admin");
        admin.Http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "=cmd|calc \"x\"");
        var meter = (string)(await AuditLog.AddMeterAsync(admin))["id"]!;
        var export = await Exports.RunAsync(admin, new { type = "audit", from = "2020-01-01" });
        var text = await admin.Http.GetStringAsync((string)export["download_url"]!);
        Assert.StartsWith("id,seq,at,user_id,actor,action,entity_type,entity_id,old_data,new_data,ip_address,user_agent\r\n", text, StringComparison.Ordinal);
        Assert.Contains(meter, text, StringComparison.Ordinal);
        Assert.Contains("Demo administrator,created,meter", text, StringComparison.Ordinal);
        Assert.Contains("\"'=cmd|calc \"\"x\"\"\"", text, StringComparison.Ordinal);

        var manager = await server.SignInAsync("manager");
        var history = (await manager.GetAsync("/api/v1/export/history?limit=100")).Data["items"]!.AsArray();
        Assert.DoesNotContain(history, item => (string?)item!["id"] == (string?)export["id"]);
        Assert.Equal(HttpStatusCode.NotFound, (await manager.GetAsync((string)export["download_url"]!)).Status);

        var told = Assert.Single(await AuditLog.ReadAsync(admin, $"&entity_type=export&entity_id={(string?)export["id"]}"));
        Assert.Equal("audit.exported", (string?)told["action"]);
        Assert.True((long?)told["new_data"]!["rows"] > 0);
    }

    [Fact]
    public async Task An_import_is_one_entry_with_its_counts()
    {
        var manager = await server.SignInAsync("manager");
        var serial = "I-" + Guid.CreateVersion7().ToString("n")[^8..];
        var job = await manager.RunFileJobAsync("/api/v1/meters/import", "list.csv", Encoding.UTF8.GetBytes($"meter_number,type\n{serial},electric\n"));
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        var admin = await server.SignInAsync("admin");
        var told = (await AuditLog.ReadAsync(admin, "&action=meters.imported"))[0];
        Assert.Equal(("Demo manager", 1, "list.csv"), ((string?)told["actor"], (int?)told["new_data"]!["created"], (string?)told["new_data"]!["file_name"]));
    }
}

public sealed class ListAuditLogsOnSqliteTests(AuditedSqlite server) : ListAuditLogsTests(server), IClassFixture<AuditedSqlite>;

public sealed class ListAuditLogsOnPostgresTests(AuditedPostgres server) : ListAuditLogsTests(server), IClassFixture<AuditedPostgres>;
