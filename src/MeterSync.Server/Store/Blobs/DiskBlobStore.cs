using System.Runtime.CompilerServices;

namespace MeterSync.Store.Blobs;

/// <summary>Bytes on disk. A file takes its place by being renamed to it when it is whole and on the disk.</summary>
internal sealed class DiskBlobStore(BlobFolders folders, BlobIntake intake, BlobWatch watch, TimeProvider clock) : IBlobStore
{
    public Task PutAsync(ReceivedBlob received, CancellationToken cancellationToken)
    {
        DiskFault.Guard(watch, () => Place(received));
        watch.Did(BlobWatch.Put, received.Length);
        return Task.CompletedTask;
    }

    public async Task PutAsync(BlobHash hash, Stream content, long length, CancellationToken cancellationToken)
    {
        using var received = await intake.ReceiveAsync(content, length, cancellationToken);
        if (received is null || received.Hash != hash || received.Length != length)
        {
            throw new InvalidDataException($"These are not the {length} bytes with the SHA-256 {hash}.");
        }

        await PutAsync(received, cancellationToken);
    }

    public Task<Stream?> OpenAsync(BlobHash hash, CancellationToken cancellationToken)
    {
        var stream = DiskFault.Guard(watch, () => Open(folders.FileOf(hash)));
        if (stream is not null)
        {
            watch.Did(BlobWatch.Read, stream.Length);
        }

        return Task.FromResult<Stream?>(stream);
    }

    public Task<bool> ExistsAsync(BlobHash hash, CancellationToken cancellationToken) => Task.FromResult(File.Exists(folders.FileOf(hash)));

    public bool IsNear => true;

    public Task<DateTimeOffset?> PutAtAsync(BlobHash hash, CancellationToken cancellationToken) =>
        Task.FromResult<DateTimeOffset?>(new FileInfo(folders.FileOf(hash)) is { Exists: true } file ? file.LastWriteTimeUtc : null);

    public Task DeleteAsync(BlobHash hash, CancellationToken cancellationToken)
    {
        var path = folders.FileOf(hash);
        if (File.Exists(path))
        {
            DiskFault.Guard(watch, () => File.Delete(path));
            watch.Did(BlobWatch.Delete, 0);
        }

        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<StoredBlob> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var root = new DirectoryInfo(folders.Root);
        if (!root.Exists)
        {
            yield break;
        }

        foreach (var first in root.EnumerateDirectories("??"))
        {
            await Task.Yield();
            foreach (var file in first.EnumerateDirectories("??").SelectMany(second => second.EnumerateFiles()))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (BlobHash.TryParse(file.Name, out var hash) && file.FullName == folders.FileOf(hash))
                {
                    yield return new StoredBlob(hash, file.Length, file.LastWriteTimeUtc);
                }
            }
        }
    }

    private void Place(ReceivedBlob received)
    {
        var path = folders.FileOf(received.Hash);
        if (new FileInfo(path) is { Exists: true } there && there.Length == received.Length)
        {
            // The sweep leaves alone what was put lately.
            File.SetLastWriteTimeUtc(path, clock.GetUtcNow().UtcDateTime);
            return;
        }

        var folder = Path.GetDirectoryName(path)!;
        BlobFolders.Make(folder);
        File.Move(received.Path, path, overwrite: true);
        FolderSync.Flush(folder);
    }

    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.Asynchronous });
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
