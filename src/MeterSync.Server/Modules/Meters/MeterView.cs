using System.Text.Json;
using System.Text.Json.Serialization;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Domain;

namespace MeterSync.Modules.Meters;

/// <param name="Latitude">Degrees north, WGS 84.</param>
/// <param name="Longitude">Degrees east, WGS 84.</param>
internal sealed record CoordinatesView(double Latitude, double Longitude);

/// <param name="Value">Of the main register, before the multiplier.</param>
internal sealed record LastReadingView(decimal Value, DateTimeOffset At, string Unit);

/// <summary>A meter as the API shows it, with the fields of its service point beside its own.</summary>
/// <param name="RegionId">The region the service point lies in; null for none.</param>
/// <param name="EstimatedTime">Minutes a visit takes.</param>
/// <param name="RequiresPhoto">Whether every reading needs a photo (VEE-116).</param>
/// <param name="InstalledAt">Null where the day is not known.</param>
/// <param name="LastReading">The newest accepted value of the main register; null before the first.</param>
/// <param name="Registers">By ordinal; left out of lists.</param>
internal sealed record MeterView(
    Guid Id,
    string SerialNumber,
    MeterType MeterType,
    MeterStatus Status,
    MeterPriority Priority,
    Guid? ServicePointId,
    string? Address,
    CoordinatesView? Coordinates,
    PositionProvenance PositionSource,
    string? LocationId,
    Guid? RegionId,
    string? Owner,
    string? TimeZone,
    string? AccessNotes,
    string? HazardNotes,
    string? KeyNumber,
    string? ExternalId,
    JsonElement Metadata,
    int? EstimatedTime,
    bool RequiresPhoto,
    DateTimeOffset? InstalledAt,
    LastReadingView? LastReading,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<RegisterView>? Registers = null)
{
    /// <summary>Metres from the place asked about, to the decimetre; only where a place was asked about.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DistanceM { get; init; }

    public static MeterView Of(Meter meter, ServicePoint? point, MeterInstallation? installation, MeterLastReading? last, IReadOnlyList<RegisterView>? registers = null) => new(
        meter.Id.Value,
        meter.SerialNumber,
        meter.MeterType,
        meter.Status,
        meter.Priority,
        point?.Id.Value,
        point?.Address,
        point is { Latitude: { } latitude, Longitude: { } longitude } ? new CoordinatesView(latitude, longitude) : null,
        point?.PositionSource ?? PositionProvenance.Unknown,
        point?.LocationId,
        point?.RegionId?.Value,
        point?.Owner,
        point?.TimeZone,
        point?.AccessNotes,
        point?.HazardNotes,
        point?.KeyNumber,
        point?.ExternalId,
        JsonSerializer.Deserialize(meter.Metadata, MetersJson.Default.JsonElement),
        meter.EstimatedMinutes,
        meter.RequiresPhoto,
        installation is null || installation.InstalledAt == RegisterVersion.Always ? null : installation.InstalledAt,
        last is null ? null : new LastReadingView(last.Value, last.ReadingAt, last.Unit),
        meter.CreatedAt,
        meter.UpdatedAt,
        meter.Version,
        registers);
}
