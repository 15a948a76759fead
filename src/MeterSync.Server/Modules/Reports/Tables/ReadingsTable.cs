using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Reports.Exporting;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Reports.Tables;

/// <summary>One row a register value, oldest first.</summary>
internal sealed class ReadingsTable(IReadingLedger ledger, IEnumerable<IReadingPictures> pictures, IOptions<ExportOptions> options, CallerAccessor callers)
{
    private const int RowsBetweenReports = 4_096;
    private const string Title = "readings";

    private static readonly SinkColumn[] Columns =
    [
        new("reading_id", SinkColumnKind.Id), new("serial_number"), new("register"), new("reading_timestamp", SinkColumnKind.Instant), new("value", SinkColumnKind.Number), new("unit"),
        new("consumption", SinkColumnKind.Number), new("days", SinkColumnKind.Number), new("quality"), new("state"), new("flags", SinkColumnKind.Words), new("source"),
        new("verified", SinkColumnKind.YesNo), new("agent_id", SinkColumnKind.Id), new("received_at", SinkColumnKind.Instant), new("notes", SinkColumnKind.Words),
    ];

    /// <summary>Who sees the own only gets nothing of somebody else.</summary>
    private UserId? AgentOf(ExportInput input) =>
        callers.Caller.OwnOnly is { } own ? input.AgentId is { } asked && asked != own.Value ? new UserId(Guid.Empty) : own
        : input.AgentId is { } agent ? new UserId(agent)
        : null;

    /// <returns>What became of the photos; null where none were asked for.</returns>
    public async Task<PhotoTally?> WriteAsync(ITableSink table, ExportInput input, Action<double, string> report, CancellationToken cancellationToken)
    {
        var filter = new LedgerFilter(
            callers.Caller.RegionsOnly,
            input.From,
            input.To,
            input.MeterId is { } meter ? new MeterId(meter) : null,
            input.State,
            input.Source,
            AgentOf(input),
            input.LocationId);
        var progress = new Progress(table, Math.Max(1, await ledger.CountAsync(filter, cancellationToken)), report);
        if (input.Photos && table is IPictureSink sink && pictures.FirstOrDefault() is { } kept)
        {
            return await WriteWithPhotosAsync(sink, new ReadingPhotos(kept, sink, Columns.Length, options.Value.PhotosPerFile), ledger.ValuesAsync(filter, cancellationToken), progress, cancellationToken);
        }

        await table.BeginAsync(Title, Columns, cancellationToken);
        await foreach (var value in ledger.ValuesAsync(filter, cancellationToken))
        {
            Write(table, value);
            await table.EndRowAsync(cancellationToken);
            progress.Tell();
        }

        return null;
    }

    private static async Task<PhotoTally> WriteWithPhotosAsync(IPictureSink table, ReadingPhotos photos, IAsyncEnumerable<LedgerValue> values, Progress progress, CancellationToken cancellationToken)
    {
        await table.BeginAsync(Title, [.. Columns, new SinkColumn("photo", SinkColumnKind.Picture), new SinkColumn("photos", SinkColumnKind.Number)], cancellationToken);
        await foreach (var some in values.Chunk(ReadingPhotos.ReadingsAtOnce).WithCancellation(cancellationToken))
        {
            await photos.LookUpAsync(some, cancellationToken);
            foreach (var value in some)
            {
                var count = photos.Show(value);
                Write(table, value);
                table.Text(null);
                table.Number((long?)count);
                await table.EndRowAsync(cancellationToken);
                progress.Tell();
            }
        }

        return new PhotoTally(photos.Shown, photos.LeftOut);
    }

    private static void Write(ITableSink table, LedgerValue value)
    {
        table.Id(value.ReadingId);
        table.Text(value.SerialNumber);
        table.Text(value.Register);
        table.Instant(value.At);
        table.Number(value.Value);
        table.Text(value.Unit);
        table.Number(value.Consumption);
        table.Number(value.Days);
        table.Text(value.Quality);
        table.Text(value.State);
        table.Text(value.Flags);
        table.Text(value.Source);
        table.YesNo(value.Verified);
        table.Id(value.AgentId);
        table.Instant(value.ReceivedAt);
        table.Text(value.Notes);
    }

    /// <param name="expected">Readings: each may have several values, and a state filter may leave some out, so the share is an estimate.</param>
    private readonly struct Progress(ITableSink table, long expected, Action<double, string> report)
    {
        public void Tell()
        {
            if (table.RowsWritten % RowsBetweenReports == 0)
            {
                report(Math.Min(99, 100.0 * table.RowsWritten / expected), $"{table.RowsWritten} rows");
            }
        }
    }
}
