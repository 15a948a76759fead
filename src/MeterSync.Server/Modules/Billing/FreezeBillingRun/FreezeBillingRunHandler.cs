using System.Text.Json;
using System.Text.Json.Serialization;
using MeterSync.Kernel;
using MeterSync.Modules.Billing.Domain;
using MeterSync.Modules.Billing.Public;
using MeterSync.Modules.Billing.Store;
using MeterSync.Modules.Settings.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Billing.FreezeBillingRun;

internal sealed class FreezeBillingRunHandler(MeterSyncDb db, IJobQueue jobs, LocalDays days)
{
    public async Task<Outcome<JobView>> HandleAsync(FreezeBillingRunRequest request, CancellationToken cancellationToken)
    {
        var period = days.Period("period_from", request.PeriodFrom!, "period_to", request.PeriodTo!);
        if (!period.Succeeded)
        {
            return period.Problem;
        }

        var (from, to) = period.Value;
        var location = string.IsNullOrWhiteSpace(request.LocationId) ? null : request.LocationId.Trim();
        if (!request.AllowOverlap)
        {
            // What can be told without the registers is told at once; the job looks at the registers themselves.
            var other = await db.Set<BillingRun>().AsNoTracking()
                .Where(run => run.PeriodFrom < to && run.PeriodTo > from && (location == null || run.LocationId == null || run.LocationId == location))
                .OrderByDescending(run => run.CreatedAt).FirstOrDefaultAsync(cancellationToken);
            if (other is not null)
            {
                return Overlap(other, days);
            }
        }

        var name = string.IsNullOrWhiteSpace(request.Name) ? $"{days.Say(from)} to {days.Say(to)}{(location is null ? "" : ", " + location)}" : request.Name.Trim();
        var input = new FreezeInput(name, from, to, location, request.AllowOverlap);
        return await jobs.EnqueueAsync(BillingRuns.FreezeJob, JsonSerializer.SerializeToElement(input, FreezeJson.Default.FreezeInput), null, cancellationToken);
    }

    public static Problem Overlap(BillingRun other, LocalDays days) => BillingProblems.PeriodOverlaps.Because(
        $"The billing run '{other.Name}' ({other.Id.Value}) covers {days.Say(other.PeriodFrom)} to {days.Say(other.PeriodTo)} for the same registers already. Later changes belong into its adjustments; to bill twice on purpose set allow_overlap.");
}

/// <summary>What the job is asked for.</summary>
internal sealed record FreezeInput(string Name, DateTimeOffset From, DateTimeOffset To, string? LocationId, bool AllowOverlap);

/// <summary>What the job answers.</summary>
internal sealed record FreezeResult(Guid BillingRunId, int Lines, int Billable, int Held, int Missing);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FreezeInput))]
[JsonSerializable(typeof(FreezeResult))]
internal sealed partial class FreezeJson : JsonSerializerContext;
