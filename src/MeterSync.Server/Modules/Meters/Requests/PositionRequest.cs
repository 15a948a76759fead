using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;

namespace MeterSync.Modules.Meters.Requests;

/// <summary>A position in any of the spellings that callers use.</summary>
internal sealed record PositionRequest(
    [property: Range(-90d, 90d)] double? Latitude,
    [property: Range(-180d, 180d)] double? Longitude,
    [property: Range(-90d, 90d)] double? Lat,
    [property: Range(-180d, 180d)] double? Lng,
    [property: Range(-180d, 180d)] double? Lon)
{
    /// <summary>The one position that all spellings given agree on; null where none says one.</summary>
    /// <param name="field">What to blame.</param>
    /// <param name="spellings">Positions of one request; nulls are passed over.</param>
    public static Outcome<GeoPoint?> Settle(string field, params IEnumerable<PositionRequest?> spellings)
    {
        GeoPoint? settled = null;
        foreach (var spelling in spellings)
        {
            if (spelling?.Degrees is not { } degrees || degrees is (null, null))
            {
                continue;
            }

            if (degrees is not ({ } latitude, { } longitude))
            {
                return KernelProblems.Invalid.For(field, "A position needs both latitude and longitude.");
            }

            var point = new GeoPoint(latitude, longitude);
            if (settled is { } other && other != point)
            {
                return KernelProblems.Invalid.For(field, "The request gives two different positions.");
            }

            settled = point;
        }

        return settled;
    }

    private (double? Latitude, double? Longitude) Degrees => (Latitude ?? Lat, Longitude ?? Lng ?? Lon);
}
