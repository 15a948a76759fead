using System.Text.Json;

namespace MeterSync.Browser.Tests.Support;

/// <summary>A reading as the office holds it.</summary>
/// <param name="Values">By label of the register.</param>
/// <param name="Photos">SHA-256 in hex, of those that came and those still to come.</param>
public sealed record HeldReading(
    string Id, string? ClientId, string MeterId, string SerialNumber, DateTimeOffset ReadAt, string State, string Evidence, string? Notes,
    bool IsDoubleEntered, string? DeviceId, IReadOnlyDictionary<string, decimal> Values, IReadOnlyList<string> Photos)
{
    internal static HeldReading Of(JsonElement reading) => new(
        reading.GetProperty("id").GetString()!,
        reading.GetProperty("client_id").GetString(),
        reading.GetProperty("meter_id").GetString()!,
        reading.GetProperty("serial_number").GetString()!,
        reading.GetProperty("reading_timestamp").GetDateTimeOffset(),
        reading.GetProperty("state").GetString()!,
        reading.GetProperty("evidence").GetString()!,
        reading.GetProperty("notes").GetString(),
        reading.GetProperty("double_entered").GetBoolean(),
        reading.GetProperty("device_id").GetString(),
        reading.GetProperty("values").EnumerateArray().ToDictionary(value => value.GetProperty("label").GetString()!, value => value.GetProperty("value").GetDecimal()),
        [.. reading.GetProperty("photos").EnumerateArray().Select(hash => hash.GetString()!)]);
}

/// <summary>A visit without a value as the office holds it.</summary>
/// <param name="PhotoUrl">Null where none came.</param>
public sealed record HeldSkip(string Id, string? ClientId, string MeterId, string SerialNumber, string Code, string? Note, string? PhotoUrl, DateTimeOffset SkippedAt)
{
    internal static HeldSkip Of(JsonElement skip) => new(
        skip.GetProperty("id").GetString()!,
        skip.GetProperty("client_id").GetString(),
        skip.GetProperty("meter_id").GetString()!,
        skip.GetProperty("serial_number").GetString()!,
        skip.GetProperty("code").GetString()!,
        skip.GetProperty("note").GetString(),
        skip.GetProperty("photo_url").GetString(),
        skip.GetProperty("skipped_at").GetDateTimeOffset());
}

/// <summary>A photo of a reading as the office holds it.</summary>
/// <param name="State">complete once its bytes are there.</param>
/// <param name="Size">Bytes.</param>
/// <param name="TakenAt">What the camera wrote into it, as the server read it; likewise the position in degrees.</param>
public sealed record HeldPhoto(string Id, string State, string Sha256, long Size, int? Width, int? Height, DateTimeOffset? TakenAt, double? Latitude, double? Longitude)
{
    internal static HeldPhoto Of(JsonElement photo) => new(
        photo.GetProperty("id").GetString()!,
        photo.GetProperty("state").GetString()!,
        photo.GetProperty("sha256").GetString()!,
        photo.GetProperty("size").GetInt64(),
        photo.GetProperty("width") is { ValueKind: JsonValueKind.Number } width ? width.GetInt32() : null,
        photo.GetProperty("height") is { ValueKind: JsonValueKind.Number } height ? height.GetInt32() : null,
        photo.GetProperty("taken_at") is { ValueKind: JsonValueKind.String } taken ? taken.GetDateTimeOffset() : null,
        photo.GetProperty("latitude") is { ValueKind: JsonValueKind.Number } latitude ? latitude.GetDouble() : null,
        photo.GetProperty("longitude") is { ValueKind: JsonValueKind.Number } longitude ? longitude.GetDouble() : null);
}
