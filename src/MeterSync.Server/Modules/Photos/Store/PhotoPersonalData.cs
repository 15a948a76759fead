using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Photos.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Photos.Store;

/// <summary>Photos and files a person sent. They stay as evidence of what a meter showed; where and when the camera was, and what the person called them, goes.</summary>
internal sealed class PhotoPersonalData(MeterSyncDb db) : IPersonalData
{
    private const int BetweenFlushes = 500;

    public string Section => "photos";

    public async Task WriteAsync(Utf8JsonWriter json, UserId person, CancellationToken cancellationToken)
    {
        json.WriteStartObject();
        json.WriteStartArray("photos");
        var written = 0;
        await foreach (var photo in db.Set<Photo>().AsNoTracking().Where(photo => photo.UserId == person).OrderBy(photo => photo.CreatedAt).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            json.WriteStartObject();
            json.WriteString("id", photo.Id.Value);
            json.WriteString("file_name", photo.FileName);
            json.WriteString("created_at", photo.CreatedAt);
            if (photo.TakenAt is { } takenAt)
            {
                json.WriteString("taken_at", takenAt);
            }

            if (photo is { Latitude: { } latitude, Longitude: { } longitude })
            {
                json.WriteNumber("latitude", latitude);
                json.WriteNumber("longitude", longitude);
            }

            json.WriteEndObject();
            if (++written % BetweenFlushes == 0)
            {
                await json.FlushAsync(cancellationToken);
            }
        }

        json.WriteEndArray();
        json.WriteStartArray("files");
        await foreach (var file in db.Set<StoredFile>().AsNoTracking().Where(file => file.UserId == person).OrderBy(file => file.CreatedAt).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            json.WriteStartObject();
            json.WriteString("name", file.Name);
            json.WriteString("file_name", file.FileName);
            json.WriteString("created_at", file.CreatedAt);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public async Task EraseAsync(UserId person, CancellationToken cancellationToken)
    {
        await db.Set<Photo>().Where(photo => photo.UserId == person).ExecuteUpdateAsync(
            set => set.SetProperty(photo => photo.Latitude, (double?)null).SetProperty(photo => photo.Longitude, (double?)null).SetProperty(photo => photo.TakenAt, (DateTimeOffset?)null).SetProperty(photo => photo.FileName, Forgotten.Text),
            cancellationToken);
        await db.Set<StoredFile>().Where(file => file.UserId == person).ExecuteUpdateAsync(set => set.SetProperty(file => file.FileName, Forgotten.Text), cancellationToken);
    }
}
