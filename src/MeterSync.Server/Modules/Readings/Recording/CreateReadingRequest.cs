using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Domain;

namespace MeterSync.Modules.Readings.Recording;

/// <param name="MeterId">The meter; or <paramref name="SerialNumber"/>.</param>
/// <param name="ReadingValue">Value of the main register; or <paramref name="Registers"/>.</param>
/// <param name="Registers">Values of one or more registers. Registers left out were not read.</param>
/// <param name="ReadingTimestamp">With offset; now where neither it nor <paramref name="ReadingDate"/> is given.</param>
/// <param name="ReadingDate">A day (its start in UTC) or an instant.</param>
/// <param name="Location">Where it was read; also accepted as latitude and longitude, or lat and lng, at the top level.</param>
/// <param name="Photos">SHA-256 (64 hexadecimal digits), ids or addresses of photos, at most 10. Those named by SHA-256 or id may still be on their way.</param>
/// <param name="ClientId">Made by the sender; sending the same again gives the same reading.</param>
/// <param name="Source">manual where not given.</param>
/// <param name="DoubleEntered">The value was typed twice and both agreed.</param>
/// <param name="DwellSeconds">How long the device was near the meter; speaks for the visit.</param>
/// <param name="MockLocation">The device says its position was made up.</param>
internal sealed record CreateReadingRequest(
    Guid? MeterId,
    [property: StringLength(100)] string? SerialNumber,
    decimal? ReadingValue,
    [property: MinLength(1), MaxLength(50)] IReadOnlyList<RegisterValueRequest>? Registers,
    DateTimeOffset? ReadingTimestamp,
    [property: StringLength(40)] string? ReadingDate,
    ReadingPositionRequest? Location,
    [property: Range(-90d, 90d)] double? Latitude,
    [property: Range(-180d, 180d)] double? Longitude,
    [property: Range(-90d, 90d)] double? Lat,
    [property: Range(-180d, 180d)] double? Lng,
    [property: Range(0d, 1_000_000d)] double? AccuracyM,
    [property: StringLength(2000)] string? Notes,
    [property: StringLength(1000)] string? PhotoUrl,
    [property: MaxLength(PhotoList.Most)] IReadOnlyList<string>? Photos,
    Guid? ClientId,
    [property: TermOf(typeof(ReadingSource))] string? Source,
    [property: StringLength(100)] string? DeviceId,
    bool? DoubleEntered,
    [property: Range(0, 86_400)] int? DwellSeconds = null,
    bool? MockLocation = null);

internal sealed record ReadingPositionRequest(
    [property: Range(-90d, 90d)] double? Latitude,
    [property: Range(-180d, 180d)] double? Longitude,
    [property: Range(-90d, 90d)] double? Lat,
    [property: Range(-180d, 180d)] double? Lng,
    [property: Range(-180d, 180d)] double? Lon,
    [property: Range(0d, 1_000_000d)] double? AccuracyM,
    [property: Range(0d, 1_000_000d)] double? Accuracy);
