using MeterSync.Kernel;

namespace MeterSync.Modules.Photos.Public;

/// <summary>Takes photos that come whole, together with what else a phone held.</summary>
internal interface IBroughtPhotos
{
    /// <summary>Of one photo.</summary>
    long MostBytes { get; }

    /// <summary>As if the caller had announced the photo and sent its bytes. Again it is the same photo. Holds its own transactions.</summary>
    Task<Outcome<Done>> TakeAsync(BroughtPhoto photo, CancellationToken cancellationToken);
}

/// <param name="FileName">As the phone calls it; null where it does not say.</param>
/// <param name="ContentType">As the phone says.</param>
/// <param name="Sha256">32 bytes that the SHA-256 of the bytes must be.</param>
/// <param name="ReadingClientId">The client_id of the reading it shows; null for none.</param>
/// <param name="SkipClientId">The client_id of the visit without a value it belongs to; null for none.</param>
internal sealed record BroughtPhoto(string? FileName, string ContentType, byte[] Sha256, Guid? ReadingClientId, Guid? SkipClientId, byte[] Bytes);
