using MeterSync.Kernel;
using MeterSync.Kernel.Reporting;
using MeterSync.Kernel.Tabular;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Reports;

/// <summary>Meters by type and status, and how many of them somebody has to read.</summary>
internal sealed class MeterStatusReport(MeterSyncDb db, CallerAccessor callers) : IReportSource
{
    private static readonly SinkColumn[] Columns = [new("meter_type"), new("status"), new("meters", SinkColumnKind.Number), new("assigned", SinkColumnKind.Number), new("unassigned", SinkColumnKind.Number)];
    private static readonly string[] Linked = ["meters", "assigned", "unassigned"];

    public string Name => "meter_status";

    public string Meaning => "Meters by type and status, assigned and not.";

    public ReportFilters Filters => ReportFilters.None;

    public async Task<Outcome<Report>> MakeAsync(ReportAsk ask, CancellationToken cancellationToken)
    {
        var open = db.Set<Assignment>().Where(work => work.Status == AssignmentStatus.Pending || work.Status == AssignmentStatus.InProgress || work.Status == AssignmentStatus.Overdue);
        var all = await db.OfMeters(callers.Caller).GroupBy(meter => new { meter.Type, meter.Status }).Select(group => new { group.Key.Type, group.Key.Status, Count = group.Count() }).ToListAsync(cancellationToken);
        var assigned = await (
            from work in open
            join meter in db.OfMeters(callers.Caller) on work.MeterId equals meter.Id
            group meter by new { meter.Type, meter.Status } into grouped
            select new { grouped.Key.Type, grouped.Key.Status, Count = grouped.Count() }).ToDictionaryAsync(row => (row.Type, row.Status), row => row.Count, cancellationToken);
        return new Report(Columns, Linked, [.. all.OrderBy(row => row.Type).ThenBy(row => row.Status).Select(row =>
        {
            var (type, status, given) = (Terms<MeterType>.WordOf(row.Type), Terms<MeterStatus>.WordOf(row.Status), assigned.GetValueOrDefault((row.Type, row.Status)));
            var path = $"/api/v1/meters?meter_type={type}&status={status}";
            return new ReportRow(type, status, row.Count, given, row.Count - given).At(("meters", path), ("assigned", path + "&assigned=true"), ("unassigned", path + "&assigned=false"));
        })]);
    }
}
