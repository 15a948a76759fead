using System.Text;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;
using MeterSync.Kernel.Tabular;
using MeterSync.Kernel.Tabular.Workbooks;
using Xunit;

namespace MeterSync.Tests.Kernel.Tabular.Workbooks;

public sealed class SheetWriterTests
{
    private static readonly SinkColumn[] Columns = [new("serial_number"), new("value", SinkColumnKind.Number), new("read_at", SinkColumnKind.Instant), new("note", SinkColumnKind.Words)];

    [Fact]
    public async Task Writes_a_valid_workbook_of_typed_cells()
    {
        var id = Guid.CreateVersion7();
        var bytes = await WriteAsync(sink =>
        {
            sink.Text("=1+1");
            sink.Number(-12.50m);
            sink.Instant(new DateTimeOffset(2026, 3, 1, 11, 15, 30, TimeSpan.FromHours(2)));
            sink.Text(" kept \r\n_x000D_ \u0001 \ud800 ");
            sink.Id(id);
            sink.Date(new DateOnly(2026, 3, 1));
            sink.YesNo(true);
            sink.Number(123_456_789_012L);
            sink.Number(22.7178);
            sink.Text(null);
            sink.Number((decimal?)null);
            sink.Instant(DateTimeOffset.MinValue);
        });
        using var document = SpreadsheetDocument.Open(new MemoryStream(bytes), false);
        Assert.Empty(new OpenXmlValidator().Validate(document).Select(error => $"{error.Path?.XPath} {error.Description}"));
        var sheet = Assert.Single(document.WorkbookPart!.WorksheetParts).Worksheet;
        Assert.Equal((PaneStateValues.Frozen, "A1:D2"), (sheet.Descendants<Pane>().Single().State!.Value, sheet.Descendants<AutoFilter>().Single().Reference!.Value));
        Assert.Equal(4, sheet.Descendants<Column>().Count());
        Assert.Empty(sheet.Descendants<CellFormula>());
        Assert.Equal(
            ["1: serial_number|value|read_at|note", $"2: =1+1|Number -12.50|DateTime 2026-03-01T09:15:30| kept \r\n_x000D_ \uFFFD \uFFFD |{id}|DateTime 2026-03-01|true|Number 123456789012|Number 22.7178|||0001-01-01T00:00:00Z"],
            await WorkbookTables.RowsAsync(bytes));
    }

    [Fact]
    public async Task A_table_longer_than_a_sheet_goes_on_on_the_next_one_with_its_headings()
    {
        using var file = new MemoryStream();
        await using (var sink = new SheetWriter(file, rowsOfSheet: 4))
        {
            await sink.BeginAsync("A/very*long?name of a table of readings", Columns);
            for (var row = 0; row < 7; row++)
            {
                sink.Number((long)row);
                await sink.EndRowAsync();
            }

            Assert.Equal(8, sink.RowsWritten);
            await sink.CompleteAsync();
        }

        using var document = SpreadsheetDocument.Open(new MemoryStream(file.ToArray()), false);
        Assert.Empty(new OpenXmlValidator().Validate(document).Select(error => error.Description));
        Assert.Equal(["Averylongname of a table of rea", "Averylongname of a table of r 2", "Averylongname of a table of r 3"], document.WorkbookPart!.Workbook.Descendants<Sheet>().Select(sheet => sheet.Name!.Value));
        Assert.Equal(["1: serial_number|value|read_at|note", "2: Number 6"], await WorkbookTables.RowsAsync(file.ToArray(), new TableReadOptions { Sheet = "3" }));
        Assert.Equal(4, (await WorkbookTables.RowsAsync(file.ToArray(), new TableReadOptions { Sheet = "2" })).Count);
    }

    [Fact]
    public async Task A_text_longer_than_a_cell_is_cut_and_says_so()
    {
        var bytes = await WriteAsync(sink => sink.Text(new string('x', 40_000)));
        var text = (await WorkbookTables.RowsAsync(bytes))[1][3..];
        Assert.EndsWith("x…", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 32_000, 32_767);
    }

    [Fact]
    public async Task What_is_not_completed_does_not_throw_when_it_is_given_up()
    {
        using var file = new MemoryStream();
        await using var sink = new SheetWriter(file);
        await sink.BeginAsync("readings", Columns);
        sink.Text("half a row");
    }

    [Fact]
    public async Task Exact_numbers_come_back_exactly()
    {
        decimal[] numbers = [0.1m, -999_999_999_999.999999m, 123_456_789_012.123456m, 0.000001m, 1150.5m, 0m];
        var bytes = await WriteAsync(sink =>
        {
            sink.Text("first");
            sink.Number(1L);
        }, [.. numbers.Select<decimal, Action<ITableSink>>(number => sink =>
        {
            sink.Text("x");
            sink.Number(number);
        })]);
        Assert.Equal(numbers, (await WorkbookTables.ValuesAsync(bytes)).Skip(1).Select(row => row.Value!.Value));
    }

    private static async Task<byte[]> WriteAsync(Action<ITableSink> row, params Action<ITableSink>[] more)
    {
        using var file = new MemoryStream();
        await using (var sink = new SheetWriter(file))
        {
            await sink.BeginAsync("readings", Columns);
            foreach (var one in more.Prepend(row))
            {
                one(sink);
                await sink.EndRowAsync();
            }

            await sink.CompleteAsync();
        }

        return file.ToArray();
    }
}
