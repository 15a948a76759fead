using System.Text;
using MeterSync.Kernel.Tabular;
using Xunit;

namespace MeterSync.Tests.Kernel.Tabular;

public sealed class CsvRowsTests
{
    [Theory]
    [InlineData("a,b\r\n1,2\r\n")]
    [InlineData("a,b\n1,2\n")]
    [InlineData("a,b\r1,2\r")]
    [InlineData("a,b\r\n1,2")]
    [InlineData("\"a\",\"b\"\n\"1\" ,2")]
    public async Task Reads_the_same_cells_with_any_line_ending(string text)
    {
        var rows = await Tables.RowsAsync(Encoding.UTF8.GetBytes(text));
        Assert.Equal([["a", "b"], ["1", "2"]], rows);
    }

    [Fact]
    public async Task Keeps_delimiters_quotes_and_line_ends_inside_quotes()
    {
        var rows = await Tables.RowsAsync("a;b\n\"x;\"\"y\"\"\r\nz\";12\" pipe\n"u8.ToArray());
        Assert.Equal([["a", "b"], ["x;\"y\"\r\nz", "12\" pipe"]], rows);
    }

    [Fact]
    public async Task Counts_rows_as_a_spreadsheet_and_lines_as_an_editor()
    {
        await using var rows = await CsvRows.OpenAsync(new DripStream("a,b\n\"x\ny\r\nz\",1\n\nc,d\n"u8.ToArray(), 1), new TableReadOptions());
        var places = new List<(int, long)>();
        while (await rows.ReadAsync(CancellationToken.None))
        {
            places.Add((rows.Row, rows.Line));
        }
        Assert.Equal([(1, 1L), (2, 2L), (3, 5L), (4, 6L)], places);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"")]
    public async Task Refuses_a_cell_of_ten_megabytes_without_keeping_it(string quote)
    {
        var bytes = Encoding.UTF8.GetBytes($"a,b,c\n1,2,3\n4,{quote}{new string('x', 10_000_000)}{quote},6\n7,8,9\n");
        var before = GC.GetAllocatedBytesForCurrentThread();
        await using var rows = await CsvRows.OpenAsync(new MemoryStream(bytes), new TableReadOptions());
        var faults = new List<RowFault?>();
        while (await rows.ReadAsync(CancellationToken.None))
        {
            faults.Add(rows.Fault);
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
        Assert.Equal((3, 1, ImportCodes.CellTooLarge, false), (faults[2]!.Row, faults[2]!.CellIndex, faults[2]!.Code, faults[2]!.Stops));
        Assert.Equal([true, true, false, true], faults.Select(fault => fault is null));
    }

    [Theory]
    [InlineData("a,b\n1,2\n3,\"open\n5,6\n", 3, 1)]
    [InlineData("a,b\n1,\"", 2, 1)]
    [InlineData("\"a,b\n1,2\n", 1, 0)]
    public async Task Names_the_place_where_a_quote_opened_that_never_closes(string text, int row, int cell)
    {
        await using var rows = await CsvRows.OpenAsync(new DripStream(Encoding.UTF8.GetBytes(text)), new TableReadOptions { Delimiter = ',' });
        while (await rows.ReadAsync(CancellationToken.None))
        {
            Assert.Null(rows.Fault);
        }
        Assert.Equal((row, cell, ImportCodes.UnclosedQuote, true), (rows.Fault!.Row, rows.Fault.CellIndex, rows.Fault.Code, rows.Fault.Stops));
    }

    [Fact]
    public async Task Says_unclosed_quote_also_when_the_rest_of_the_file_is_large()
    {
        var text = "a,b\n1,\"open\n" + string.Concat(Enumerable.Repeat("7,8\n", 200_000));
        var rows = await Tables.RowsAsync(Encoding.UTF8.GetBytes(text), drip: 60_000);
        Assert.Equal([["a", "b"], ["!import.unclosed_quote"]], rows);
    }

    [Fact]
    public async Task Refuses_only_the_row_with_text_after_a_closing_quote()
    {
        var rows = await Tables.RowsAsync("a,b\n\"x\"y,1\n2,3\n"u8.ToArray());
        Assert.Equal([["a", "b"], ["!import.text_after_quote"], ["2", "3"]], rows);
    }

    [Fact]
    public async Task Refuses_a_row_of_too_many_cells_or_characters_and_goes_on()
    {
        var options = new TableReadOptions { Delimiter = ',', Limits = new TableLimits { Columns = 3, RowChars = 10, CellChars = 8 } };
        var rows = await Tables.RowsAsync("a,b\n1,2,3,4\n12345,67890,1\n123456789\n5,6\n"u8.ToArray(), options);
        Assert.Equal([["a", "b"], ["!import.too_many_columns"], ["!import.row_too_large"], ["!import.cell_too_large"], ["5", "6"]], rows);
    }

    [Fact]
    public async Task Stops_at_a_binary_zero_and_says_where()
    {
        await using var rows = await CsvRows.OpenAsync(new DripStream("a,b\n1,2\n3,4\0\n"u8.ToArray()), new TableReadOptions());
        while (await rows.ReadAsync(CancellationToken.None))
        {
        }
        Assert.Equal((3, 1, ImportCodes.NotText), (rows.Fault!.Row, rows.Fault.CellIndex, rows.Fault.Code));
    }

    [Fact]
    public async Task Names_a_workbook_that_was_only_renamed()
    {
        await using var rows = await CsvRows.OpenAsync(new DripStream([0x50, 0x4B, 3, 4, 20, 0, 6, 0]), new TableReadOptions());
        Assert.False(await rows.ReadAsync(CancellationToken.None));
        Assert.Equal(ImportCodes.NotText, rows.Fault!.Code);
        Assert.Contains("xlsx", rows.Fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sep=;\r\na;b\r\n1;2\r\n", ';')]
    [InlineData("\"sep=|\"\na|b\n1|2\n", '|')]
    [InlineData("SEP=\t\na\tb\n1\t2\n", '\t')]
    public async Task Follows_the_line_that_names_the_delimiter_and_counts_rows_after_it(string text, char delimiter)
    {
        await using var rows = await CsvRows.OpenAsync(new DripStream(Encoding.UTF8.GetBytes(text)), new TableReadOptions());
        Assert.True(await rows.ReadAsync(CancellationToken.None));
        Assert.Equal((delimiter, 1, 2L, 2, "a"), (rows.Delimiter, rows.Row, rows.Line, rows.CellCount, rows.Cell(0).ToString()));
    }
}
