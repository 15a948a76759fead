using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace MeterSync.Store.Backups;

/// <summary>Writes a backup from its first byte to its last, without going back. What it holds in memory does not grow with the data.</summary>
internal sealed class BackupWriter : IAsyncDisposable
{
    private readonly FileStream file;
    private readonly HashedStream hashed;
    private readonly TarWriter tar;
    private readonly DateTimeOffset at;
    private readonly List<BackupPart> parts = [];
    private readonly List<string> damaged = [];
    private readonly HashSet<string> missing = new(StringComparer.Ordinal);
    private long fileBytes;
    private long fileCount;

    /// <param name="path">Made anew, for its owner only: it holds every secret there is.</param>
    /// <param name="at">The time that unpacked files bear.</param>
    public BackupWriter(string path, DateTimeOffset at)
    {
        this.at = at;
        File.Delete(path);
        file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 1024 * 1024, UnixCreateMode = BackupFormat.OwnerOnly });
        hashed = new HashedStream(file);
        tar = new TarWriter(hashed, TarEntryFormat.Ustar, leaveOpen: true);
    }

    public long FileCount => fileCount;

    public long FileBytes => fileBytes;

    public IReadOnlyList<string> Damaged => damaged;

    public IReadOnlyList<string> Missing => [.. missing.Order(StringComparer.Ordinal)];

    /// <summary>Stored files that are to come; those that do not are missing.</summary>
    public void Expect(IEnumerable<string> hashes) => missing.UnionWith(hashes);

    /// <summary>Something small.</summary>
    public async Task AddAsync(string name, byte[] content, int count, CancellationToken cancellationToken)
    {
        await AppendAsync(name, new MemoryStream(content, 0, count, writable: false), cancellationToken);
        parts.Add(new BackupPart(name, count, Convert.ToHexStringLower(SHA256.HashData(content.AsSpan(0, count)))));
    }

    public Task AddAsync(BackupManifest manifest, CancellationToken cancellationToken)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest);
        return AddAsync(BackupFormat.Manifest, content, content.Length, cancellationToken);
    }

    /// <summary>Something whose length shows when it is over: compressed, in parts.</summary>
    public async Task AddPackedAsync(string name, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        await using var split = new SplitParts(this, name, cancellationToken);
        await using (var packed = new GZipStream(split, CompressionLevel.Fastest, leaveOpen: true))
        {
            await write(packed);
        }

        await split.FinishAsync();
    }

    /// <summary>A stored file whose content is known to be what its hash says.</summary>
    public async Task AddFileAsync(string hash, Stream content, CancellationToken cancellationToken)
    {
        fileBytes += content.Length;
        fileCount++;
        missing.Remove(hash);
        await AppendAsync(BackupFormat.PlaceOf(hash), content, cancellationToken);
    }

    /// <summary>A stored file that is not what its hash says, and is left out.</summary>
    public void LeaveOut(string hash)
    {
        damaged.Add(hash);
        missing.Remove(hash);
    }

    /// <summary>Writes the end and waits for the disk. Returns the file's hash, which is not the one in its last line: that one does not cover itself.</summary>
    public async Task<(long Bytes, string Seal)> FinishAsync(CancellationToken cancellationToken)
    {
        var contents = JsonSerializer.SerializeToUtf8Bytes(new BackupContents(parts, fileCount, fileBytes, damaged, Missing), BackupJson.Default.BackupContents);
        await AppendAsync(BackupFormat.Contents, new MemoryStream(contents), cancellationToken);
        await tar.DisposeAsync();
        var hash = hashed.Hash();
        await file.WriteAsync(BackupFormat.SealOf(hash), cancellationToken);
        file.Flush(flushToDisk: true);
        return (file.Length, Convert.ToHexStringLower(hash));
    }

    public async ValueTask DisposeAsync()
    {
        await tar.DisposeAsync();
        await hashed.DisposeAsync();
        await file.DisposeAsync();
    }

    private Task AppendAsync(string name, Stream content, CancellationToken cancellationToken) =>
        tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = content, Mode = BackupFormat.OwnerOnly, ModificationTime = at }, cancellationToken);
}

/// <summary>Collects what is written into parts of a length that is known before they go into the archive.</summary>
internal sealed class SplitParts(BackupWriter writer, string name, CancellationToken cancellationToken) : Stream
{
    private const int PartBytes = 8 * 1024 * 1024;
    private readonly byte[] part = new byte[PartBytes];
    private int filled;
    private int number;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            var taken = Math.Min(buffer.Length, part.Length - filled);
            buffer[..taken].CopyTo(part.AsMemory(filled));
            (filled, buffer) = (filled + taken, buffer[taken..]);
            if (filled == part.Length)
            {
                await FinishAsync();
            }
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Hands on what there is.</summary>
    public async Task FinishAsync()
    {
        if (filled > 0)
        {
            number++;
            await writer.AddAsync(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}{BackupFormat.Packed}{number:00000}"), part, filled, cancellationToken);
            filled = 0;
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Parts are written asynchronously.");
}
