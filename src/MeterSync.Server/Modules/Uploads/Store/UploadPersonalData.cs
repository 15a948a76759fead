using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Uploads.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Uploads.Store;

/// <summary>Uploads a person began. They go; their bytes are cleared away within hours.</summary>
internal sealed class UploadPersonalData(MeterSyncDb db) : IPersonalData
{
    public string Section => "uploads";

    public async Task WriteAsync(Utf8JsonWriter json, UserId person, CancellationToken cancellationToken)
    {
        json.WriteStartArray();
        await foreach (var upload in db.Set<Upload>().AsNoTracking().Where(upload => upload.UserId == person).OrderBy(upload => upload.CreatedAt).ThenBy(upload => upload.Id).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            json.WriteStartObject();
            json.WriteString("id", upload.Id.Value);
            json.WriteString("purpose", upload.Purpose);
            json.WriteString("file_name", upload.FileName);
            json.WriteString("content_type", upload.ContentType);
            json.WriteNumber("length", upload.Length);
            json.WriteString("status", Terms<UploadStatus>.WordOf(upload.Status));
            json.WriteString("created_at", upload.CreatedAt);
            json.WriteEndObject();
            await json.FlushAsync(cancellationToken);
        }

        json.WriteEndArray();
    }

    public Task EraseAsync(UserId person, CancellationToken cancellationToken) =>
        db.Set<Upload>().Where(upload => upload.UserId == person).ExecuteDeleteAsync(cancellationToken);
}
