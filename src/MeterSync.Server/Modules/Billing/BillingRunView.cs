using MeterSync.Modules.Billing.Domain;

namespace MeterSync.Modules.Billing;

/// <summary>A frozen run as the API shows it.</summary>
/// <param name="PeriodFrom">Inclusive.</param>
/// <param name="PeriodTo">Exclusive.</param>
/// <param name="LocationId">Null for all locations.</param>
/// <param name="Totals">As frozen, by quantity, direction and unit.</param>
/// <param name="AdjustedTotals">With all adjustments.</param>
/// <param name="CreatedAt">Instant of the state of the readings it shows.</param>
internal sealed record BillingRunView(
    Guid Id,
    string Name,
    DateTimeOffset PeriodFrom,
    DateTimeOffset PeriodTo,
    string? LocationId,
    BillingCountsView Lines,
    IReadOnlyList<BillingTotal> Totals,
    IReadOnlyList<BillingTotal> AdjustedTotals,
    IReadOnlyList<BillingAdjustmentView> Adjustments,
    DateTimeOffset CreatedAt,
    string CreatedBy)
{
    public static BillingRunView Of(BillingRun run, IReadOnlyList<BillingAdjustment> adjustments)
    {
        var frozen = BillingTotals.Read(run.Totals);
        var adjusted = new BillingTotals();
        adjusted.Add(frozen);
        foreach (var adjustment in adjustments)
        {
            adjusted.Add(BillingTotals.Read(adjustment.Totals).Select(total => total with { Lines = 0 }));
        }

        return new BillingRunView(
            run.Id.Value,
            run.Name,
            run.PeriodFrom,
            run.PeriodTo,
            run.LocationId,
            new BillingCountsView(run.LineCount, run.BillableCount, run.HeldCount, run.MissingCount),
            frozen,
            adjusted.All,
            [.. adjustments.Select(BillingAdjustmentView.Of)],
            run.CreatedAt,
            run.CreatedByName);
    }
}

internal sealed record BillingCountsView(int Total, int Billable, int Held, int Missing);

/// <param name="Number">1 for the first.</param>
/// <param name="Totals">The differences, by quantity, direction and unit.</param>
internal sealed record BillingAdjustmentView(int Number, int Lines, IReadOnlyList<BillingTotal> Totals, DateTimeOffset CreatedAt, string CreatedBy)
{
    public static BillingAdjustmentView Of(BillingAdjustment adjustment) =>
        new(adjustment.Number, adjustment.LineCount, BillingTotals.Read(adjustment.Totals), adjustment.CreatedAt, adjustment.CreatedByName);
}
