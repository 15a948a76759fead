using System.Runtime.CompilerServices;
using MeterSync.Kernel;
using MeterSync.Modules.Uploads.Domain;
using MeterSync.Store;

namespace MeterSync.Modules.Uploads.Partial;

/// <summary>One file for each upload, in the data directory.</summary>
internal sealed class DiskPartialStore(DataDirectory data) : IPartialStore
{
    private const int HeldByAnother = 11; // EAGAIN, of flock

    public long BytesBetweenFlushes => 1024 * 1024;

    private string Folder => Path.Combine(data.Uploads, "tus");

    public Task<long> DurableBytesAsync(Upload upload, CancellationToken cancellationToken)
    {
        var file = new FileInfo(PathOf(upload.Id));
        return Task.FromResult(file.Exists ? Math.Min(file.Length, upload.ReceivedBytes) : 0);
    }

    public Task<IPartialWriter> OpenAsync(Upload upload, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var path = PathOf(upload.Id);
        var isNew = !File.Exists(path);
        FileStream file;
        try
        {
            file = new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        }
        catch (IOException exception) when (exception.HResult == HeldByAnother)
        {
            throw new PartialHeldException("Another process writes to the file of this upload.", exception);
        }

        if (isNew)
        {
            FolderSync.Flush(Folder);
        }

        file.SetLength(upload.ReceivedBytes);
        file.Position = upload.ReceivedBytes;
        return Task.FromResult<IPartialWriter>(new Writer(file));
    }

    public Task<PartialFile> ReadAsync(Upload upload, CancellationToken cancellationToken)
    {
        var path = PathOf(upload.Id);
        if (upload.Length == 0 && !File.Exists(path))
        {
            Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            using var empty = new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        }

        return Task.FromResult(new PartialFile(path, IsCopy: false));
    }

    public Task DeleteAsync(UploadId id, CancellationToken cancellationToken)
    {
        if (Directory.Exists(Folder))
        {
            File.Delete(PathOf(id));
        }

        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<UploadId> ListAsync(DateTimeOffset untouchedSince, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var files = Directory.Exists(Folder) ? new DirectoryInfo(Folder).EnumerateFiles() : [];
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (file.LastWriteTimeUtc < untouchedSince.UtcDateTime && Guid.TryParseExact(file.Name, "N", out var id))
            {
                yield return new UploadId(id);
            }
        }
    }

    /// <summary>It makes none: the file of an upload is the upload.</summary>
    public void ClearScratch(DateTimeOffset untouchedSince)
    {
    }

    private string PathOf(UploadId id) => Path.Combine(Folder, id.Value.ToString("n"));

    private sealed class Writer(FileStream file) : IPartialWriter
    {
        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => file.WriteAsync(bytes, cancellationToken);

        public Task<string?> FlushAsync(CancellationToken cancellationToken)
        {
            file.Flush(flushToDisk: true);
            return Task.FromResult<string?>(null);
        }

        public ValueTask DisposeAsync() => file.DisposeAsync();
    }
}
