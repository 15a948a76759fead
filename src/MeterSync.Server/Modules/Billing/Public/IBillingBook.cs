using MeterSync.Kernel;

namespace MeterSync.Modules.Billing.Public;

/// <summary>What other modules may read of bills: the rows of a period as far as the caller sees the meters, and the lines of frozen runs, which are for callers who see all of them. Both walks hand out row by row with bounded memory.</summary>
internal interface IBillingBook
{
    /// <summary>The rows of a period as they would be frozen now, by serial number and register ordinal.</summary>
    /// <param name="from">Inclusive.</param>
    /// <param name="to">Exclusive.</param>
    /// <param name="locationId">Null for all.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    IAsyncEnumerable<BillingLineView> RowsAsync(DateTimeOffset from, DateTimeOffset to, string? locationId, CancellationToken cancellationToken);

    /// <summary>The lines of a frozen run: all of them, adjustments after the frozen ones, or one set alone.</summary>
    /// <param name="run">The run.</param>
    /// <param name="adjustment">0 for the frozen lines, a number for that adjustment, null for all.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    IAsyncEnumerable<BillingLineView> LinesAsync(BillingRunId run, int? adjustment, CancellationToken cancellationToken);

    /// <summary>Name and frozen lines of a run; null where there is none.</summary>
    Task<(string Name, int Lines)?> FindAsync(BillingRunId run, CancellationToken cancellationToken);
}
