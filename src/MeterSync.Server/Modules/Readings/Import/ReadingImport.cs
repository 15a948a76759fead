using System.Security.Cryptography;
using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Readings.Store;
using MeterSync.Store;
using MeterSync.Store.Audit;
using MeterSync.Store.Bulk;
using MeterSync.Store.Imports;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Readings.Import;

internal sealed class ReadingImport(
    MeterSyncDb db, WriteTransactions transactions, BulkStore bulk, IMeterRegistry meters, JudgeReadings judging, IdSource ids, TimeProvider clock, CallerAccessor callers) : IReadingImport
{
    /// <summary>What import batches of readings are called.</summary>
    public const string Kind = "readings";

    private const int MetersAtATime = 1_000;
    private const int RowsAtATime = 40_000;

    public async Task<Outcome<ReadingImportResult>> RunAsync(Stream table, string fileName, ImportSettings settings, JobId job, Action<double, string> report, CancellationToken cancellationToken)
    {
        var before = await db.Set<ImportBatch>().AsNoTracking().FirstOrDefaultAsync(batch => batch.JobId == job, cancellationToken);
        if (before is { FileHash.Length: > 0 })
        {
            return ResultOf(before);
        }

        var options = settings.ToReadOptions();
        await using var source = await TableFile.OpenAsync(table, options, ReadingColumns.Set.IsHeader, cancellationToken);
        await using var reader = await TableReader.OpenAsync(source, ReadingColumns.Set, options, cancellationToken);
        var rows = new ReadingRows();
        await rows.ReadAsync(reader, count => report(0, $"{count:N0} rows read"), cancellationToken);
        var lookUp = await db.Set<ReadingValue>().AnyAsync(cancellationToken);
        var isGood = !reader.Stopped && (settings.Partial || reader.Problems.Total == 0);
        if (!settings.DryRun && !settings.Partial && isGood)
        {
            await ThroughAsync(rows, ChunkDepth.Check, null, lookUp, new ImportTally(), reader.Problems, 10, 30, report, cancellationToken);
            isGood = reader.Problems.Total == 0;
        }

        if (settings.DryRun || !isGood)
        {
            var tally = new ImportTally { Unchanged = rows.LeftOut };
            if (isGood)
            {
                await ThroughAsync(rows, ChunkDepth.Judge, null, lookUp, tally, reader.Problems, 10, 99, report, cancellationToken);
                isGood = settings.Partial || reader.Problems.Total == 0;
            }

            return ResultOf(rows, reader, isGood ? tally : new ImportTally(), settings.DryRun, null);
        }

        table.Position = 0;
        var hash = await SHA256.HashDataAsync(table, cancellationToken);
        var batch = before ?? await BeginAsync(fileName, job, cancellationToken);
        var written = new ImportTally { Unchanged = rows.LeftOut };
        await ThroughAsync(rows, ChunkDepth.Write, batch, lookUp || before is not null, written, reader.Problems, 30, 99, report, cancellationToken);
        var result = ResultOf(rows, reader, written, dryRun: false, batch.Id);
        await EndAsync(batch, hash, result, cancellationToken);
        ReadingMetrics.Imported(written);
        return result;
    }

    private async Task ThroughAsync(
        ReadingRows rows, ChunkDepth depth, ImportBatch? batch, bool lookUp, ImportTally tally, ProblemList problems, double startPercent, double endPercent, Action<double, string> report, CancellationToken cancellationToken)
    {
        var chunk = new ReadingChunk(db, bulk, meters, judging, ids, clock);
        for (var from = 0; from < rows.Count;)
        {
            var to = ReadingChunk.EndOfMeter(rows, from, rows.Count);
            for (var count = 1; to < rows.Count && count < MetersAtATime && to - from < RowsAtATime; count++)
            {
                to = ReadingChunk.EndOfMeter(rows, to, rows.Count);
            }

            var (first, last) = (from, to);
            if (depth is ChunkDepth.Write)
            {
                await transactions.RunAsync<Done>(
                    async token =>
                    {
                        await chunk.RunAsync(rows, first, last, depth, batch!.Id, lookUp, tally, problems, token);
                        return Done.It;
                    },
                    cancellationToken);
            }
            else
            {
                await chunk.RunAsync(rows, first, last, depth, null, lookUp, tally, problems, cancellationToken);
            }

            from = to;
            report(startPercent + ((endPercent - startPercent) * from / rows.Count), depth is ChunkDepth.Check ? $"{from:N0} rows checked" : $"{from:N0} of {rows.Count:N0} readings");
        }
    }

    /// <summary>The batch is there before its first reading. Until the file's hash is set, it is not finished.</summary>
    private async Task<ImportBatch> BeginAsync(string fileName, JobId job, CancellationToken cancellationToken)
    {
        var batch = new ImportBatch { Id = ids.Next<ImportBatchId>(), Kind = Kind, JobId = job, FileName = fileName, CreatedBy = callers.Known?.UserId, CreatedByName = callers.Known?.Name ?? "system", CreatedAt = clock.GetUtcNow().ToStored() };
        await transactions.RunAsync<Done>(
            async token =>
            {
                await bulk.InsertAsync([batch], token);
                return Done.It;
            },
            cancellationToken);
        return batch;
    }

    private async Task EndAsync(ImportBatch batch, byte[] hash, ReadingImportResult result, CancellationToken cancellationToken)
    {
        // What an attempt that was cut off had written counts as made by this import, not as found.
        var made = await db.Set<ReadingValue>().CountAsync(value => db.Set<Reading>().Any(reading => reading.Id == value.ReadingId && reading.ImportBatchId == batch.Id), cancellationToken);
        (batch.FileHash, batch.CreatedCount, batch.RefusedCount) = (hash, made, result.Refused);
        batch.UnchangedCount = result.Unchanged - (made - result.Created);
        var told = new System.Text.Json.Nodes.JsonObject
        {
            ["file_name"] = batch.FileName,
            ["file_sha256"] = Convert.ToHexStringLower(hash),
            ["created"] = made,
            ["held"] = result.Held,
            ["unchanged"] = batch.UnchangedCount,
            ["refused"] = result.Refused,
        };
        await transactions.RunAsync<Done>(
            async token =>
            {
                await bulk.UpdateAsync([batch], token);
                db.Add(await AuditTrail.ComposeAsync(db, "readings.imported", batch.AuditName, batch.AuditId, null, told.ToJsonString(), token));
                await db.SaveChangesAsync(token);
                return Done.It;
            },
            cancellationToken);
    }

    private static ReadingImportResult ResultOf(ReadingRows rows, TableReader reader, ImportTally tally, bool dryRun, ImportBatchId? batch)
    {
        var problems = reader.Problems.OrderBy(problem => problem.Row).ToList();
        return ResultOf(rows, reader, tally, dryRun, batch, problems) with { Findings = ImportFindings.Of(reader, problems) };
    }

    private static ReadingImportResult ResultOf(ReadingRows rows, TableReader reader, ImportTally tally, bool dryRun, ImportBatchId? batch, List<RowProblem> problems) => new(
        batch is not null,
        dryRun,
        reader.RowsRead + reader.RowsUnreadable,
        tally.Created,
        tally.Readings,
        tally.Accepted,
        tally.Held,
        tally.Unchanged,
        batch is null ? reader.Problems.RowsWithProblems : tally.Refused + rows.Refused + reader.RowsUnreadable,
        tally.Remeasured,
        tally.Voided,
        tally.HeldByRule,
        tally.FlaggedByRule,
        reader.Problems.Total,
        [.. problems.Take(ImportFindings.Listed)],
        reader.Findings.Ignored,
        [.. reader.Notes.Where(note => note.Code != ImportCodes.ColumnsIgnored)],
        batch?.Value);

    /// <summary>The job ran to its end before and was taken up again: its problems were told to nobody, its counts are kept.</summary>
    private static ReadingImportResult ResultOf(ImportBatch done) => new(
        true,
        false,
        done.CreatedCount + done.UnchangedCount + done.RefusedCount,
        done.CreatedCount,
        0,
        0,
        0,
        done.UnchangedCount,
        done.RefusedCount,
        0,
        0,
        new Dictionary<string, int>(),
        new Dictionary<string, int>(),
        0,
        [],
        [],
        [],
        done.Id.Value);
}
