using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
using MeterSync.Modules.Billing.Public;

namespace MeterSync.Modules.Reports.Exporting;

/// <summary>What an export can hold.</summary>
internal enum ExportType
{
    Readings,
    Billing,
    Meters,
    Audit,
    AgentPerformance,
    CycleProgress,
    Dashboard,
    HighLow,
    MeterStatus,
    Missed,
    OutOfRoute,
    ReadingsSummary,
    Skips,
    TimePerReading,
}

/// <summary>The filters of an export.</summary>
internal sealed record ExportFiltersRequest(
    [property: StringLength(40)] string? From,
    [property: StringLength(40)] string? To,
    [property: StringLength(40)] string? StartDate,
    [property: StringLength(40)] string? EndDate,
    Guid? MeterId,
    [property: StringLength(20)] string? State,
    [property: TermOf(typeof(ReadingSource))] string? Source,
    [property: TermOf(typeof(MeterStatus))] string? Status,
    [property: TermOf(typeof(MeterType))] string? MeterType,
    [property: StringLength(100), PlainWords] string? LocationId,
    Guid? BillingRunId,
    [property: Range(0, int.MaxValue)] int? Adjustment,
    Guid? CycleId = null,
    Guid? AgentId = null)
{
    /// <summary>These, and where one is left out, the other's.</summary>
    public ExportFiltersRequest Over(ExportFiltersRequest other) => new(
        From ?? other.From,
        To ?? other.To,
        StartDate ?? other.StartDate,
        EndDate ?? other.EndDate,
        MeterId ?? other.MeterId,
        State ?? other.State,
        Source ?? other.Source,
        Status ?? other.Status,
        MeterType ?? other.MeterType,
        LocationId ?? other.LocationId,
        BillingRunId ?? other.BillingRunId,
        Adjustment ?? other.Adjustment,
        CycleId ?? other.CycleId,
        AgentId ?? other.AgentId);
}
