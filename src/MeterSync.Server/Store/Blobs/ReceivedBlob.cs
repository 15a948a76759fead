namespace MeterSync.Store.Blobs;

/// <summary>Bytes that came from somewhere, in a file of their own until they are stored. Disposing takes the file away.</summary>
/// <param name="Path">The file; gone once a disk store has moved it to its place.</param>
internal sealed record ReceivedBlob(BlobHash Hash, long Length, string Path) : IDisposable
{
    /// <summary>On the storage's disk: taken away by whoever stores it.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The sweep of temporary files takes what cannot be deleted now.
            System.Diagnostics.Debug.WriteLine(exception.Message);
        }
    }
}
