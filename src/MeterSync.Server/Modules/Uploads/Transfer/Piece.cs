using System.Security.Cryptography;
using MeterSync.Modules.Uploads.Domain;

namespace MeterSync.Modules.Uploads.Transfer;

/// <summary>Bytes on their way in.</summary>
/// <param name="Offset">Where they begin in the file.</param>
/// <param name="Length">How many, as the request tells; null where it does not.</param>
/// <param name="Checksum">What they must be.</param>
/// <param name="Source">Them.</param>
internal sealed record Piece(long Offset, long? Length, PieceChecksum Checksum, PieceSource Source);

/// <param name="Algorithm">Its name is null where nothing is checked.</param>
/// <param name="Value">The digest.</param>
internal sealed record PieceChecksum(HashAlgorithmName Algorithm, byte[] Value)
{
    public static readonly PieceChecksum None = new(default, []);

    public bool IsGiven => Algorithm.Name is not null;
}

/// <summary>An upload while one request works on it.</summary>
/// <param name="Upload">As it truly stands.</param>
/// <param name="Turn">Given back when the request is done.</param>
internal sealed record HeldUpload(Upload Upload, UploadTurn Turn) : IDisposable
{
    public void Dispose() => Turn.Dispose();
}
