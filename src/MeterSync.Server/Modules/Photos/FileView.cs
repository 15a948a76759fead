using MeterSync.Modules.Photos.Domain;
using MeterSync.Store.Blobs;

namespace MeterSync.Modules.Photos;

/// <summary>A file as the API shows it.</summary>
/// <param name="FileUrl">Where it is fetched, signed in.</param>
/// <param name="Filename">Its name in the address.</param>
/// <param name="OriginalName">As its sender called it.</param>
/// <param name="ContentType">As its bytes are.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
internal sealed record FileView(string FileUrl, string Filename, string OriginalName, string ContentType, long Size, string Sha256, DateTimeOffset CreatedAt)
{
    public static string PathOf(string name) => $"/api/v1/files/{name}";

    public static FileView Of(StoredFile file) => new(PathOf(file.Name), file.Name, file.FileName, file.ContentType, file.Length, BlobHash.Of(file.Sha256).Hex, file.CreatedAt);
}

/// <summary>The form of a file, for the API document.</summary>
/// <param name="File">The file.</param>
internal sealed record FileForm(byte[] File);
