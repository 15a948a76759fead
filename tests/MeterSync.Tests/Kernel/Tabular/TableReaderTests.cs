using System.Text;
using MeterSync.Kernel.Tabular;
using Xunit;

namespace MeterSync.Tests.Kernel.Tabular;

public sealed class TableReaderTests
{
    [Theory]
    [InlineData("Serial Number;Value")]
    [InlineData("serial_number;VALUE")]
    [InlineData("\uFEFFMeter-No.;reading")]
    [InlineData("METER_ID_CODE;\" Показник \"")]
    [InlineData("\n\n;\nserialnumber;value")]
    public async Task Understands_headings_however_they_are_written(string header)
    {
        await using var reader = await Tables.OpenAsync(header + "\nA1;5\n");
        Assert.True(await reader.ReadAsync());
        Assert.Equal(("A1", 5m), (reader.Identifier(Tables.Serial, 10), reader.Decimal(Tables.Value)));
    }

    [Fact]
    public async Task Lists_what_was_found_and_what_would_do_for_a_missing_column()
    {
        await using var reader = await Tables.OpenAsync("Meter;Value\nA;1\n");
        Assert.True(reader.Stopped);
        Assert.False(await reader.ReadAsync());
        var problem = Assert.Single(reader.Problems);
        Assert.Equal((1, "serial_number", ImportCodes.ColumnMissing), (problem.Row, problem.Column, problem.Code));
        Assert.Contains("\"meter_number\"", problem.Message, StringComparison.Ordinal);
        Assert.Contains("The file has: \"Meter\", \"Value\".", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_two_headings_of_one_column_and_ignores_unknown_ones()
    {
        await using var twice = await Tables.OpenAsync("serial_number;value;meter no\nA;1;B\n");
        Assert.Equal(ImportCodes.ColumnTwice, Assert.Single(twice.Problems).Code);
        await using var unknown = await Tables.OpenAsync("serial_number;value;colour\nA;1;red\n");
        Assert.Empty(unknown.Problems);
        Assert.Equal(["colour"], unknown.Findings.Ignored);
        Assert.Contains(unknown.Notes, note => note.Code == ImportCodes.ColumnsIgnored && note.Message.Contains("colour", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Numbers_rows_as_the_spreadsheet_shows_them()
    {
        var reader = await Tables.ReadAllAsync("serial_number;value\n\nA;x\n;;;\n\"B\";y\n");
        Assert.Equal([3, 5], reader.Problems.Select(problem => problem.Row));
        Assert.Equal("Row 3, column \"value\": \"x\" is not a number. Write digits only, without a unit.", reader.Problems[0].ToString());
        Assert.Equal((2, 2), (reader.RowsRead, reader.RowsBlank));
    }

    [Fact]
    public async Task Takes_missing_cells_of_optional_columns_and_extra_empty_cells()
    {
        var reader = await Tables.ReadAllAsync("serial_number;value;note\nA;1\nB;2;x;;\nC\nD;4;x;y\n");
        Assert.Equal([(4, ImportCodes.WrongCellCount), (5, ImportCodes.WrongCellCount)], reader.Problems.Select(problem => (problem.Row, problem.Code)));
        Assert.Contains("has 1 cells, but the header has 3", reader.Problems[0].Message, StringComparison.Ordinal);
        Assert.Equal((2, 2), (reader.RowsRead, reader.RowsUnreadable));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData("\r\n \r\n")]
    public async Task Says_that_an_empty_file_is_empty(string text)
    {
        await using var reader = await Tables.OpenAsync(text);
        Assert.Equal(ImportCodes.EmptyFile, Assert.Single(reader.Problems).Code);
        Assert.True(reader.Stopped);
    }

    [Theory]
    [InlineData("serial_number;value")]
    [InlineData("serial_number;value\r\n\r\n")]
    public async Task Notes_a_file_of_a_header_only(string text)
    {
        var reader = await Tables.ReadAllAsync(text);
        Assert.Empty(reader.Problems);
        Assert.Contains(reader.Notes, note => note.Code == ImportCodes.NoRows);
        Assert.False(reader.Stopped);
    }

    [Fact]
    public async Task Stops_at_the_row_limit()
    {
        var options = new TableReadOptions { Limits = new TableLimits { Rows = 2 } };
        var reader = await Tables.ReadAllAsync("serial_number,value\nA,1\n\nB,2\nC,3\n", options);
        Assert.Equal((5, ImportCodes.TooManyRows), (reader.Problems[0].Row, Assert.Single(reader.Problems).Code));
        Assert.True(reader.Stopped);
        Assert.Empty((await Tables.ReadAllAsync("serial_number,value\nA,1\n\nB,2\n\n", options)).Problems);
    }

    [Fact]
    public async Task Names_the_column_of_a_cell_that_is_too_large()
    {
        var reader = await Tables.ReadAllAsync($"serial_number,value,note\nA,1,ok\nB,2,{new string('x', 70_000)}\nC,3,ok\n");
        Assert.Equal((3, "note", ImportCodes.CellTooLarge), (reader.Problems[0].Row, reader.Problems[0].Column, Assert.Single(reader.Problems).Code));
        Assert.Equal((2, 1), (reader.RowsRead, reader.RowsUnreadable));
    }

    [Fact]
    public async Task Reports_an_unclosed_quote_after_the_sample_and_inside_it()
    {
        foreach (var sample in new[] { 1, 100 })
        {
            var options = new TableReadOptions { Limits = new TableLimits { SampleRows = sample } };
            var reader = await Tables.ReadAllAsync("serial_number,value,note\nA,1,x\nB,2,x\nC,3,\"x\nD,4,x\n", options);
            Assert.Equal((4, "note", ImportCodes.UnclosedQuote), (reader.Problems[0].Row, reader.Problems[0].Column, Assert.Single(reader.Problems).Code));
            Assert.True(reader.Stopped);
            Assert.Equal(2, reader.RowsRead);
        }
    }

    [Theory]
    [InlineData("A\u0007B", "ok", ImportCodes.ControlCharacter)]
    [InlineData("A\uFFFD", "ok", ImportCodes.LettersLost)]
    [InlineData("1,23E+11", "ok", ImportCodes.DamagedBySpreadsheet)]
    [InlineData("", "ok", ImportCodes.CellMissing)]
    [InlineData("12345678901234567890123456789012345678901", "ok", ImportCodes.TextTooLong)]
    [InlineData("\"A\nB\"", "ok", ImportCodes.ControlCharacter)]
    public async Task Refuses_text_that_cannot_be_kept(string serial, string note, string code)
    {
        var reader = await Tables.ReadAllAsync($"serial_number;value;note\n{serial};1;{note}\n");
        Assert.Equal((2, "serial_number", code), (reader.Problems[0].Row, reader.Problems[0].Column, Assert.Single(reader.Problems).Code));
    }

    [Fact]
    public async Task Keeps_a_serial_number_that_only_resembles_an_exponent()
    {
        await using var reader = await Tables.OpenAsync("serial_number;value\n12E34;1\n");
        _ = await reader.ReadAsync();
        Assert.Equal("12E34", reader.Identifier(Tables.Serial, 10));
    }

    [Fact]
    public async Task Checks_the_range_of_a_latitude()
    {
        var reader = await Tables.ReadAllAsync("serial_number;value;lat\nA;1;90,5\nB;1;50°27'\nC;1;50,450\n");
        Assert.Equal([(2, ImportCodes.OutOfRange), (3, ImportCodes.NotANumber)], reader.Problems.Select(problem => (problem.Row, problem.Code)));
    }

    [Fact]
    public async Task Understands_the_words_of_a_list()
    {
        var types = new ChoiceList<int>((1, ["electric", "electricity", "el", "Strom"]), (2, ["water", "вода"]));
        await using var reader = await Tables.OpenAsync("serial_number;value;note\nA;1;STROM\nB;1;Вода \nC;1;steam\nD;1;\n");
        var read = new List<int?>();
        while (await reader.ReadAsync())
        {
            read.Add(reader.Choice(Tables.Note, types));
        }
        Assert.Equal([1, 2, null, null], read);
        Assert.Equal("\"steam\" is not one of: electric, water.", Assert.Single(reader.Problems).Message);
    }

    [Fact]
    public void Counts_all_problems_and_keeps_the_first()
    {
        var list = new ProblemList(2);
        foreach (var row in new[] { 2, 2, 3, 4 })
        {
            list.Add(new RowProblem(row, null, row == 4 ? "b" : "a", "x"));
        }
        Assert.Equal((2, 4, 3, 3, 1), (list.Count, list.Total, list.RowsWithProblems, list.CountByCode["a"], list.CountByCode["b"]));
    }

    [Theory]
    [InlineData(41)]
    [InlineData(100_000)]
    public void Shows_at_most_forty_characters_of_a_cell(int length)
    {
        Assert.Equal(40, Excerpt.Of(new string('x', length)).Length);
        Assert.Equal("a·b", Excerpt.Of("a\nb"));
        Assert.InRange(Excerpt.Of(new StringBuilder().Insert(0, "😀", 30).ToString()).Length, 38, 40);
    }
}
