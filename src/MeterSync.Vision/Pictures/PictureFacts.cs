namespace MeterSync.Vision.Pictures;

/// <summary>What the header of a picture says.</summary>
/// <param name="Format">jpeg, png, webp, avif or heic.</param>
/// <param name="Width">Pixels along, as the picture is meant to be shown: after its orientation was applied.</param>
/// <param name="Height">Pixels down, likewise.</param>
/// <param name="Orientation">EXIF's number, 1 to 8; 1 is upright.</param>
/// <param name="Pages">More than 1 where it moves or has several; only the first is ever decoded.</param>
public sealed record PictureFacts(string Format, int Width, int Height, int Orientation, int Pages);
