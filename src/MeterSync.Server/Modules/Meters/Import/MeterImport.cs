using System.Security.Cryptography;
using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Meters.Store;
using MeterSync.Store;
using MeterSync.Store.Audit;
using MeterSync.Store.Bulk;
using MeterSync.Store.Imports;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.Import;

internal sealed class MeterImport(MeterSyncDb db, WriteTransactions transactions, BulkStore bulk, SqlitePositions positions, IEnumerable<IMeterFollower> followers, IdSource ids, TimeProvider clock, CallerAccessor callers, ILogger<MeterImport> log) : IMeterImport
{
    /// <summary>What import batches of meters are called.</summary>
    public const string Kind = "meters";

    private const int ChunkRows = 2000;

    public async Task<Outcome<MeterImportResult>> RunAsync(Stream table, string fileName, ImportSettings settings, JobId job, Action<double, string> report, CancellationToken cancellationToken)
    {
        if (!table.CanSeek)
        {
            throw new ArgumentException("The table is read more than once: give a stream that can seek.", nameof(table));
        }

        if (settings.DryRun)
        {
            return await ReadAsync(table, fileName, settings, job, report, write: false, cancellationToken);
        }

        MeterImportResult? refused = null;
        try
        {
            var outcome = await transactions.RunAsync<MeterImportResult>(
                async token =>
                {
                    if (await db.Set<ImportBatch>().AnyAsync(batch => batch.JobId == job, token))
                    {
                        return ResultOf(await db.Set<ImportBatch>().AsNoTracking().SingleAsync(batch => batch.JobId == job, token));
                    }

                    var result = await ReadAsync(table, fileName, settings, job, report, write: true, token);
                    if (!result.Applied)
                    {
                        refused = result;
                        return MeterProblems.ImportRefused.Because("Nothing was imported.");
                    }

                    return result;
                },
                cancellationToken);
            return refused ?? outcome;
        }
        catch (Exception exception) when (StoreFaults.IsConflict(exception))
        {
            log.LogInformation(exception, "Import {Job} collided with another change", job.Value);
            return KernelProblems.Conflict.Because("A meter of the file was made or changed by someone else meanwhile. Nothing was imported; import the file again.");
        }
    }

    private async Task<MeterImportResult> ReadAsync(Stream table, string fileName, ImportSettings settings, JobId job, Action<double, string> report, bool write, CancellationToken cancellationToken)
    {
        var options = settings.ToReadOptions();
        var columns = new MeterColumns([]);
        await using var source = await TableFile.OpenAsync(table, options, columns.Set.IsHeader, cancellationToken);
        await using var reader = await TableReader.OpenAsync(source, header => (columns = MeterColumns.OfHeader(header)).Set, options, cancellationToken);
        var batch = new ImportBatch { Id = ids.Next<ImportBatchId>(), Kind = Kind, JobId = job, FileName = fileName, CreatedBy = callers.Known?.UserId, CreatedByName = callers.Known?.Name ?? "system", CreatedAt = clock.GetUtcNow().ToStored() };
        if (write)
        {
            await bulk.InsertAsync([batch], cancellationToken);
        }

        var regions = await ImportRegions.LoadAsync(db, callers.Known, cancellationToken);
        var chunk = new MeterChunk(db, bulk, positions, ids, regions);
        var refused = 0;
        var lookUp = await db.Set<Meter>().AnyAsync(cancellationToken);
        var rowOf = new Dictionary<string, int>(StringComparer.Ordinal);
        MeterRow? held = null;
        var (rows, more) = await NextRowsAsync();
        while (rows.Count > 0 || more)
        {
            await chunk.SortAsync(rows, batch, lookUp, Refuse, cancellationToken);
            var writes = write && (settings.Partial || reader.Problems.Total == 0);
            report(table.Length == 0 ? 100 : 99.0 * table.Position / table.Length, $"{reader.RowsRead:N0} rows");

            // The next rows are read while these are written: half the work is the reader's, and the database has its own thread.
            var next = more ? Task.Run(NextRowsAsync, cancellationToken) : Task.FromResult<(List<MeterRow>, bool)>(([], false));
            try
            {
                if (writes)
                {
                    await chunk.WriteAsync(cancellationToken);
                }
            }
            finally
            {
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            (rows, more) = await next;
        }

        if (write)
        {
            await positions.FillAsync(cancellationToken);
        }

        var problems = reader.Problems.OrderBy(problem => problem.Row).ToList();
        var takes = !reader.Stopped && (settings.Partial || reader.Problems.Total == 0);
        var result = new MeterImportResult(
            takes && write,
            settings.DryRun,
            reader.RowsRead + reader.RowsUnreadable,
            takes ? chunk.Created : 0,
            takes ? chunk.Updated : 0,
            takes ? chunk.Unchanged : 0,
            refused + reader.RowsUnreadable,
            reader.Problems.Total,
            [.. problems.Take(ImportFindings.Listed)],
            reader.Findings.Ignored,
            [.. reader.Notes.Where(note => note.Code != ImportCodes.ColumnsIgnored)],
            takes && write ? batch.Id.Value : null)
        { Findings = ImportFindings.Of(reader, problems) };
        if (result.Applied)
        {
            foreach (var follower in followers)
            {
                await follower.ChangedAsync(chunk.ChangedMeters, cancellationToken);
            }

            table.Position = 0;
            batch.FileHash = await SHA256.HashDataAsync(table, cancellationToken);
            await CloseAsync(batch, result, cancellationToken);
        }

        return result;

        async Task<(List<MeterRow> Rows, bool More)> NextRowsAsync()
        {
            var read = new List<MeterRow>(ChunkRows);
            while (read.Count < ChunkRows)
            {
                if (!await reader.ReadAsync(cancellationToken))
                {
                    Pass(null);
                    return (read, false);
                }

                var row = MeterRow.Read(reader, columns, regions);
                if (row is null)
                {
                    refused++;
                }
                else if (held?.TryTake(row) is true)
                {
                    continue;
                }
                else if (!rowOf.TryAdd(row.SerialNumber, row.Row))
                {
                    reader.Refuse(columns.SerialNumber, MeterProblems.RowSerialTwice, $"The serial number {row.SerialNumber} is in row {rowOf[row.SerialNumber]} too; row {row.Row} was not taken.");
                    refused++;
                }
                else
                {
                    Pass(row);
                }
            }

            return (read, true);

            // A row is handed on once the next one is known to be about another meter.
            void Pass(MeterRow? next)
            {
                if (held is not null)
                {
                    read.Add(held);
                }

                held = next;
            }
        }

        void Refuse(MeterRow row, string code, string message)
        {
            refused++;
            var column = code switch
            {
                MeterProblems.RowTypeDiffers => columns.Type,
                MeterProblems.RowRegionMissing => columns.Region,
                _ => columns.SerialNumber,
            };
            reader.Problems.Add(new RowProblem(row.Row, column.Name, code, message));
        }
    }

    private async Task CloseAsync(ImportBatch batch, MeterImportResult result, CancellationToken cancellationToken)
    {
        (batch.CreatedCount, batch.UpdatedCount, batch.UnchangedCount, batch.RefusedCount) = (result.Created, result.Updated, result.Unchanged, result.Refused);
        await bulk.UpdateAsync([batch], cancellationToken);
        var told = new System.Text.Json.Nodes.JsonObject
        {
            ["file_name"] = batch.FileName,
            ["file_sha256"] = Convert.ToHexStringLower(batch.FileHash),
            ["created"] = batch.CreatedCount,
            ["updated"] = batch.UpdatedCount,
            ["unchanged"] = batch.UnchangedCount,
            ["refused"] = batch.RefusedCount,
        };
        await bulk.InsertAsync([await AuditTrail.ComposeAsync(db, "meters.imported", batch.AuditName, batch.AuditId, null, told.ToJsonString(), cancellationToken)], cancellationToken);
    }

    /// <summary>The job ran before and was taken up again: its problems were told to nobody, its counts are kept.</summary>
    private static MeterImportResult ResultOf(ImportBatch done) => new(
        true,
        false,
        done.CreatedCount + done.UpdatedCount + done.UnchangedCount + done.RefusedCount,
        done.CreatedCount,
        done.UpdatedCount,
        done.UnchangedCount,
        done.RefusedCount,
        0,
        [],
        [],
        [],
        done.Id.Value);
}
