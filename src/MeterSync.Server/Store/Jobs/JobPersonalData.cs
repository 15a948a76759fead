using System.Text.Json;
using MeterSync.Kernel;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Store.Jobs;

/// <summary>Jobs a person started. They stay; the name goes.</summary>
internal sealed class JobPersonalData(MeterSyncDb db) : IPersonalData
{
    private const int BetweenFlushes = 500;

    public string Section => "jobs";

    public async Task WriteAsync(Utf8JsonWriter json, UserId person, CancellationToken cancellationToken)
    {
        json.WriteStartArray();
        var written = 0;
        await foreach (var job in db.Set<Job>().AsNoTracking().Where(job => job.CreatedBy == person).OrderBy(job => job.CreatedAt)
            .Select(job => new { job.Id, job.Kind, job.Status, job.CreatedAt, job.CreatedByName }).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            json.WriteStartObject();
            json.WriteString("id", job.Id.Value);
            json.WriteString("kind", job.Kind);
            json.WriteString("status", Terms<JobStatus>.WordOf(job.Status));
            json.WriteString("created_at", job.CreatedAt);
            json.WriteString("created_by", job.CreatedByName);
            json.WriteEndObject();
            if (++written % BetweenFlushes == 0)
            {
                await json.FlushAsync(cancellationToken);
            }
        }

        json.WriteEndArray();
    }

    public Task EraseAsync(UserId person, CancellationToken cancellationToken) =>
        db.Set<Job>().Where(job => job.CreatedBy == person).ExecuteUpdateAsync(set => set.SetProperty(job => job.CreatedByName, Forgotten.Text), cancellationToken);
}
