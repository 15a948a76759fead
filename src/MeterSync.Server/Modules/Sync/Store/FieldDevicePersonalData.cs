using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Sync.Store;

/// <summary>Which phones a person came with, and when. The receipts' chain of a phone stays, under an id that leads to no name.</summary>
internal sealed class FieldDevicePersonalData(MeterSyncDb db, TimeProvider clock) : IPersonalData
{
    public string Section => "field_devices";

    public async Task WriteAsync(Utf8JsonWriter json, UserId person, CancellationToken cancellationToken)
    {
        json.WriteStartArray();
        await foreach (var device in db.Set<FieldDevice>().AsNoTracking().Where(device => device.UserId == person).OrderBy(device => device.FirstSeenAt).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            json.WriteStartObject();
            json.WriteString("device_id", device.DeviceKey);
            json.WriteString("name", device.Name);
            json.WriteString("app_version", device.AppVersion);
            json.WriteString("first_seen_at", device.FirstSeenAt);
            json.WriteString("last_seen_at", device.LastSeenAt);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        await json.FlushAsync(cancellationToken);
    }

    public async Task EraseAsync(UserId person, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        var own = db.Set<FieldDevice>().Where(device => device.UserId == person);
        await db.Set<FieldDeviceSession>().Where(session => own.Any(device => device.Id == session.DeviceId)).ExecuteDeleteAsync(cancellationToken);
        await own.ExecuteUpdateAsync(
            set => set.SetProperty(device => device.Name, (string?)null).SetProperty(device => device.AppVersion, (string?)null).SetProperty(device => device.SessionId, (SessionId?)null)
                .SetProperty(device => device.RevokedAt, device => device.RevokedAt ?? now),
            cancellationToken);
    }
}
