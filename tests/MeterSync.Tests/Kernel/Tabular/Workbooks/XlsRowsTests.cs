using MeterSync.Kernel.Tabular;
using MeterSync.Tests.Contract;
using Xunit;

namespace MeterSync.Tests.Kernel.Tabular.Workbooks;

/// <summary>The files have a sheet of notes, a hidden sheet and one of readings; the second one counts days from 1904.</summary>
public sealed class XlsRowsTests
{
    [Theory]
    [InlineData("readings.xls", "46082.5")]
    [InlineData("readings-1904.xls", "44620.5")]
    public async Task Reads_the_sheet_with_the_headings(string name, string serial)
    {
        Assert.Equal(
            [
                "1: serial_number|reading_value|reading_timestamp|notes",
                "2: 000123|Number 0.1|DateTime 2026-03-01T09:15:00|Квартира 12",
                $"3: Number 456|12,5|Number {serial}|true",
                "4: 789||2026-03-02|Error #N/A",
                "5: 790|Number 1234.56|03.03.2026 10:00",
            ],
            await WorkbookTables.RowsAsync(Bytes(name), new TableReadOptions { Sheet = "Readings" }));
        Assert.Equal(["1: serial_number|type"], await WorkbookTables.RowsAsync(Bytes(name), new TableReadOptions { Sheet = "2" }));
        Assert.Equal(["1: Read me first"], await WorkbookTables.RowsAsync(Bytes(name)));
    }

    [Theory]
    [InlineData("readings.xls")]
    [InlineData("readings-1904.xls")]
    public async Task A_number_in_a_column_of_dates_is_a_day_by_the_workbooks_count(string name)
    {
        var columns = new ColumnSet();
        var (serial, when) = (columns.Required("serial_number", ColumnKind.Text), columns.Required("reading_timestamp", ColumnKind.Date));
        var source = await TableFile.OpenAsync(new MemoryStream(Bytes(name)), new TableReadOptions(), columns.IsHeader);
        await using var reader = await TableReader.OpenAsync(source, columns);
        var times = new List<string>();
        while (await reader.ReadAsync())
        {
            times.Add($"{reader.Identifier(serial, 10)} {reader.Instant(when):yyyy-MM-dd HH:mm}");
        }

        Assert.Equal(["000123 2026-03-01 09:15", "456 2026-03-01 12:00", "789 2026-03-02 00:00", "790 2026-03-03 10:00"], times);
        Assert.Empty(reader.Problems);
    }

    [Fact]
    public async Task A_workbook_cut_short_anywhere_ends_in_a_problem_or_in_rows()
    {
        var file = Bytes("readings.xls");
        for (var length = 8; length < file.Length; length += 61)
        {
            await using var reader = await WorkbookTables.ReadAsync(file[..length], new TableReadOptions { Sheet = "3" });
            Assert.NotEmpty(reader.Problems);
        }
    }

    private static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "MeterSync.Tests", "Kernel", "Tabular", "Workbooks", name));
}
