using System.IO.Pipelines;
using System.Text;
using MeterSync.Kernel.Tabular;
using Xunit;

namespace MeterSync.Tests.Kernel.Tabular;

public sealed class TableWriterTests
{
    [Fact]
    public async Task Writes_numbers_dates_and_words_of_one_row()
    {
        var text = await WriteAsync(null, writer =>
        {
            writer.Text("a,\"b\"");
            writer.Number(-5.10m);
            writer.Number(7);
            writer.Number(50.4501);
            writer.Instant(new DateTimeOffset(2025, 3, 4, 12, 0, 0, TimeSpan.FromHours(2)));
            writer.Date(new DateOnly(2025, 3, 4));
            writer.YesNo(true);
            writer.Text(null);
        });
        Assert.Equal("\"a,\"\"b\"\"\",-5.10,7,50.4501,2025-03-04T10:00:00Z,2025-03-04,yes,\r\n", text);
    }

    [Fact]
    public async Task Writes_a_decimal_comma_that_survives_any_delimiter()
    {
        Assert.Equal("-5,5;1\r\n", await WriteAsync(new TableWriteOptions { Delimiter = ';', DecimalSign = DecimalSign.Comma }, Row));
        Assert.Equal("\"-5,5\",\"1\"\r\n", await WriteAsync(new TableWriteOptions { DecimalSign = DecimalSign.Comma }, Row));

        static void Row(TableWriter writer)
        {
            writer.Number(-5.5m);
            writer.Number(1);
        }
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+380", "'+380")]
    [InlineData("-5", "'-5")]
    [InlineData("@a", "'@a")]
    [InlineData("  =1", "\"'  =1\"")]
    [InlineData("\t1", "\"'\t1\"")]
    [InlineData("\r1", "\"'\r1\"")]
    [InlineData("＝1", "'＝1")]
    [InlineData("'=1", "''=1")]
    [InlineData("a=1", "a=1")]
    [InlineData("'tis", "'tis")]
    public async Task Guards_words_that_a_spreadsheet_would_run(string text, string written) =>
        Assert.Equal(written + "\r\n", await WriteAsync(null, writer => writer.Text(text)));

    [Fact]
    public async Task Begins_with_a_mark_for_Excel_when_asked()
    {
        var stream = new MemoryStream();
        await using var writer = new TableWriter(stream, new TableWriteOptions { WithByteOrderMark = true });
        writer.Text("Київ");
        await writer.EndRowAsync();
        await writer.CompleteAsync();
        Assert.Equal([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("Київ\r\n")], stream.ToArray());
    }

    [Fact]
    public async Task Sends_a_large_table_through_a_pipe_piece_by_piece()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024));
        var received = new MemoryStream();
        var reading = pipe.Reader.CopyToAsync(received);
        await using (var writer = new TableWriter(pipe.Writer))
        {
            for (var i = 0; i < 50_000; i++)
            {
                writer.Texts("serial", "note");
                writer.Number(i);
                await writer.EndRowAsync();
            }
            await writer.CompleteAsync();
        }
        await pipe.Writer.CompleteAsync();
        await reading;
        var lines = Encoding.UTF8.GetString(received.ToArray()).Split("\r\n");
        Assert.Equal((50_001, "serial,note,49999"), (lines.Length, lines[49_999]));
    }

    [Theory]
    [InlineData('"')]
    [InlineData('\n')]
    [InlineData('a')]
    [InlineData('ж')]
    public void Refuses_a_delimiter_that_cannot_work(char delimiter) =>
        Assert.Throws<ArgumentException>(() => new TableWriter(Stream.Null, new TableWriteOptions { Delimiter = delimiter }));

    private static async Task<string> WriteAsync(TableWriteOptions? options, Action<TableWriter> row)
    {
        var stream = new MemoryStream();
        await using var writer = new TableWriter(stream, options);
        row(writer);
        await writer.EndRowAsync();
        await writer.CompleteAsync();
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
