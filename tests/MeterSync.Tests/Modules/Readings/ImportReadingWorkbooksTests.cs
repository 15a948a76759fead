using System.Text.Json.Nodes;
using MeterSync.Tests.Kernel.Tabular.Workbooks;
using MeterSync.Tests.Support;
using Xunit;
using static MeterSync.Tests.Kernel.Tabular.Workbooks.WorkbookMaker;

namespace MeterSync.Tests.Modules.Readings;

public abstract class ImportReadingWorkbooksTests(ServerFixture server)
{
    private const string Path = "/api/v1/readings/import";
    private readonly ReadingScene scene = new(server);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Imports_dates_and_numbers_as_a_workbook_keeps_them(bool from1904)
    {
        var manager = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        var less = from1904 ? 1_462 : 0;
        var file = new WorkbookMaker { From1904 = from1904 }.Sheet("Stand", Row(Text("Serial No"), Text("Zählerstand"), Text("Datum"))
            + Row(Text(meter.SerialNumber), Number("1000.1000000000001"), Date($"{45_688 - less}")) + Row(Text(meter.SerialNumber), Text("1.100,5"), Text("28.02.2025")) + Row(Text(meter.SerialNumber), Number("1200.5"), Number($"{45_747 - less}"))).Bytes();
        var job = await manager.RunFileJobAsync(Path, "readings.xlsx", file);
        Assert.True((int?)job["result"]?["created"] == 3, job.ToJsonString());
        var history = (await manager.GetAsync($"/api/v1/readings/meter/{meter.Id}")).Data["items"]!.AsArray();
        Assert.Equal(["2025-03-31T00:00:00Z", "2025-02-28T00:00:00Z", "2025-01-31T00:00:00Z"], history.Select(reading => (string?)reading!["reading_timestamp"]));
        Assert.Equal([100m, 100.4m, null], history.Select(reading => reading!.Consumption()));
    }

    [Fact]
    public async Task The_result_names_the_problem_beside_the_row_also_where_only_the_database_knew_it()
    {
        var manager = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        var file = WorkbookMaker.Of(["serial_number", "value", "date"], [meter.SerialNumber, "100", "2025-01-01"], ["NOBODY-KNOWS-IT", "5", "2025-01-01"]);
        var job = await manager.RunFileJobAsync(Path, "readings.xlsx", file);
        Assert.False((bool)job["result"]!["applied"]!);
        var rows = await WorkbookTables.RowsAsync(await manager.Http.GetByteArrayAsync((string)job["download_url"]!));
        Assert.Equal($"2: Number 2|{meter.SerialNumber}|100|2025-01-01", rows[1]);
        Assert.StartsWith("3: Number 3|NOBODY-KNOWS-IT|5|2025-01-01|reading.meter_not_found|serial_number: There is no meter", rows[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_workbook_is_read_too()
    {
        var manager = await server.SignInAsync("manager");
        foreach (var serial in (string[])["000123", "456", "789", "790"])
        {
            await scene.MeterAsync(digits: null, serial: serial);
        }

        var bytes = await File.ReadAllBytesAsync(System.IO.Path.Combine(Contract.Repository.Root, "tests", "MeterSync.Tests", "Kernel", "Tabular", "Workbooks", "readings.xls"));
        var job = await manager.RunFileJobAsync(Path, "readings.xls", bytes, ("partial", "true"));
        Assert.True((int?)job["result"]?["created"] == 3, job.ToJsonString());
        Assert.Equal("4 import.cell_missing,4 import.cell_error", string.Join(',', job["result"]!["problems"]!.AsArray().Select(problem => $"{(int?)problem!["row"]} {(string?)problem["code"]}")));
        var result = await WorkbookTables.RowsAsync(await manager.Http.GetByteArrayAsync((string)job["download_url"]!));
        Assert.StartsWith("2: Number 4|789||2026-03-02|#N/A|import.cell_missing, import.cell_error|", result[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gives_a_workbook_to_fill_in()
    {
        var manager = await server.SignInAsync("manager");
        await scene.MeterAsync(serial: "EL-100001");
        var bytes = await manager.Http.GetByteArrayAsync(Path + "/template?format=xlsx");
        var job = await manager.RunFileJobAsync(Path, "readings.xlsx", bytes, ("dry_run", "true"));
        Assert.True((int?)job["result"]?["created"] == 1, job.ToJsonString());
        Assert.Contains("|DateTime 2025-01-31T09:15:00|Number 12345.6|", (await WorkbookTables.RowsAsync(bytes))[1], StringComparison.Ordinal);
    }
}

public sealed class ImportReadingWorkbooksOnSqliteTests(SqliteServer server) : ImportReadingWorkbooksTests(server), IClassFixture<SqliteServer>;

public sealed class ImportReadingWorkbooksOnPostgresTests(PostgresServer server) : ImportReadingWorkbooksTests(server), IClassFixture<PostgresServer>;
