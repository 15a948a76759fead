using System.Formats.Tar;
using System.IO.Compression;

namespace MeterSync.Store.Backups;

/// <summary>Goes through a backup that was found whole, thing by thing.</summary>
internal sealed class BackupReader : IAsyncDisposable
{
    private readonly FileStream file;
    private readonly HashedStream bounded;
    private readonly TarReader tar;
    private TarEntry? current;
    private TarEntry? next;

    public BackupReader(string path)
    {
        file = BackupFile.Open(path);
        bounded = new HashedStream(file, file.Length - BackupFormat.SealBytes);
        tar = new TarReader(bounded, leaveOpen: true);
    }

    /// <summary>How much of the file lies behind, from 0 to 1.</summary>
    public double Done => (double)file.Position / Math.Max(1, file.Length);

    /// <summary>Of the thing that <see cref="NextAsync"/> named last, unpacked.</summary>
    public Stream Content { get; private set; } = Stream.Null;

    /// <summary>Of a stored file.</summary>
    public long Length => current?.Length ?? 0;

    /// <summary>The next thing's name; null at the end. What was not read of the last one is passed over.</summary>
    public async Task<string?> NextAsync(CancellationToken cancellationToken)
    {
        await Content.DisposeAsync();
        current = next ?? await tar.GetNextEntryAsync(copyData: false, cancellationToken);
        next = null;
        if (current is null)
        {
            return null;
        }

        var thing = BackupFormat.ThingOf(current.Name);
        Content = thing == current.Name ? current.DataStream ?? Stream.Null : new GZipStream(new JoinedParts(this, thing), CompressionMode.Decompress);
        return thing;
    }

    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync();
        await tar.DisposeAsync();
        await bounded.DisposeAsync();
        await file.DisposeAsync();
    }

    /// <summary>From the parts of one thing, which follow each other.</summary>
    private async ValueTask<int> ReadPartsAsync(string thing, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (current is not null && next is null)
        {
            var read = current.DataStream is { } data ? await data.ReadAsync(buffer, cancellationToken) : 0;
            if (read > 0 || buffer.Length == 0)
            {
                return read;
            }

            var following = await tar.GetNextEntryAsync(copyData: false, cancellationToken);
            if (following is not null && following.Name != thing && BackupFormat.ThingOf(following.Name) == thing)
            {
                current = following;
                continue;
            }

            (next, current) = (following, null);
        }

        return 0;
    }

    private sealed class JoinedParts(BackupReader reader, string thing) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => reader.ReadPartsAsync(thing, buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Parts are read asynchronously.");

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
