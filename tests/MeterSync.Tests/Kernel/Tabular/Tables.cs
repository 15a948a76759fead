using System.Text;
using MeterSync.Kernel.Tabular;
using Xunit;

namespace MeterSync.Tests.Kernel.Tabular;

/// <summary>Columns and shortcuts that the tests of tables share.</summary>
internal static class Tables
{
    public static readonly ColumnSet Columns = new();
    public static readonly TableColumn Serial = Columns.Required("serial_number", ColumnKind.Text, "meter_number", "meter_id_code", "meter no");
    public static readonly TableColumn Value = Columns.Required("value", ColumnKind.Number, "reading", "показник");
    public static readonly TableColumn When = Columns.Optional("read_at", ColumnKind.Date, "date");
    public static readonly TableColumn Latitude = Columns.Optional("latitude", ColumnKind.Coordinate, "lat");
    public static readonly TableColumn Note = Columns.Optional("note", ColumnKind.Text);

    public static ValueTask<TableReader> OpenAsync(string text, TableReadOptions? options = null) =>
        OpenAsync(Encoding.UTF8.GetBytes(text), options);

    public static ValueTask<TableReader> OpenAsync(byte[] bytes, TableReadOptions? options = null) =>
        TableReader.OpenCsvAsync(new DripStream(bytes), Columns, options);

    /// <summary>All rows as the file has them, faults as "!code".</summary>
    public static async Task<List<string[]>> RowsAsync(byte[] bytes, TableReadOptions? options = null, int drip = 7)
    {
        await using var rows = await CsvRows.OpenAsync(new DripStream(bytes, drip), options ?? new TableReadOptions());
        var all = new List<string[]>();
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
        {
            all.Add(rows.Fault is { } fault ? ["!" + fault.Code] : [.. Enumerable.Range(0, rows.CellCount).Select(i => rows.Cell(i).ToString())]);
        }
        if (rows.Fault is { Stops: true } stop)
        {
            all.Add(["!" + stop.Code]);
        }
        return all;
    }

    public static async Task<string[]> CellsAsync(string text, TableColumn column, TableReadOptions? options = null)
    {
        await using var reader = await OpenAsync(text, options);
        var cells = new List<string>();
        while (await reader.ReadAsync())
        {
            cells.Add(reader.Cell(column).ToString());
        }
        return [.. cells];
    }

    /// <summary>Reads all rows with every getter, as an import would.</summary>
    public static async Task<TableReader> ReadAllAsync(string text, TableReadOptions? options = null) => await DrainAsync(await OpenAsync(text, options));

    public static async Task<TableReader> DrainAsync(TableReader reader)
    {
        while (await reader.ReadAsync())
        {
            _ = reader.Identifier(Serial, 40);
            _ = reader.Decimal(Value);
            _ = reader.Instant(When);
            _ = reader.Latitude(Latitude);
            _ = reader.Text(Note, 200, allowLines: true);
        }
        return reader;
    }
}

/// <summary>Bytes that come a few at a time, cannot be sought and count how many were asked for.</summary>
internal sealed class DripStream(byte[] bytes, int atMost = 8_191) : Stream
{
    private int _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var length = Math.Min(Math.Min(count, atMost), bytes.Length - _at);
        bytes.AsSpan(_at, length).CopyTo(buffer.AsSpan(offset));
        _at += length;
        return length;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
