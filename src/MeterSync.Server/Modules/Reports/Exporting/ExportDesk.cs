using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Kernel.Reporting;
using MeterSync.Kernel.Tabular;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
using MeterSync.Modules.Audit.Public;
using MeterSync.Modules.Billing.Public;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Reports.Store;
using MeterSync.Modules.Settings.Public;

namespace MeterSync.Modules.Reports.Exporting;

/// <summary>Takes orders for files: who may have what, and what exactly is asked for.</summary>
internal sealed class ExportDesk(IJobQueue jobs, ReportDesk reports, IBillingBook bills, LocalDays days, IEnumerable<IReadingPictures> pictures, CallerAccessor callers)
{
    /// <param name="kind">Of the job, see <see cref="ExportKinds"/>; the audit log's is its own.</param>
    /// <param name="word">What to export.</param>
    /// <param name="filters">Which of it.</param>
    /// <param name="format">Text or workbook.</param>
    /// <param name="look">Of the file.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<Outcome<JobView>> TakeAsync(string kind, string? word, ExportFiltersRequest filters, TableFormat format, ExportLook look, CancellationToken cancellationToken)
    {
        if (!Terms<ExportType>.TryParse(word, out var type))
        {
            return KernelProblems.Invalid.For("type", $"Say what to export: {string.Join(", ", Terms<ExportType>.All)}.");
        }

        if (look.Photos && RefusePhotos(type) is { } without)
        {
            return without;
        }

        if (Refusal(type) is { } refusal)
        {
            return refusal;
        }

        if (filters.BillingRunId is not null && callers.Caller.RefuseNarrowView() is { } narrow)
        {
            return narrow;
        }

        var input = Read(type, filters, format, look);
        if (!input.Succeeded)
        {
            return input.Problem;
        }

        if (ReportDesk.Refuse(Terms<ExportType>.WordOf(type), FiltersOf(type), filters.CycleId, filters.AgentId) is { } unknown)
        {
            return unknown;
        }

        if (IsReport(type) && reports.Between(input.Value.From, input.Value.To, null, null) is var period && period.From >= period.To)
        {
            return KernelProblems.Invalid.For("from", "The period ends before it begins: without an end it ends now.");
        }

        if (type == ExportType.Missed && filters.CycleId is null)
        {
            return KernelProblems.Invalid.For("cycle_id", "Say which read cycle.");
        }

        if (type == ExportType.Billing && await CheckBillingAsync(input.Value, cancellationToken) is { } problem)
        {
            return problem;
        }

        return await jobs.EnqueueAsync(type == ExportType.Audit ? ExportJobs.AuditKind : kind, JsonSerializer.SerializeToElement(input.Value, ExportInputJson.Default.ExportInput), null, cancellationToken);
    }

    /// <summary>A file shows what its type's lists show, to those who may read these.</summary>
    private Problem? Refusal(ExportType type)
    {
        var needed = type switch
        {
            ExportType.Readings => "readings:read",
            ExportType.Billing => "billing:read",
            ExportType.Audit => AuditPermission.Read.Name,
            ExportType.Meters => "meters:read",
            _ => ReportPermissions.Read.Name,
        };
        var caller = callers.Caller;
        if (!caller.Permissions.Contains(needed))
        {
            return KernelProblems.Forbidden.Because($"The role {caller.Role} does not hold {needed}.");
        }

        return type is ExportType.Billing or ExportType.Meters && caller.OwnOnly is not null ? KernelProblems.Forbidden.Because($"The role {caller.Role} sees its own rows only; bills and meter lists show all.") : null;
    }

    private Problem? RefusePhotos(ExportType type) =>
        type != ExportType.Readings ? KernelProblems.Invalid.For("photos", "Only an export of readings shows photos.")
        : RefusePhotosOf(callers.Caller) is { } refusal ? refusal
        : !pictures.Any() ? KernelProblems.Invalid.For("photos", "This server keeps no photos.")
        : null;

    /// <summary>Null for somebody who may see photos where they are kept, too. The job asks once more: rights may have changed since.</summary>
    public static Problem? RefusePhotosOf(Caller caller) =>
        caller.Permissions.Contains("photos:read") ? null : KernelProblems.Forbidden.Because($"The role {caller.Role} does not hold photos:read: ask for the workbook without photos.");

    private static bool IsReport(ExportType type) => type is not (ExportType.Readings or ExportType.Billing or ExportType.Audit or ExportType.Meters);

    private ReportFilters FiltersOf(ExportType type) =>
        IsReport(type) ? reports.Find(Terms<ExportType>.WordOf(type)).Filters : type == ExportType.Readings ? ReportFilters.Agent : ReportFilters.None;

    private Outcome<ExportInput> Read(ExportType type, ExportFiltersRequest filters, TableFormat format, ExportLook look)
    {
        var from = Instant(filters.From, "from", filters.StartDate, "start_date", days.Start);
        var to = Instant(filters.To, "to", filters.EndDate, "end_date", days.EndOfDay);
        if (!from.Succeeded || !to.Succeeded)
        {
            return (from.Problem ?? to.Problem)!;
        }

        if (from.Value.At >= to.Value.At)
        {
            return KernelProblems.Invalid.For("to", "The period ends before it begins.");
        }

        ReadingState? readingState = null;
        BillingState? billingState = null;
        if (filters.State is { } word)
        {
            if (type == ExportType.Readings && Terms<ReadingState>.TryParse(word, out var reading))
            {
                readingState = reading;
            }
            else if (type == ExportType.Billing && Terms<BillingState>.TryParse(word, out var billing))
            {
                billingState = billing;
            }
            else
            {
                return KernelProblems.Invalid.For("state", type == ExportType.Meters ? "Meters are filtered by status." : type is not (ExportType.Readings or ExportType.Billing) ? $"The {Terms<ExportType>.WordOf(type)} is filtered by from and to." : $"'{word}' is not one of: {string.Join(", ", type == ExportType.Readings ? Terms<ReadingState>.All : Terms<BillingState>.All)}.");
            }
        }

        return new ExportInput(
            type,
            from.Value.At,
            to.Value.At,
            filters.MeterId,
            readingState,
            Terms<ReadingSource>.ParseOptional(filters.Source),
            Terms<MeterStatus>.ParseOptional(filters.Status),
            Terms<MeterType>.ParseOptional(filters.MeterType),
            string.IsNullOrWhiteSpace(filters.LocationId) ? null : filters.LocationId.Trim(),
            filters.BillingRunId,
            filters.Adjustment,
            billingState,
            look.Delimiter,
            look.DecimalComma,
            look.Bom,
            format,
            filters.CycleId,
            filters.AgentId,
            look.Photos);
    }

    private Outcome<(DateTimeOffset? At, bool Given)> Instant(string? text, string field, string? dayText, string dayField, Func<string, string, Outcome<DateTimeOffset>> ofDay)
    {
        if (string.IsNullOrWhiteSpace(text) && string.IsNullOrWhiteSpace(dayText))
        {
            return (null, false);
        }

        var parsed = !string.IsNullOrWhiteSpace(text) ? days.Start(field, text) : ofDay(dayField, dayText!);
        return parsed.Succeeded ? (parsed.Value, true) : parsed.Problem;
    }

    private async Task<Problem?> CheckBillingAsync(ExportInput input, CancellationToken cancellationToken)
    {
        if (input.BillingRunId is { } run)
        {
            return await bills.FindAsync(new BillingRunId(run), cancellationToken) is null ? KernelProblems.Invalid.For("billing_run_id", "There is no such billing run.") : null;
        }

        return input.From is null || input.To is null ? KernelProblems.Invalid.For(input.From is null ? "from" : "to", "A billing export needs billing_run_id, or from and to.") : null;
    }
}
