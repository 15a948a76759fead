using MeterSync.Kernel;
using MeterSync.Modules.Billing.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Billing.Store;

/// <inheritdoc/>
internal sealed class BilledRegisters(MeterSyncDb db) : IBilledRegisters
{
    public Task<string?> FindRunAsync(IReadOnlyCollection<RegisterId> registers, DateTimeOffset exchangedAt, DateTimeOffset recordedAt, CancellationToken cancellationToken) =>
        db.Set<BillingRun>().AsNoTracking()
            .Where(run => run.PeriodTo > exchangedAt && db.Set<BillingLine>().Any(line => line.RunId == run.Id && registers.Contains(line.RegisterId)
                && (run.CreatedAt >= recordedAt || line.InstalledAt == exchangedAt || line.RemovedAt == exchangedAt
                    || db.Set<BillingAdjustment>().Any(set => set.RunId == run.Id && set.Number == line.Adjustment && set.CreatedAt >= recordedAt))))
            .OrderBy(run => run.CreatedAt).Select(run => (string?)run.Name).FirstOrDefaultAsync(cancellationToken);
}
