using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Modules.Workforce;
using MeterSync.Tests.Scenarios.MainJob;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Scenarios.Month;

/// <summary>What an office and its agents do in a month, from opening the cycle to the billing files.</summary>
public abstract class MonthTests(ServerFixture server)
{
    private static readonly DateTimeOffset Today = new(TimeProvider.System.GetUtcNow().Date, TimeSpan.Zero);

    [Fact]
    public async Task A_month_from_opening_the_cycle_to_the_billing_files()
    {
        var office = await server.SignInAsync("manager");
        var admin = await server.SignInAsync("admin");
        var place = WorkCalls.NewName("bill");
        var agents = new Dictionary<string, ApiClient>(StringComparer.Ordinal);
        for (var number = 0; number < 3; number++)
        {
            var (client, id) = await server.MakeAgentAsync(admin);
            agents[id] = client;
        }

        var meters = await ImportAsync(admin, place);
        var cycle = await GrantedAsync(office.PostAsync("/api/v1/read-cycles", new { name = place, window_from = Today.AddDays(-20), window_to = Today.AddDays(1), location_id = place }));
        var path = $"/api/v1/read-cycles/{cycle["id"]}";
        Assert.Equal(12, (int)(await GrantedAsync(office.PostAsync(path + "/open")))["meter_count"]!);
        var given = await GrantedAsync(office.PostAsync("/api/v1/assignments/bulk", new { meter_ids = meters.Values, cycle_id = cycle["id"] }));
        Assert.Equal((12, 3), ((int)given["assigned"]!, given["agents"]!.AsArray().Count));
        var holders = (await office.GetAsync($"/api/v1/assignments?cycle_id={cycle["id"]}&limit=100")).Items().ToDictionary(work => (string)work["serial_number"]!, work => (string)work["agent_id"]!);
        ApiClient Holder(int number) => agents[holders[Serial(place, number)]];

        var proposal = await GrantedAsync(Holder(1).PostAsync("/api/v1/approvals", new { meter_id = meters[Serial(place, 1)], meter_data = new { address = "Mill Lane 1a" } }));
        for (var number = 1; number <= 7; number++)
        {
            Assert.Equal("accepted", (string?)(await ReadAsync(Holder(number), place, number, 150 + (number / 10m)))["state"]);
        }

        foreach (var (number, code) in new[] { (8, "no_access"), (9, "dog") })
        {
            await GrantedAsync(Holder(number).PostAsync("/api/v1/skips", new { serial_number = Serial(place, number), code }));
        }

        Assert.Equal("approved", (string?)(await GrantedAsync(office.PutAsync($"/api/v1/approvals/{proposal["id"]}/approve", new { review_notes = "Checked" })))["status"]);
        Assert.Equal("Mill Lane 1a", (string?)(await office.GetAsync($"/api/v1/meters/{meters[Serial(place, 1)]}")).Data["address"]);
        await ReadAgainAsync(office, place, Holder(10), agents.First(agent => agent.Key != holders[Serial(place, 10)]));
        var exchange = await GrantedAsync(office.PostAsync($"/api/v1/meters/{meters[Serial(place, 11)]}/exchange", new
        {
            serial_number = Serial(place, 13),
            exchanged_at = Today.AddDays(-5),
            removal_readings = new[] { new { ordinal = 1, value = 148 } },
            install_readings = new[] { new { ordinal = 1, value = 2 } },
        }));
        Assert.False((bool)exchange["held"]!);
        Assert.Equal("accepted", (string?)(await ReadAsync(office, place, 13, 4))["state"]);

        var progress = (await office.GetAsync(path + "/progress")).Data["meters"]!;
        Assert.Equal((9, 0, 2, 1), ((int)progress["read"]!, (int)progress["held"]!, (int)progress["skipped"]!, (int)progress["assigned"]!));
        (await office.PostAsync(path + "/close")).Refused(HttpStatusCode.Conflict, "cycle.has_open_work");
        var closing = await GrantedAsync(office.PostAsync(path + "/close", new { missed = "estimate" }));
        var closed = await office.WaitForJobAsync($"{path}/close/{closing["id"]}");
        Assert.True((string?)closed["status"] == "completed", closed.ToJsonString());
        Assert.Equal((3, 0), ((int)closed["result"]!["estimated"]!, (int)closed["result"]!["missed"]!));
        CheckBill(place, await FreezeAsync(office, place));
    }

    private static async Task<Dictionary<string, string>> ImportAsync(ApiClient admin, string place)
    {
        var meters = new StringBuilder("serial_number,type,status,address,location_id,digits,decimals,unit\n");
        var readings = new StringBuilder("serial_number,reading_timestamp,reading_value\n");
        for (var number = 1; number <= 12; number++)
        {
            meters.Append(CultureInfo.InvariantCulture, $"{Serial(place, number)},water,active,Mill Lane {number},{place},5,3,m3\n");
            for (var month = 0; month < 5; month++)
            {
                readings.Append(CultureInfo.InvariantCulture, $"{Serial(place, number)},{Today.AddDays(-150 + (30 * month)):yyyy-MM-ddTHH:mm:ssZ},{100 + (10 * month)}\n");
            }
        }

        foreach (var (what, text) in new[] { ("meters", meters), ("readings", readings) })
        {
            var job = await admin.RunFileJobAsync($"/api/v1/{what}/import", $"{what}.csv", Encoding.UTF8.GetBytes(text.ToString()));
            Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        }

        return (await admin.GetAsync($"/api/v1/meters?location_id={place}&limit=100")).Items().ToDictionary(meter => (string)meter["serial_number"]!, meter => (string)meter["id"]!);
    }

    private static async Task ReadAgainAsync(ApiClient office, string place, ApiClient holder, KeyValuePair<string, ApiClient> other)
    {
        var doubtful = await ReadAsync(holder, place, 10, 290);
        Assert.Equal("held", (string?)doubtful["state"]);
        var asked = await GrantedAsync(office.PostAsync("/api/v1/re-reads", new { reading_id = doubtful["id"], reason = "Fourteen times the usual use", agent_id = other.Key }));
        Assert.Equal(other.Key, (string?)asked["assignment"]!["agent_id"]);
        await GrantedAsync(office.PostAsync($"/api/v1/readings/{doubtful["id"]}/reject", new { reason = "Read again" }));
        Assert.Equal("accepted", (string?)(await ReadAsync(other.Value, place, 10, 151))["state"]);
    }

    private static async Task<string> FreezeAsync(ApiClient office, string place)
    {
        var freezing = await GrantedAsync(office.PostAsync("/api/v1/billing-runs", new { name = place, period_from = Today.AddDays(-20), period_to = Today.AddDays(1), location_id = place }));
        var job = await office.WaitForJobAsync($"/api/v1/billing-runs/jobs/{freezing["id"]}");
        var run = (string?)job["result"]?["billing_run_id"] ?? throw new InvalidOperationException(job.ToJsonString());
        using var workbook = new ZipArchive(new MemoryStream(await ExportAsync(office, "excel", run)));
        Assert.NotNull(workbook.GetEntry("xl/workbook.xml"));
        return Encoding.UTF8.GetString(await ExportAsync(office, "csv", run));
    }

    private static async Task<byte[]> ExportAsync(ApiClient office, string format, string run)
    {
        var started = await GrantedAsync(office.PostAsync($"/api/v1/export/{format}", new { type = "billing", billing_run_id = run }));
        var job = await office.WaitForJobAsync($"/api/v1/export/status/{started["id"]}");
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        return await office.Http.GetByteArrayAsync((string)job["download_url"]!);
    }

    /// <summary>The exchanged place is billed by both meters, and each estimate says that it is one.</summary>
    private static void CheckBill(string place, string csv)
    {
        var lines = CsvText.Rows(csv).ToDictionary(line => line["serial_number"], StringComparer.Ordinal);
        Assert.Equal(13, lines.Count);
        Assert.All(lines.Values, line => Assert.Equal(("billable", "0"), (line["state"], line["held_count"])));
        var (old, following) = (lines[Serial(place, 11)], lines[Serial(place, 13)]);
        Assert.Equal((148m - 140m) + (4m - 2m), Number(old["consumption"]) + Number(following["consumption"]));
        Assert.Equal(old["address"], following["address"]);
        Assert.Equal(11m, Number(lines[Serial(place, 10)]["consumption"]));

        var estimated = lines.Values.Where(line => line["quality"] == "estimated").ToList();
        Assert.Equal([Serial(place, 8), Serial(place, 9), Serial(place, 12)], estimated.Select(line => line["serial_number"]).Order(StringComparer.Ordinal));
        Assert.All(estimated, line => Assert.Contains("is an estimate", line["remark"], StringComparison.Ordinal));
    }

    private static Task<JsonNode> ReadAsync(ApiClient client, string place, int number, decimal value) =>
        GrantedAsync(client.PostAsync("/api/v1/readings", new { serial_number = Serial(place, number), reading_value = value, client_id = Guid.CreateVersion7() }));

    private static async Task<JsonNode> GrantedAsync(Task<ApiAnswer> asked)
    {
        var answer = await asked;
        Assert.True((int)answer.Status is >= 200 and < 300, answer.Body.ToJsonString());
        return answer.Data;
    }

    private static string Serial(string place, int number) => string.Create(CultureInfo.InvariantCulture, $"{place}-{number:00}");

    private static decimal Number(string cell) => decimal.Parse(cell, CultureInfo.InvariantCulture);
}

public sealed class MonthOnSqliteTests(SqliteServer server) : MonthTests(server), IClassFixture<SqliteServer>;

public sealed class MonthOnPostgresTests(PostgresServer server) : MonthTests(server), IClassFixture<PostgresServer>;
