using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Billing.Domain;
using MeterSync.Modules.Billing.Public;
using MeterSync.Modules.Billing.Store;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Settings.Public;
using MeterSync.Store;
using MeterSync.Store.Bulk;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Billing.FreezeBillingRun;

/// <summary>Writes the lines of a period and their run in one transaction.</summary>
internal sealed class FreezeBillingRunJob(MeterSyncDb db, WriteTransactions transactions, BulkStore bulk, BillingBook book, IReadingLedger ledger, LocalDays days, CallerAccessor callers, TimeProvider clock, IdSource ids) : IJobHandler
{
    private const int LinesAtOnce = 2_000;

    public string Kind => BillingRuns.FreezeJob;

    public async Task<Outcome<JobResult>> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var input = run.Input.Deserialize(FreezeJson.Default.FreezeInput)!;
        var done = await db.Set<BillingRun>().AsNoTracking().FirstOrDefaultAsync(known => known.JobId == run.Id, cancellationToken);
        if (done is not null)
        {
            return ResultOf(done);
        }

        if (callers.Caller.RefuseNarrowView() is { } narrow)
        {
            return narrow;
        }

        var filter = new PeriodFilter(null, input.From, input.To, input.LocationId);
        var expected = await ledger.CountPeriodsAsync(filter, cancellationToken);
        var frozen = await transactions.RunAsync(stop => FreezeAsync(run, input, filter, expected, stop), cancellationToken);
        return frozen.Succeeded ? ResultOf(frozen.Value) : frozen.Problem;
    }

    private async Task<Outcome<BillingRun>> FreezeAsync(JobRun job, FreezeInput input, PeriodFilter filter, long expected, CancellationToken cancellationToken)
    {
        if (!db.IsSqlite)
        {
            // Two freezes at once must see each other's lines; SQLite has one writer anyway.
            await db.Database.ExecuteSqlRawAsync("lock table billing_runs in share row exclusive mode", cancellationToken);
        }

        var run = new BillingRun
        {
            Id = ids.Next<BillingRunId>(),
            JobId = job.Id,
            Name = input.Name,
            PeriodFrom = input.From,
            PeriodTo = input.To,
            LocationId = input.LocationId,
            CreatedBy = callers.Caller.UserId,
            CreatedByName = callers.Caller.Name,
            CreatedAt = clock.GetUtcNow().ToStored(),
        };
        await WriteLinesAsync(run, filter, line => job.Report(expected == 0 ? 0 : 95.0 * line / expected, $"Freezing register {line} of {expected}"), cancellationToken);
        if (run.LineCount == 0)
        {
            return BillingProblems.NoRegisters.Because(input.LocationId is { } place ? $"There is no register to bill at location {place}." : "There is no register to bill.");
        }

        if (!input.AllowOverlap && await FindOverlapAsync(run, cancellationToken) is { } other)
        {
            return FreezeBillingRunHandler.Overlap(other, days);
        }

        db.Set<BillingRun>().Add(run);
        await db.SaveChangesAsync(cancellationToken);
        return run;
    }

    private async Task WriteLinesAsync(BillingRun run, PeriodFilter filter, Action<int> report, CancellationToken cancellationToken)
    {
        var totals = new BillingTotals();
        var batch = new List<BillingLine>(LinesAtOnce);
        await foreach (var line in book.LinesOfAsync(filter, cancellationToken))
        {
            line.RunId = run.Id;
            run.LineCount++;
            run.BillableCount += line.State == BillingState.Billable ? 1 : 0;
            run.HeldCount += line.State == BillingState.Held ? 1 : 0;
            run.MissingCount += line.State == BillingState.Missing ? 1 : 0;
            totals.Add(line);
            batch.Add(line);
            if (batch.Count == LinesAtOnce)
            {
                await bulk.InsertAsync(batch, cancellationToken);
                batch.Clear();
                report(run.LineCount);
            }
        }

        await bulk.InsertAsync(batch, cancellationToken);
        run.Totals = totals.ToJson();
    }

    private Task<BillingRun?> FindOverlapAsync(BillingRun run, CancellationToken cancellationToken) => (
        from other in db.Set<BillingRun>().AsNoTracking()
        where other.PeriodFrom < run.PeriodTo && other.PeriodTo > run.PeriodFrom
        where db.Set<BillingLine>().Any(line => line.RunId == run.Id && db.Set<BillingLine>().Any(theirs => theirs.RunId == other.Id && theirs.RegisterId == line.RegisterId))
        orderby other.CreatedAt descending
        select other).FirstOrDefaultAsync(cancellationToken);

    private static JobResult ResultOf(BillingRun run)
    {
        var result = new FreezeResult(run.Id.Value, run.LineCount, run.BillableCount, run.HeldCount, run.MissingCount);
        return new JobResult($"Frozen: {run.BillableCount} billable, {run.HeldCount} held, {run.MissingCount} missing.", JsonSerializer.SerializeToElement(result, FreezeJson.Default.FreezeResult));
    }
}
