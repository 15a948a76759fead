using MeterSync.Kernel;
using MeterSync.Modules.Billing.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Billing.Store;

/// <summary>Finds a run with its adjustments.</summary>
internal sealed class BillingRuns(MeterSyncDb db)
{
    /// <summary>Kind of the jobs that freeze runs.</summary>
    public const string FreezeJob = "billing.freeze";

    public async Task<Outcome<(BillingRun Run, IReadOnlyList<BillingAdjustment> Adjustments)>> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var runId = new BillingRunId(id);
        var run = await db.Set<BillingRun>().AsNoTracking().FirstOrDefaultAsync(candidate => candidate.Id == runId, cancellationToken);
        if (run is null)
        {
            return BillingProblems.RunNotFound.Because("There is no such billing run.");
        }

        var adjustments = await db.Set<BillingAdjustment>().AsNoTracking().Where(adjustment => adjustment.RunId == runId).OrderBy(adjustment => adjustment.Number).ToListAsync(cancellationToken);
        return (run, adjustments);
    }
}
