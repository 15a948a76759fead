using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Billing.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Billing.Store;

/// <summary>Runs and adjustments a person made. They stay; the name goes.</summary>
internal sealed class BillingPersonalData(MeterSyncDb db) : IPersonalData
{
    public string Section => "billing";

    public async Task WriteAsync(Utf8JsonWriter json, UserId person, CancellationToken cancellationToken)
    {
        json.WriteStartArray();
        await foreach (var run in db.Set<BillingRun>().AsNoTracking().Where(run => run.CreatedBy == person).OrderBy(run => run.CreatedAt).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            Write(json, run.Id, null, run.CreatedAt, run.CreatedByName);
        }

        await foreach (var set in db.Set<BillingAdjustment>().AsNoTracking().Where(set => set.CreatedBy == person).OrderBy(set => set.CreatedAt).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            Write(json, set.RunId, set.Number, set.CreatedAt, set.CreatedByName);
        }

        json.WriteEndArray();
        await json.FlushAsync(cancellationToken);
    }

    public async Task EraseAsync(UserId person, CancellationToken cancellationToken)
    {
        await db.Set<BillingRun>().Where(run => run.CreatedBy == person).ExecuteUpdateAsync(set => set.SetProperty(run => run.CreatedByName, Forgotten.Text), cancellationToken);
        await db.Set<BillingAdjustment>().Where(made => made.CreatedBy == person).ExecuteUpdateAsync(set => set.SetProperty(made => made.CreatedByName, Forgotten.Text), cancellationToken);
    }

    private static void Write(Utf8JsonWriter json, BillingRunId run, int? adjustment, DateTimeOffset at, string name)
    {
        json.WriteStartObject();
        json.WriteString("run_id", run.Value);
        if (adjustment is { } number)
        {
            json.WriteNumber("adjustment", number);
        }

        json.WriteString("created_at", at);
        json.WriteString("created_by", name);
        json.WriteEndObject();
    }
}
