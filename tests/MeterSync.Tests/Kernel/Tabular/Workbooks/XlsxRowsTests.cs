using MeterSync.Kernel.Tabular;
using NodaTime;
using Xunit;
using static MeterSync.Tests.Kernel.Tabular.Workbooks.WorkbookMaker;

namespace MeterSync.Tests.Kernel.Tabular.Workbooks;

public sealed class XlsxRowsTests
{
    private static readonly string Head = Row(Text("serial_number"), Text("value"), Text("read_at"), Text("note"));

    [Fact]
    public async Task Reads_each_cell_in_the_form_it_is_stored_in()
    {
        var maker = new WorkbookMaker();
        var file = maker.Sheet("Data", Row(maker.Shared("a & b"), Number("1.5"), Date("46082.385416666664"), "<c t=\"b\"><v>1</v></c>", "<c t=\"e\"><v>#N/A</v></c>", "<c t=\"str\"><f>A1</f><v>made</v></c>", "<c s=\"3\"><v>0.05</v></c>", "<c t=\"d\"><v>2026-03-01T09:15:00</v></c>")
            + "<row r=\"7\" hidden=\"1\"><c r=\"C7\"><f>1+1</f><v>2</v></c><c r=\"E7\"><f>1+1</f></c></row>").Bytes();
        Assert.Equal(["1: a & b|Number 1.5|DateTime 2026-03-01T09:15:00|true|Error #N/A|made|Number 0.05|DateTime 2026-03-01T09:15:00", "7: ||Number 2||Error ="], await WorkbookTables.RowsAsync(file));
    }

    [Theory]
    [InlineData("0.1", "0.1")]
    [InlineData("1.1000000000000001", "1.1")]
    [InlineData("0.30000000000000004", "0.3")]
    [InlineData("1234.5599999999999", "1234.56")]
    [InlineData("123456789012.123456", "123456789012.123456")]
    [InlineData("12345678901.123456", "12345678901.123456")]
    [InlineData("1.5E3", "1500")]
    [InlineData("1.0000000000000001E-5", "0.00001")]
    [InlineData("-0.5", "-0.5")]
    public async Task Numbers_are_as_exact_as_they_are_meant(string stored, string meant)
    {
        var file = new WorkbookMaker().Sheet("Data", Head + Row(Text("1"), Number(stored))).Bytes();
        Assert.Equal(decimal.Parse(meant, System.Globalization.CultureInfo.InvariantCulture), (await WorkbookTables.ValuesAsync(file))[0].Value);
    }

    [Fact]
    public async Task Numbers_as_words_and_words_that_look_like_numbers_stay_what_they_are()
    {
        var file = new WorkbookMaker().Sheet("Data", Head + Row(Text("000123"), Text("12,5")) + Row(Number("456"), Text("1 234,75")) + Row(Number("1.23456789012346E+15"), Number("1")) + Row(Date("46082"), Number("1")) + Row(Text("7"), "<c t=\"b\"><v>1</v></c>")).Bytes();
        var rows = await WorkbookTables.ValuesAsync(file);
        Assert.Equal([("000123", 12.5m), ("456", 1234.75m)], rows[..2].Select(row => (row.Serial, row.Value!.Value)));
        Assert.Equal(["4 serial_number import.damaged_by_spreadsheet", "5 serial_number import.damaged_by_spreadsheet", "6 value import.not_a_number"], await WorkbookTables.CodesAsync(file));
    }

    [Fact]
    public async Task Dates_come_as_dates_as_words_and_as_numbers()
    {
        var file = new WorkbookMaker().Sheet("Data", Head + Row(Text("1"), Number("1"), Date("46082")) + Row(Text("2"), Number("1"), Date("46082.5000115741")) + Row(Text("3"), Number("1"), Text("31.03.2026 14:05"))
            + Row(Text("4"), Number("1"), Number("46082.25")) + Row(Text("5"), Number("1"), Number("20260301")) + Row(Text("6"), Number("1"), Text("2026-03-01T10:00:00+02:00"))).Bytes();
        Assert.Equal(
            ["2026-03-01T00:00:00.000", "2026-03-01T12:00:01.000", "2026-03-31T14:05:00.000", "2026-03-01T06:00:00.000", "2026-03-01T00:00:00.000", "2026-03-01T08:00:00.000"],
            (await WorkbookTables.ValuesAsync(file)).Select(row => row.When));
        await using var reader = await WorkbookTables.ReadAsync(file);
        Assert.Contains(ImportCodes.SerialDatesRead, reader.Notes.Select(note => note.Code));
    }

    [Fact]
    public async Task A_cell_of_a_date_is_local_time_of_the_zone()
    {
        var file = new WorkbookMaker().Sheet("Data", Head + Row(Text("1"), Number("1"), Date("46082.5")) + Row(Text("2"), Number("1"), Date("46110.145833333336"))).Bytes();
        var options = new TableReadOptions { TimeZone = DateTimeZoneProviders.Tzdb["Europe/Kyiv"] };
        Assert.Equal("2026-03-01T10:00:00.000", (await WorkbookTables.ValuesAsync(file, options))[0].When);
        Assert.Equal(["3 read_at import.time_does_not_exist"], await WorkbookTables.CodesAsync(file, options));
    }

    [Fact]
    public async Task Days_may_be_counted_from_1904()
    {
        var file = new WorkbookMaker { From1904 = true }.Sheet("Data", Head + Row(Text("1"), Number("1"), Date("44620")) + Row(Text("2"), Number("1"), Number("44620.5"))).Bytes();
        Assert.Equal(["2026-03-01T00:00:00.000", "2026-03-01T12:00:00.000"], (await WorkbookTables.ValuesAsync(file)).Select(row => row.When));
    }

    [Theory]
    [InlineData(false, "2958466")]
    [InlineData(false, "2958465.9999999999")]
    [InlineData(false, "1e20")]
    [InlineData(false, "-1")]
    [InlineData(true, "2957004")]
    [InlineData(true, "2958465")]
    [InlineData(true, "2957003.9999999999")]
    public async Task A_day_after_the_last_one_is_a_problem_of_its_row(bool from1904, string stored)
    {
        var file = new WorkbookMaker { From1904 = from1904 }.Sheet("Data", Head + Row(Text("1"), Number("1"), Date(stored)) + Row(Text("2"), Number("1"), Date("44620"))).Bytes();
        Assert.StartsWith("2 read_at ", Assert.Single(await WorkbookTables.CodesAsync(file)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_that_is_hardly_a_day_is_refused_in_a_column_of_dates()
    {
        var file = new WorkbookMaker().Sheet("Data", Head + Row(Text("1"), Number("1"), Number("2026")) + Row(Text("2"), Number("1"), Date("60")) + Row(Text("3"), Number("1"), Text("46082"))).Bytes();
        Assert.Equal(["2 read_at import.serial_date", "3 read_at import.serial_date", "4 read_at import.serial_date"], await WorkbookTables.CodesAsync(file));
    }

    [Fact]
    public async Task A_failed_formula_is_a_problem_of_the_column_that_is_read()
    {
        const string failed = "<c t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>";
        const string unsaved = "<c><f>1+1</f></c>";
        var file = new WorkbookMaker().Sheet("Data", Row(Text("serial_number"), Text("value"), Text("colour")) + Row(Text("1"), failed, failed) + Row(Text("2"), unsaved) + Row(Text("3"), Number("1"), failed) + Row(failed, Number("1")) + Row(Text("4"), "<c><f>1+1</f><v></v></c>") + Row(Text("5"), Number("1"), "<c t=\"str\"><f>\"\"</f><v></v></c>")).Bytes();
        Assert.Equal(["2 value import.cell_error", "3 value import.formula_without_result", "5 serial_number import.cell_error", "6 value import.formula_without_result"], await WorkbookTables.CodesAsync(file));
    }

    [Fact]
    public async Task Merged_headings_are_told_as_such()
    {
        var file = new WorkbookMaker().Sheet("Data", "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Meter and reading</t></is></c></row>" + "<row r=\"2\">" + Text("serial_number") + Text("value") + "</row>", after: "<mergeCells count=\"2\"><mergeCell ref=\"A9:B9\"/><mergeCell ref=\"A1:C1\"/></mergeCells>").Bytes();
        await using var reader = await WorkbookTables.ReadAsync(file);
        var problem = Assert.Single(reader.Problems, problem => problem.Code == ImportCodes.HeaderMerged);
        Assert.Equal(1, problem.Row);
        Assert.Contains("A1:C1", problem.Message, StringComparison.Ordinal);
        Assert.True(reader.Stopped);
    }

    [Fact]
    public async Task The_first_visible_sheet_with_the_headings_is_read_unless_another_is_named()
    {
        var file = new WorkbookMaker()
            .Sheet("Read me", Row(Text("Fill in the next sheet")))
            .Sheet("Old", Head + Row(Text("hidden"), Number("1")), state: "hidden")
            .Sheet("Empty", "<row r=\"1\"/><row r=\"2\"><c/></row>")
            .Sheet("March", Head + Row(Text("march"), Number("1")))
            .Sheet("April", Head + Row(Text("april"), Number("1"))).Bytes();
        await using (var reader = await WorkbookTables.OpenAsync(file))
        {
            Assert.Equal("March", reader.Findings.Sheet);
            Assert.Contains(ImportCodes.SheetChosen, reader.Notes.Select(note => note.Code));
        }

        foreach (var (wanted, serial) in new[] { ((string?)null, "march"), ("april", "april"), ("2", "hidden"), ("OLD", "hidden"), ("5", "april") })
        {
            Assert.Equal(serial, (await WorkbookTables.ValuesAsync(file, new TableReadOptions { Sheet = wanted }))[0].Serial);
        }

        Assert.Equal(["0  import.sheet_not_found"], await WorkbookTables.CodesAsync(file, new TableReadOptions { Sheet = "May" }));
        Assert.Equal(["0  import.sheet_empty"], await WorkbookTables.CodesAsync(file, new TableReadOptions { Sheet = "Empty" }));
        Assert.Equal("1 serial_number import.column_missing", (await WorkbookTables.CodesAsync(file, new TableReadOptions { Sheet = "Read me" }))[0]);
    }

    [Fact]
    public async Task A_million_empty_rows_are_passed_over()
    {
        var empty = new System.Text.StringBuilder(Head);
        for (var row = 2; row < 1_048_576; row++)
        {
            empty.Append(System.Globalization.CultureInfo.InvariantCulture, $"<row r=\"{row}\" s=\"1\" customFormat=\"1\"/>");
        }

        var file = new WorkbookMaker().Sheet("Data", empty.Append("<row r=\"1048576\"><c t=\"inlineStr\"><is><t>last</t></is></c><c><v>1</v></c></row>").ToString()).Bytes();
        await using var reader = await WorkbookTables.OpenAsync(file);
        Assert.True(await reader.ReadAsync());
        Assert.Equal((1_048_576, "last"), (reader.Row, reader.Identifier(Tables.Serial, 10)));
        Assert.False(await reader.ReadAsync());
        Assert.Equal((1, false), (reader.RowsRead, reader.Stopped));
    }

    [Fact]
    public async Task Characters_that_XML_cannot_hold_come_back_as_they_were()
    {
        var file = new WorkbookMaker().Sheet("Data", Head + Row(Text("1"), Number("1"), "<c/>", Text("a_x000A_b _x005F_x000A_ _xZZ_"))).Bytes();
        await using var reader = await WorkbookTables.OpenAsync(file);
        Assert.True(await reader.ReadAsync());
        Assert.Equal("a\nb _x000A_ _xZZ_", reader.Text(Tables.Note, 100, allowLines: true));
    }

    [Theory]
    [InlineData("yyyy-mm-dd", true)]
    [InlineData("[$-419]d mmm yy;@", true)]
    [InlineData("[Red]hh:mm", true)]
    [InlineData("General", false)]
    [InlineData("0.00\" days\"", false)]
    [InlineData("[h]:mm:ss", false)]
    [InlineData("#,##0\\d", false)]
    [InlineData("\"unclosed", false)]
    [InlineData("_-* #,##0.00_-", false)]
    public void A_format_shows_a_date_or_not(string format, bool isDate) =>
        Assert.Equal(isDate, MeterSync.Kernel.Tabular.Workbooks.WorkbookStyles.ShowsDate(format));
}
