namespace MeterSync.Store.Blobs;

/// <summary>An object as a stream that can seek: asked for from where the first byte is wanted, and no byte is held in memory that nobody reads.</summary>
internal sealed class S3ReadStream(S3Connection s3, string key, long length) : Stream
{
    private Amazon.S3.Model.GetObjectResponse? open;
    private long openAt;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= length || buffer.IsEmpty)
        {
            return 0;
        }

        if (open is null || openAt != Position)
        {
            Close(open);
            open = await s3.AskAsync(BlobWatch.Read, (client, bucket) => client.GetObjectAsync(
                new Amazon.S3.Model.GetObjectRequest { BucketName = bucket, Key = key, ByteRange = new Amazon.S3.Model.ByteRange(Position, length - 1) }, cancellationToken))
                ?? throw new BlobStoreException("The object is gone from the S3 storage.", new FileNotFoundException(key));
            openAt = Position;
        }

        try
        {
            var read = await open.ResponseStream.ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                throw new IOException("The S3 storage ended an object before its end.");
            }

            Position += read;
            openAt = Position;
            return read;
        }
        catch (Exception exception) when (S3Connection.IsOfService(exception) && !cancellationToken.IsCancellationRequested)
        {
            throw s3.Fault(BlobWatch.Read, exception);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => length + offset,
    };

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Close(open);
            open = null;
        }

        base.Dispose(disposing);
    }

    private static void Close(Amazon.S3.Model.GetObjectResponse? response) => response?.Dispose();
}
