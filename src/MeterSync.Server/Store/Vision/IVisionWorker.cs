using MeterSync.Kernel;
using MeterSync.Vision.Pictures;

namespace MeterSync.Store.Vision;

/// <summary>A small picture of a photo: a JPEG in sRGB, upright, without metadata.</summary>
/// <param name="Jpeg">Its bytes.</param>
/// <param name="Width">Pixels along.</param>
/// <param name="Height">Pixels down.</param>
/// <param name="Original">Of the photo it was made from.</param>
internal sealed record Thumbnail(byte[] Jpeg, int Width, int Height, PictureFacts Original)
{
    /// <summary>Longest side where nobody says another one, in pixels.</summary>
    public const int UsualEdge = 512;

    public const int SmallestEdge = 16;

    public const int LargestEdge = 2048;
}

/// <summary>
/// Decodes pictures that came from outside, in a process of their own (docs/vision.md). What cannot be decoded answers photo.unreadable or photo.too_many_pixels, and will
/// whenever it is asked again; photo.worker_failed may go better later, and photo.worker_unavailable says nothing about the picture at all.
/// </summary>
internal interface IVisionWorker
{
    /// <param name="filePath">A file that may be read; of any content.</param>
    /// <param name="maxEdge">Longest side in pixels. The thumbnail of a smaller picture has the picture's size.</param>
    /// <param name="cancellationToken">Ends the decoding too.</param>
    Task<Outcome<Thumbnail>> ThumbnailAsync(string filePath, int maxEdge, CancellationToken cancellationToken);

    /// <param name="picture">Seekable, read from its beginning; left open.</param>
    /// <param name="maxEdge">Longest side in pixels.</param>
    /// <param name="cancellationToken">Ends the decoding too.</param>
    Task<Outcome<Thumbnail>> ThumbnailAsync(Stream picture, int maxEdge, CancellationToken cancellationToken);

    /// <summary>Reads the header alone: a picture with facts may still be damaged further on.</summary>
    /// <param name="picture">Seekable, read from its beginning; left open.</param>
    /// <param name="cancellationToken">Ends the reading too.</param>
    Task<Outcome<PictureFacts>> FactsAsync(Stream picture, CancellationToken cancellationToken);
}
