using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Readings.Store;

/// <summary>Readings a person took. What the meter showed stays, since bills rest on it, under an id that leads to no name; where the person stood and with which device goes.</summary>
internal sealed class ReadingPersonalData(MeterSyncDb db) : IPersonalData
{
    private const int BetweenFlushes = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public string Section => "readings";

    public async Task WriteAsync(Utf8JsonWriter json, UserId person, CancellationToken cancellationToken)
    {
        json.WriteStartArray();
        var written = 0;
        await foreach (var reading in db.Set<Reading>().AsNoTracking().Where(reading => reading.AgentId == person).OrderBy(reading => reading.ReadingAt).ThenBy(reading => reading.Id)
            .Select(reading => new { reading.Id, reading.MeterId, reading.ReadingAt, reading.DeviceId, reading.Latitude, reading.Longitude, reading.Notes }).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            json.WriteStartObject();
            json.WriteString("id", reading.Id.Value);
            json.WriteString("meter_id", reading.MeterId.Value);
            json.WriteString("reading_timestamp", reading.ReadingAt);
            json.WriteString("device_id", reading.DeviceId);
            Write(json, "latitude", reading.Latitude);
            Write(json, "longitude", reading.Longitude);
            json.WriteString("notes", reading.Notes);
            json.WriteEndObject();
            if (++written % BetweenFlushes == 0)
            {
                await json.FlushAsync(cancellationToken);
            }
        }

        json.WriteEndArray();
    }

    public Task EraseAsync(UserId person, CancellationToken cancellationToken)
    {
        db.Database.SetCommandTimeout(Patience);
        return db.Set<Reading>()
            .Where(reading => reading.AgentId == person && (reading.DeviceId != null || reading.Latitude != null || reading.Longitude != null || reading.AccuracyMetres != null))
            .ExecuteUpdateAsync(
                set => set.SetProperty(reading => reading.DeviceId, (string?)null)
                    .SetProperty(reading => reading.Latitude, (double?)null)
                    .SetProperty(reading => reading.Longitude, (double?)null)
                    .SetProperty(reading => reading.AccuracyMetres, (double?)null)
                    .SetProperty(reading => reading.Version, reading => reading.Version + 1),
                cancellationToken);
    }

    private static void Write(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
