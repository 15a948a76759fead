using Microsoft.Playwright;

namespace MeterSync.Browser.Tests.Support;

/// <summary>What kind of phone it is.</summary>
public sealed record PhoneOptions
{
    /// <summary>CSS pixels.</summary>
    public int Width { get; init; } = 412;

    public int Height { get; init; } = 915;

    public float DevicePixels { get; init; } = 2.625f;

    public string Locale { get; init; } = "en-GB";

    /// <summary>IANA name.</summary>
    public string TimeZone { get; init; } = "Europe/Copenhagen";

    public ColorScheme ColorScheme { get; init; } = ColorScheme.Light;

    /// <summary>Where the phone is; null: the reader has not allowed to ask. Accuracy in metres.</summary>
    public Geolocation? Position { get; init; } = new() { Latitude = (float)FieldScene.Latitude, Longitude = (float)FieldScene.Longitude, Accuracy = 8 };

    /// <summary>What the camera sees: an <c>.mjpeg</c> (JPEGs one after the other) or <c>.y4m</c> file. Null: Chromium's own test picture.</summary>
    public string? CameraFile { get; init; }

    /// <summary>Null: a temporary folder that is removed at the end. A folder that is named stays.</summary>
    public string? ProfileFolder { get; init; }

    /// <summary>Further arguments of Chromium.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
