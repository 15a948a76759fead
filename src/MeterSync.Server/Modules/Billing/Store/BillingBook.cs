using System.Runtime.CompilerServices;
using MeterSync.Kernel;
using MeterSync.Modules.Billing.Domain;
using MeterSync.Modules.Billing.Public;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Billing.Store;

/// <inheritdoc/>
internal sealed class BillingBook(IReadingLedger ledger, MeterSyncDb db, CallerAccessor callers) : IBillingBook
{
    public async IAsyncEnumerable<BillingLineView> RowsAsync(DateTimeOffset from, DateTimeOffset to, string? locationId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in LinesOfAsync(new PeriodFilter(callers.Caller.RegionsOnly, from, to, locationId), cancellationToken))
        {
            yield return line.ToView();
        }
    }

    public async IAsyncEnumerable<BillingLineView> LinesAsync(BillingRunId run, int? adjustment, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lines = db.Set<BillingLine>().AsNoTracking().Where(line => line.RunId == run);
        if (adjustment is { } number)
        {
            lines = lines.Where(line => line.Adjustment == number);
        }

        await foreach (var line in lines.OrderBy(line => line.Adjustment).ThenBy(line => line.LineNumber).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            yield return line.ToView();
        }
    }

    public async Task<(string Name, int Lines)?> FindAsync(BillingRunId run, CancellationToken cancellationToken) =>
        await db.Set<BillingRun>().AsNoTracking().FirstOrDefaultAsync(candidate => candidate.Id == run, cancellationToken) is { } found ? (found.Name, found.LineCount) : null;

    /// <summary>The lines as they would be frozen now, numbered from the first the filter passes over nothing for.</summary>
    public async IAsyncEnumerable<BillingLine> LinesOfAsync(PeriodFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var number = filter.Skip;
        await foreach (var period in ledger.PeriodsAsync(filter, cancellationToken))
        {
            yield return BillingLine.Of(BillingRow.Of(period, filter.From, filter.To), ++number);
        }
    }
}
