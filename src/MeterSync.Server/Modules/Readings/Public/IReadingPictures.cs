using MeterSync.Kernel;

namespace MeterSync.Modules.Readings.Public;

/// <summary>What a table shows of the photos of a reading.</summary>
/// <param name="ReadingId">The reading.</param>
/// <param name="Photos">How many photos it has; 1 or more.</param>
/// <param name="Thumbnail">JPEG of the first of them; null where it has none (yet), or none was asked for.</param>
/// <param name="Width">Of the thumbnail in pixels.</param>
/// <param name="Height">Likewise.</param>
internal sealed record ReadingPicture(ReadingId ReadingId, int Photos, byte[]? Thumbnail, int Width, int Height);

/// <summary>Finds the photos of readings. Who keeps photos implements it, and leaves out what the caller may not see.</summary>
internal interface IReadingPictures
{
    /// <summary>Of those that have photos, in any order, each once.</summary>
    /// <param name="readings">At most some hundred.</param>
    /// <param name="withThumbnails">Whether the bytes are wanted.</param>
    /// <param name="cancellationToken">Stops.</param>
    IAsyncEnumerable<ReadingPicture> FindAsync(IReadOnlyCollection<ReadingId> readings, bool withThumbnails, CancellationToken cancellationToken);
}
