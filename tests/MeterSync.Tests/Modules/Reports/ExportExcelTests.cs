using System.Net;
using System.Text.Json.Nodes;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Tests.Kernel.Tabular.Workbooks;
using MeterSync.Tests.Modules.Billing;
using MeterSync.Tests.Modules.Meters;
using MeterSync.Tests.Support;
using Xunit;
using static MeterSync.Tests.Modules.Billing.BillingScene;

namespace MeterSync.Tests.Modules.Reports;

public abstract class ExportExcelTests(ServerFixture server)
{
    private readonly BillingScene scene = new(server);

    [Fact]
    public async Task Writes_readings_in_typed_cells()
    {
        var register = await scene.AddMeterAsync("A");
        var second = await scene.AddValueAsync(register, Day(3, 31), 1150.5m, 150.5m, flags: "VEE-106,VEE-110", notes: "=cmd|' /C calc'!A0");
        var first = await scene.AddValueAsync(register, Day(2, 28), -5, notes: "gate, \"locked\"", state: ReadingState.Held, quality: Quality.Suspect);
        var client = await server.SignInAsync("manager");
        var (export, bytes) = await RunAsync(client, new { type = "readings", location_id = scene.Location, delimiter = ";" });
        Assert.Matches("^readings-[0-9]{8}-[0-9]{6}\\.xlsx$", (string?)export["file_name"]);
        Assert.Equal(("exports.excel", 2), ((string?)export["kind"], (int)export["result"]!["rows"]!));
        Assert.Equal(
            [
                "1: reading_id|serial_number|register|reading_timestamp|value|unit|consumption|days|quality|state|flags|source|verified|agent_id|received_at|notes",
                $"2: {first.ReadingId.Value}|{scene.Serial("A")}|total|DateTime 2026-02-28T09:00:00|Number -5|kWh|||suspect|held||manual|false||DateTime 2026-02-28T09:05:00|gate, \"locked\"",
                $"3: {second.ReadingId.Value}|{scene.Serial("A")}|total|DateTime 2026-03-31T09:00:00|Number 1150.5|kWh|Number 150.5|Number 30|valid|accepted|VEE-106,VEE-110|manual|false||DateTime 2026-03-31T09:05:00|=cmd|' /C calc'!A0",
            ],
            (await WorkbookTables.RowsAsync(bytes)).Select(row => row.Replace(".500000", ".5", StringComparison.Ordinal)));
        using var document = SpreadsheetDocument.Open(new MemoryStream(bytes), false);
        Assert.Empty(new OpenXmlValidator().Validate(document).Select(error => error.Description));
        Assert.Single(await MeterRows.AuditActionsAsync(server, "export", (string)export["id"]!), "readings.exported");
    }

    [Fact]
    public async Task Has_the_same_rows_as_the_text_file_for_every_type()
    {
        var register = await scene.AddMeterAsync("A", multiplier: 1.5m, owner: "=HYPERLINK(\"http://x\")");
        await scene.AddValueAsync(register, Day(2, 28), 1000);
        await scene.AddValueAsync(register, Day(3, 31), 1100, 100);
        var client = await server.SignInAsync("admin");
        foreach (var request in new object[] { new { type = "readings", location_id = scene.Location }, new { type = "meters", location_id = scene.Location }, new { type = "billing", location_id = scene.Location, from = "2026-03-01", to = "2026-04-01" }, new { type = "audit", to = "2000-01-01" } })
        {
            var text = await Exports.RunAsync(client, request);
            var (export, bytes) = await RunAsync(client, request);
            Assert.Equal((int)text["result"]!["rows"]!, (int)export["result"]!["rows"]!);
            var rows = await WorkbookTables.RowsAsync(bytes);
            var headings = (await client.Http.GetStringAsync((string)text["download_url"]!)).Split("\r\n")[0].Split(',');
            Assert.Equal("1: " + string.Join('|', headings), rows[0]);
            Assert.Equal((int)export["result"]!["rows"]! + 1, rows.Count);
        }
    }

    [Fact]
    public async Task Asks_for_the_rights_of_what_it_holds()
    {
        var agent = await server.SignInAsync("agent1");
        Assert.Equal(HttpStatusCode.Forbidden, (await agent.PostAsync("/api/v1/export/excel", new { type = "readings" })).Status);
        using var nobody = server.Anonymous();
        Assert.Equal(HttpStatusCode.Unauthorized, (await new ApiClient(nobody).PostAsync("/api/v1/export/excel", new { type = "readings" })).Status);
        var manager = await server.SignInAsync("manager");
        Assert.Equal(HttpStatusCode.Forbidden, (await manager.PostAsync("/api/v1/export/excel", new { type = "audit" })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await manager.PostAsync("/api/v1/export/excel", new { type = "weather" })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await manager.PostAsync("/api/v1/export/excel", new { type = "billing" })).Status);
    }

    private static async Task<(JsonNode Export, byte[] Bytes)> RunAsync(ApiClient client, object request)
    {
        var accepted = await client.PostAsync("/api/v1/export/excel", request);
        Assert.True(accepted.Status == HttpStatusCode.Accepted, accepted.Body.ToJsonString());
        var export = await client.WaitForJobAsync($"/api/v1/export/status/{(string?)accepted.Data["id"]}");
        Assert.True((string?)export["status"] == "completed", export.ToJsonString());
        using var answer = await client.Http.GetAsync((string)export["download_url"]!);
        Assert.Equal("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", answer.Content.Headers.ContentType?.MediaType);
        return (export, await answer.Content.ReadAsByteArrayAsync());
    }
}

public sealed class ExportExcelOnSqliteTests(SqliteServer server) : ExportExcelTests(server), IClassFixture<SqliteServer>;

public sealed class ExportExcelOnPostgresTests(PostgresServer server) : ExportExcelTests(server), IClassFixture<PostgresServer>;
