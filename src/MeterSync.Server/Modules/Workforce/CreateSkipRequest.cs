using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;

namespace MeterSync.Modules.Workforce;

/// <summary>A visit without a value, from the office or from a phone.</summary>
/// <param name="MeterId">The meter; or <paramref name="SerialNumber"/>.</param>
/// <param name="Code">Why there is no value; GET /skip-codes lists them.</param>
/// <param name="SkippedAt">When the visit was; now where left out.</param>
/// <param name="ClientId">Made by the sender; sending the same again gives the same skip.</param>
internal sealed record CreateSkipRequest(
    Guid? MeterId,
    [property: StringLength(100)] string? SerialNumber,
    [property: Required, TermOf(typeof(SkipCode))] string? Code,
    [property: PlainText(2000, AllowLines = true)] string? Note,
    [property: StringLength(1000)] string? PhotoUrl,
    [property: Range(-90d, 90d)] double? Latitude,
    [property: Range(-180d, 180d)] double? Longitude,
    [property: Range(0d, 1_000_000d)] double? AccuracyM,
    DateTimeOffset? SkippedAt,
    Guid? ClientId);
