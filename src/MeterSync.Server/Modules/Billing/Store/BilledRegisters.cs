using MeterSync.Kernel;
using MeterSync.Modules.Billing.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Billing.Store;

/// <inheritdoc/>
internal sealed class BilledRegisters(MeterSyncDb db) : IBilledRegisters
{
    public Task<string?> FindRunAsync(IReadOnlyCollection<RegisterId> registers, DateTimeOffset after, CancellationToken cancellationToken) =>
        db.Set<BillingRun>().AsNoTracking()
            .Where(run => run.PeriodTo > after && db.Set<BillingLine>().Any(line => line.RunId == run.Id && registers.Contains(line.RegisterId)))
            .OrderBy(run => run.CreatedAt).Select(run => (string?)run.Name).FirstOrDefaultAsync(cancellationToken);
}
