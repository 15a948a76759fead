using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using MeterSync.Modules.Reports.CleanUp;
using MeterSync.Store.Jobs;
using MeterSync.Tests.Kernel.Tabular.Workbooks;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static MeterSync.Tests.Kernel.Tabular.Workbooks.WorkbookMaker;

namespace MeterSync.Tests.Modules.Meters;

public abstract class ImportMeterWorkbooksTests(ServerFixture server)
{
    private const string Path = "/api/v1/meters/import";
    private const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    [Fact]
    public async Task Imports_a_workbook_whatever_its_name_says()
    {
        var client = await server.SignInAsync("manager");
        var serial = MeterCalls.NewSerial("X");
        var file = new WorkbookMaker()
            .Sheet("Notes", Row(Text("Filled in by the north depot")))
            .Sheet("Meters", Row(Text("Serial Number"), Text("Type"), Text("digits"), Text("multiplier"), Text("installed_at"), Text("lat"), Text("lng"), Text("meta.floor"))
                + Row(Text("000" + serial), Text("electric"), Number("6"), Number("0.1"), Date("44320"), Number("48.4412"), Text("22,7178"), Number("2"))
                + Row(Text(serial), Text("water"))).Bytes();
        var job = await RunAsync(client, "meters.csv", file);
        Assert.Equal((2, 0, 0), (Count(job, "created"), Count(job, "refused"), Count(job, "problems_total")));
        Assert.Null((string?)job["download_url"]);
        Assert.Contains("import.sheet_chosen", job["result"]!["assumptions"]!.AsArray().Select(note => (string?)note!["code"]));
        var meter = await FindAsync(client, "000" + serial);
        Assert.Equal((6, 0.1m, "2021-05-04T00:00:00Z", 48.4412, "2"), ((int?)meter["registers"]![0]!["digits"], (decimal?)meter["registers"]![0]!["multiplier"], (string?)meter["installed_at"], (double?)meter["coordinates"]!["latitude"], (string?)meter["metadata"]!["floor"]));
        Assert.Equal(2, Count(await RunAsync(client, "again.xlsx", file), "unchanged"));
    }

    [Fact]
    public async Task Another_sheet_is_read_when_it_is_named()
    {
        var client = await server.SignInAsync("manager");
        var serial = MeterCalls.NewSerial("S");
        var rows = (string end) => Row(Text("serial"), Text("type")) + Row(Text(serial + end), Text("gas"));
        var file = new WorkbookMaker().Sheet("North", rows("n")).Sheet("South", rows("s")).Bytes();
        Assert.Equal(1, Count(await RunAsync(client, "meters.xlsx", file, ("sheet", "south")), "created"));
        Assert.Equal([serial + "s"], await client.SerialsAsync($"search={serial}"));
        var missing = await RunAsync(client, "meters.xlsx", file, ("sheet", "East"));
        Assert.Equal("import.sheet_not_found", (string?)missing["result"]!["problems"]![0]!["code"]);
    }

    [Theory]
    [InlineData("meters.csv")]
    [InlineData("meters.xlsx")]
    public async Task The_result_has_every_row_with_its_problems_and_can_be_mended_and_sent_again(string name)
    {
        var client = await server.SignInAsync("manager");
        var serial = MeterCalls.NewSerial("R");
        string[][] rows = [["serial", "type", "digits", "owner"], [serial + "1", "gas", "5", "=1+1"], [serial + "2", "steam", "99", ""], ["", "", "", ""], [serial + "1", "gas", "-5", "Žofie, \"x\""]];
        var job = await RunAsync(client, name, File(name, rows));
        Assert.Equal(($"{Path}/{(string?)job["id"]}/result", 0), ((string?)job["download_url"], Count(job, "created")));
        var (table, offered) = await DownloadAsync(client, job);
        Assert.Equal($"meters-problems{System.IO.Path.GetExtension(name)}", offered);
        Assert.Equal(["import_row", "serial", "type", "digits", "owner", "problem_code", "problem"], table[0]);
        Assert.Equal(["2", "3", "5"], table[1..].Select(row => row[0]));
        Assert.Equal(("", "import.unknown_value, import.out_of_range"), (table[1][5], table[2][5]));
        Assert.Contains("type: ", table[2][6], StringComparison.Ordinal);
        Assert.Contains("99", table[2][6], StringComparison.Ordinal);

        // Mended by hand, the columns that were put in still there.
        table[2] = ["3", serial + "2", "water", "6", "", "", ""];
        table[3] = ["5", serial + "3", "gas", "5", table[3][4], "", ""];
        var again = await RunAsync(client, name, File(name, [.. table]));
        Assert.True(Count(again, "created") == 3, again.ToJsonString());
        Assert.Equal(("=1+1", "Žofie, \"x\""), ((string?)(await FindAsync(client, serial + "1"))["owner"], (string?)(await FindAsync(client, serial + "3"))["owner"]));
    }

    [Fact]
    public async Task The_result_of_a_partial_import_has_the_refused_rows_only()
    {
        var client = await server.SignInAsync("manager");
        var serial = MeterCalls.NewSerial("P");
        var job = await RunAsync(client, "list.csv", Encoding.UTF8.GetBytes($"serial;type;lat\n{serial}1;gas;\n{serial}2;steam;1,5\n{serial}3;water;\n"), ("partial", "true"));
        Assert.Equal((2, 1), (Count(job, "created"), Count(job, "refused")));
        var text = await client.Http.GetStringAsync((string)job["download_url"]!);
        Assert.Equal(2, text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains($"3;{serial}2;steam;1,5;", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_no_result_file_without_problems_of_rows_for_others_or_after_its_days()
    {
        var client = await server.SignInAsync("manager");
        var serial = MeterCalls.NewSerial("N");
        var good = await RunAsync(client, "a.csv", Encoding.UTF8.GetBytes($"serial,type\n{serial},gas\n"));
        var broken = await RunAsync(client, "a.csv", Encoding.UTF8.GetBytes($"serial,type\n{serial}2,gas\n{serial}3,\"ga"));
        foreach (var job in (JsonNode[])[good, broken])
        {
            Assert.Null((string?)job["download_url"]);
            var none = await client.GetAsync($"{Path}/{(string?)job["id"]}/result");
            Assert.Equal((HttpStatusCode.Conflict, "import.no_result_file"), (none.Status, none.Code));
        }

        Assert.Equal("import.not_found", (await client.GetAsync($"{Path}/{Guid.CreateVersion7()}/result")).Code);
        var bad = await RunAsync(client, "a.csv", Encoding.UTF8.GetBytes($"serial,type\n{serial}4,steam\n"));
        var url = (string)bad["download_url"]!;
        Assert.Equal(HttpStatusCode.OK, (await client.Http.GetAsync(url)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await server.SignInAsync("agent1")).GetAsync(url)).Status);

        var longAgo = TimeProvider.System.GetUtcNow().AddYears(-1).ToStored();
        await MeterRows.WithDbAsync(server, (db, _) => db.Set<Job>().Where(job => job.Id == new JobId((Guid)bad["id"]!)).ExecuteUpdateAsync(set => set.SetProperty(job => job.FinishedAt, longAgo)));
        await server.Services.GetRequiredService<ExportCleanUp>().SweepAsync(CancellationToken.None);
        Assert.Equal("import.no_result_file", (await client.GetAsync(url)).Code);
    }

    [Fact]
    public async Task Bad_workbooks_are_refused_by_code_and_change_nothing()
    {
        var client = await server.SignInAsync("manager");
        var serial = MeterCalls.NewSerial("B");
        var good = WorkbookMaker.Of(["serial", "type"], [serial, "gas"]);
        await RefusedAsync("import.workbook_damaged", good[..^30]);
        await RefusedAsync("import.not_workbook", Zip([new("a.txt", [1])]));
        await RefusedAsync("import.sheet_empty", new WorkbookMaker().Sheet("Data", "").Bytes());
        await RefusedAsync("import.header_merged", new WorkbookMaker().Sheet("Data", "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>serial</t></is></c></row>" + "<row r=\"2\">" + Text(serial) + Text("gas") + "</row>", after: "<mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells>").Bytes());
        await RefusedAsync("import.cell_error", new WorkbookMaker().Sheet("Data", Row(Text("serial"), Text("type")) + Row(Text(serial), "<c t=\"e\"><v>#N/A</v></c>")).Bytes());
        await RefusedAsync("import.not_text", "%PDF-1.7 "u8.ToArray());
        Assert.Empty(await client.SerialsAsync($"search={serial}"));
        Assert.Empty(Directory.EnumerateFiles(server.Data.Uploads));

        async Task RefusedAsync(string code, byte[] file)
        {
            var job = await RunAsync(client, "meters.xlsx", file);
            Assert.False((bool)job["result"]!["applied"]!);
            Assert.Contains(code, job["result"]!["problems"]!.AsArray().Select(problem => (string?)problem!["code"]));
        }
    }

    [Fact]
    public async Task Gives_a_workbook_to_fill_in_with_notes()
    {
        var client = await server.SignInAsync("manager");
        var template = await client.Http.GetAsync(Path + "/template?format=xlsx");
        Assert.Equal((Xlsx, "meters-template.xlsx"), (template.Content.Headers.ContentType?.MediaType, template.Content.Headers.ContentDisposition?.FileName?.Trim('"')));
        var bytes = await template.Content.ReadAsByteArrayAsync();
        var job = await RunAsync(client, "filled.xlsx", bytes, ("dry_run", "true"));
        Assert.Equal((1, 0), (Count(job, "created"), Count(job, "refused")));
        Assert.Empty(job["result"]!["ignored_columns"]!.AsArray());
        var rows = await WorkbookTables.RowsAsync(bytes, new TableReadOptions { Sheet = "meters" });
        Assert.Contains("|Number 48.4412|", rows[1], StringComparison.Ordinal);
        Assert.Contains("|DateTime 2021-05-04|", rows[1], StringComparison.Ordinal);
        Assert.Equal("2: serial_number|true|text|", (await WorkbookTables.RowsAsync(bytes, new TableReadOptions { Sheet = "Notes" }))[1][..27]);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync(Path + "/template?format=pdf")).Status);
    }

    private static byte[] File(string name, string[][] rows) => name.EndsWith(".xlsx", StringComparison.Ordinal)
        ? WorkbookMaker.Of(rows)
        : Encoding.UTF8.GetBytes(string.Join("\n", rows.Select(row => string.Join(',', row.Select(cell => cell.Contains('"', StringComparison.Ordinal) ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell)))));

    private static async Task<(List<string[]> Rows, string? Name)> DownloadAsync(ApiClient client, JsonNode job)
    {
        using var answer = await client.Http.GetAsync((string)job["download_url"]!);
        await using var rows = await TableFile.OpenAsync(new MemoryStream(await answer.Content.ReadAsByteArrayAsync()), new TableReadOptions(), _ => true);
        var all = new List<string[]>();
        while (await rows.ReadAsync(CancellationToken.None))
        {
            all.Add([.. Enumerable.Range(0, Math.Max(7, rows.CellCount)).Select(cell => rows.Cell(cell).ToString())]);
        }

        return (all, answer.Content.Headers.ContentDisposition?.FileName?.Trim('"'));
    }

    private static async Task<JsonNode> RunAsync(ApiClient client, string name, byte[] file, params (string, string)[] fields)
    {
        var job = await client.RunFileJobAsync(Path, name, file, fields);
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        return job;
    }

    private static int Count(JsonNode job, string name) => (int)job["result"]![name]!;

    private static async Task<JsonNode> FindAsync(ApiClient client, string serial)
    {
        var items = (await client.GetAsync($"/api/v1/meters?sort=serial_number&search={Uri.EscapeDataString(serial)}")).Data["items"]!.AsArray();
        return (await client.GetAsync($"/api/v1/meters/{(string?)items.Single(item => (string?)item!["serial_number"] == serial)!["id"]}")).Data;
    }
}

public sealed class ImportMeterWorkbooksOnSqliteTests(SqliteServer server) : ImportMeterWorkbooksTests(server), IClassFixture<SqliteServer>;

public sealed class ImportMeterWorkbooksOnPostgresTests(PostgresServer server) : ImportMeterWorkbooksTests(server), IClassFixture<PostgresServer>;
