using System.Globalization;
using System.Text.Json;

namespace MeterSync.Modules.Meters.Domain;

/// <summary>A part of the Earth's surface.</summary>
internal interface IGeoShape
{
    /// <summary>Hold every point of it.</summary>
    IReadOnlyList<GeoBox> Boxes { get; }

    /// <summary>On the sphere of <see cref="GeoPoint"/>.</summary>
    double SquareMetres { get; }

    /// <summary>Whether the point lies inside or on the edge.</summary>
    bool Contains(GeoPoint point);
}

/// <param name="Centre">Where its middle is.</param>
/// <param name="RadiusMetres">Above 0, at most <see cref="GeoPoint.FurthestMetres"/>.</param>
internal sealed record GeoCircle(GeoPoint Centre, double RadiusMetres) : IGeoShape
{
    public IReadOnlyList<GeoBox> Boxes => GeoBox.Around(Centre, RadiusMetres);

    public double SquareMetres
    {
        get
        {
            // 2 pi R^2 (1 - cos a), which would lose every digit of a small circle.
            var half = Math.Sin(Math.Min(RadiusMetres / GeoPoint.EarthRadiusMetres, Math.PI) / 2);
            return 4 * Math.PI * GeoPoint.EarthRadiusMetres * GeoPoint.EarthRadiusMetres * half * half;
        }
    }

    public bool Contains(GeoPoint point) => Centre.MetresTo(point) <= RadiusMetres;
}

/// <summary>The points of a polygon as they are stored: a JSON list of [longitude, latitude], the first not repeated at the end.</summary>
internal static class PolygonText
{
    public static string Write(IReadOnlyList<GeoPoint> points) =>
        $"[{string.Join(',', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"[{point.Longitude:R},{point.Latitude:R}]")))}]";

    public static IReadOnlyList<GeoPoint> Read(string text)
    {
        using var list = JsonDocument.Parse(text);
        return [.. list.RootElement.EnumerateArray().Select(pair => new GeoPoint(pair[1].GetDouble(), pair[0].GetDouble()))];
    }
}
