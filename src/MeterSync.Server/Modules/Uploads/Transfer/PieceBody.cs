using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace MeterSync.Modules.Uploads.Transfer;

/// <summary>Reads a request's bytes for as long as they come, and after that what is left of them: each byte that is dropped here a phone has to send again.</summary>
internal sealed class PieceBody : IDisposable
{
    private const int BufferBytes = 64 * 1024;
    private const string Stopped = "The request was asked to stop.";

    /// <summary>A request that was told to stop is read on until nothing came for so long, and nothing waits in the system either, as it may where the machine is busy ...</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(200);

    /// <summary>... and no longer than this.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private readonly PieceSource source;
    private readonly CancellationTokenRegistration registration;
    private long? stoppedAt;
    private long delivered;
    private Exception? failure;

    /// <param name="source">The bytes.</param>
    /// <param name="stop">Asks to come to an end. Not the request's own cancellation: a connection that is gone may have left bytes that are still to be read.</param>
    public PieceBody(PieceSource source, CancellationToken stop)
    {
        this.source = source;
        registration = stop.Register(source.Body.CancelPendingRead);
    }

    /// <summary>What broke it off; null where it ended by itself.</summary>
    public Exception? Broken { get; private set; }

    /// <summary>The next bytes, good until the next call; none at the end, whichever it is.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync()
    {
        var read = 0;
        if (failure is null)
        {
            try
            {
                read = await ReadBodyAsync();
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidDataException)
            {
                failure = exception;
            }
        }

        if (failure is not null && Broken is null)
        {
            read = ReadLeftOver();
            Broken = read == 0 ? failure : null;
        }

        delivered += read;
        return buffer.AsMemory(0, read);
    }

    public void Dispose()
    {
        registration.Dispose();
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private async ValueTask<int> ReadBodyAsync()
    {
        while (true)
        {
            var result = await NextAsync();
            var read = Take(source.Body, result.Buffer);
            var isSilent = result.IsCanceled && stoppedAt is not null;
            if (result.IsCanceled)
            {
                stoppedAt ??= Stopwatch.GetTimestamp();
            }

            if (read > 0 || result.IsCompleted)
            {
                return read;
            }

            if (isSilent && !source.IsWaiting)
            {
                throw new OperationCanceledException(Stopped);
            }
        }
    }

    private async ValueTask<ReadResult> NextAsync()
    {
        if (stoppedAt is not { } since)
        {
            return await source.Body.ReadAsync();
        }

        if (Stopwatch.GetElapsedTime(since) > Grace)
        {
            throw new OperationCanceledException(Stopped);
        }

        using var limit = new CancellationTokenSource(Silence);
        await using var silence = limit.Token.Register(source.Body.CancelPendingRead);
        return await source.Body.ReadAsync();
    }

    /// <summary>A body that ends early is reported by the server before what had come of it was given out; that is still in the connection.</summary>
    private int ReadLeftOver()
    {
        if (source.Connection is null || failure is not BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest })
        {
            return 0;
        }

        try
        {
            return source.Connection.TryRead(out var rest) ? Take(source.Connection, rest.Buffer.Slice(0, Math.Min(rest.Buffer.Length, source.Length - delivered))) : 0;
        }
        catch (IOException)
        {
            // A connection that was reset leaves nothing.
            return 0;
        }
    }

    private int Take(PipeReader from, in ReadOnlySequence<byte> bytes)
    {
        var length = (int)Math.Min(bytes.Length, BufferBytes);
        var some = bytes.Slice(0, length);
        some.CopyTo(buffer);
        from.AdvanceTo(some.End); // after this the sequence is no more
        return length;
    }
}

/// <summary>Where a request's bytes come from.</summary>
/// <param name="Body">Them.</param>
/// <param name="Connection">The connection beneath, where the bytes stand there as they are; else null.</param>
/// <param name="Length">How many the request announced; 0 where it did not.</param>
/// <param name="Socket">Beneath all that; null where there is none.</param>
internal sealed record PieceSource(PipeReader Body, PipeReader? Connection, long Length, Socket? Socket)
{
    /// <summary>Bytes have come that nobody has taken from the system yet.</summary>
    public bool IsWaiting
    {
        get
        {
            try
            {
                return Socket?.Available > 0;
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return false;
            }
        }
    }
}
