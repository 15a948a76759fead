using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MeterSync.Bench.Field.Phones;

/// <summary>Makes items as the field app does: ids and bytes are settled at the tap.</summary>
internal static class FieldItems
{
    /// <param name="meterId">The meter.</param>
    /// <param name="photoHashes">SHA-256, hex, of photos that are still to come.</param>
    /// <param name="withTimestamp">The payload has a reading_timestamp, by the phone's clock; otherwise the time of capture counts.</param>
    /// <param name="isBad">The server must refuse it.</param>
    /// <param name="ago">How long before now the meter was read.</param>
    public static FrozenItem Reading(string meterId, decimal value, string? notes, IReadOnlyList<string> photoHashes, PhoneClock clock, bool withTimestamp, bool isBad = false, TimeSpan ago = default)
    {
        var (id, at, wall) = (Guid.CreateVersion7(), PhoneClock.True - ago, clock.Wall - ago);
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("client_id", id);
            json.WriteString("entity", "reading");
            json.WriteString("op", "create");
            json.WriteString("captured_at", Instant(wall));
            WriteClock(json, "clock", clock, wall, ago);
            json.WriteStartObject("payload");
            json.WriteString("meter_id", meterId);
            json.WriteNumber("reading_value", value);
            if (withTimestamp)
                json.WriteString("reading_timestamp", Instant(wall));
            json.WriteString("source", "manual");
            if (notes is not null)
                json.WriteString("notes", notes);
            if (photoHashes.Count > 0)
            {
                json.WriteStartArray("photos");
                foreach (var hash in photoHashes)
                    json.WriteStringValue(hash);
                json.WriteEndArray();
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return new(id, bytes.ToArray(), meterId, value, at, ContentHash(meterId, value, withTimestamp ? Truncated(wall) : null, notes, photoHashes), photoHashes, isBad);
    }

    public static void WriteClock(Utf8JsonWriter json, string name, PhoneClock clock, DateTimeOffset wall, TimeSpan ago = default)
    {
        json.WriteStartObject(name);
        json.WriteString("wall", Instant(wall));
        json.WriteNumber("monotonic_ms", clock.MonotonicMilliseconds - (long)ago.TotalMilliseconds);
        json.WriteString("boot_id", clock.BootId);
        if (clock.ServerOffsetMilliseconds is { } offset)
            json.WriteNumber("server_offset_ms", offset);
        json.WriteEndObject();
    }

    /// <summary>The canonical subset of a reading, as docs/sync.md has it; written here a second time on purpose, so that the chain is recomputed by other code than made it.</summary>
    private static byte[] ContentHash(string meterId, decimal value, DateTimeOffset? timestamp, string? notes, IReadOnlyList<string> photos)
    {
        var at = timestamp is { } instant ? ((instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture) : "-";
        var text = string.Create(CultureInfo.InvariantCulture, $"reading/1|{meterId}|{at}|manual|main={value:0.######}|{notes}||{string.Join('|', photos)}");
        return SHA256.HashData(Encoding.UTF8.GetBytes(text));
    }

    private static DateTimeOffset Truncated(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
