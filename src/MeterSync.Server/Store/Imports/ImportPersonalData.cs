using System.Text.Json;
using MeterSync.Kernel;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Store.Imports;

/// <summary>Files a person brought in. The batches stay, since rows hang on them; the name goes.</summary>
internal sealed class ImportPersonalData(MeterSyncDb db) : IPersonalData
{
    public string Section => "imports";

    public async Task WriteAsync(Utf8JsonWriter json, UserId person, CancellationToken cancellationToken)
    {
        json.WriteStartArray();
        await foreach (var batch in db.Set<ImportBatch>().AsNoTracking().Where(batch => batch.CreatedBy == person).OrderBy(batch => batch.CreatedAt).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            json.WriteStartObject();
            json.WriteString("id", batch.Id.Value);
            json.WriteString("kind", batch.Kind);
            json.WriteString("file_name", batch.FileName);
            json.WriteString("created_at", batch.CreatedAt);
            json.WriteString("created_by", batch.CreatedByName);
            json.WriteEndObject();
            await json.FlushAsync(cancellationToken);
        }

        json.WriteEndArray();
    }

    public Task EraseAsync(UserId person, CancellationToken cancellationToken) =>
        db.Set<ImportBatch>().Where(batch => batch.CreatedBy == person).ExecuteUpdateAsync(set => set.SetProperty(batch => batch.CreatedByName, Forgotten.Text), cancellationToken);
}
