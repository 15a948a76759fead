using System.Security.Cryptography;
using MeterSync.Kernel;
using MeterSync.Modules.Uploads.Domain;
using MeterSync.Modules.Uploads.Partial;
using MeterSync.Modules.Uploads.Store;

namespace MeterSync.Modules.Uploads.Transfer;

/// <summary>Takes the bytes of one request. An upload's count moves only after the bytes were made durable; a request that is cut leaves what arrived.</summary>
internal sealed class ReceiveBytes(UploadBook book, IPartialStore store, RunningHashes hashes, UploadWatch watch, IHostApplicationLifetime life, TimeProvider clock, ILogger<ReceiveBytes> log)
{
    private static readonly TimeSpan BetweenFlushes = TimeSpan.FromSeconds(10);

    /// <summary>Null where all bytes of the piece are stored.</summary>
    public async Task<Problem?> TakeAsync(HeldUpload held, Piece piece)
    {
        var upload = held.Upload;
        var room = upload.Length - upload.ReceivedBytes;
        if (piece.Offset != upload.ReceivedBytes)
        {
            return UploadProblems.OffsetMismatch.Because($"The upload stands at {upload.ReceivedBytes}, and the piece begins at {piece.Offset}.");
        }

        if (piece.Length > room)
        {
            return BeyondLength(upload, $"{piece.Length} more do");
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(held.Turn.Displaced, life.ApplicationStopping);
        if (room == 0)
        {
            using var rest = new PieceBody(piece.Source, stop.Token);
            return (await rest.ReadAsync()).Length == 0 ? null : BeyondLength(upload, "what came does");
        }

        var before = upload.ReceivedBytes;
        Problem? problem;
        try
        {
            problem = await StoreAsync(held, piece, stop.Token);
            watch.Stored();
        }
        catch (PartialHeldException exception)
        {
            log.LogWarning(exception, "Upload {Id} is written by another process", upload.Id.Value);
            problem = UploadProblems.Locked.Because("Another process is at work on this upload.") with { RetryAfterSeconds = 1 };
        }
        catch (Exception exception)
        {
            watch.Failed(exception);
            throw;
        }

        UploadMetrics.Stored(upload.ReceivedBytes - before);
        UploadMetrics.Piece(problem is null ? "stored" : problem.Code.Code.Split('.')[1]);
        return problem;
    }

    private async Task<Problem?> StoreAsync(HeldUpload held, Piece piece, CancellationToken stop)
    {
        var upload = held.Upload;
        await using var writer = await store.OpenAsync(upload, CancellationToken.None);
        using var checksum = piece.Checksum.IsGiven ? IncrementalHash.CreateHash(piece.Checksum.Algorithm) : null;
        var hash = hashes.Take(upload.Id, upload.ReceivedBytes);
        try
        {
            using var body = new PieceBody(piece.Source, stop);
            var (end, offset) = await PumpAsync(upload, body, writer, hash, checksum);
            var refused = end switch
            {
                PieceEnd.Beyond => BeyondLength(upload, "what came does"),
                PieceEnd.Overtaken => Overtaken(upload),
                PieceEnd.Cut when checksum is not null => Cut(held, body, "Since its checksum cannot be compared, nothing of it is kept."),
                PieceEnd.Whole when checksum is not null && !checksum.GetHashAndReset().AsSpan().SequenceEqual(piece.Checksum.Value) => UploadProblems.ChecksumMismatch.Because("The piece is not what Upload-Checksum says; none of it is kept."),
                _ => await CountAsync(upload, writer, offset) ? null : Overtaken(upload),
            };
            if (refused is not null)
            {
                return refused;
            }

            if (hash is not null)
            {
                hashes.Keep(upload.Id, hash);
                hash = null;
            }

            return end == PieceEnd.Whole ? null : Cut(held, body, $"{offset} of {upload.Length} bytes are kept.");
        }
        finally
        {
            hash?.Dispose();
        }
    }

    /// <summary>Reads to the end of the body. Says why that came, and how far the file goes now.</summary>
    private async Task<(PieceEnd End, long Offset)> PumpAsync(Upload upload, PieceBody body, IPartialWriter writer, RunningHash? hash, IncrementalHash? checksum)
    {
        var (offset, flushedAt) = (upload.ReceivedBytes, clock.GetTimestamp());
        while (true)
        {
            var bytes = await body.ReadAsync();
            if (bytes.Length == 0)
            {
                return (body.Broken is null ? PieceEnd.Whole : PieceEnd.Cut, offset);
            }

            if (bytes.Length > upload.Length - offset)
            {
                return (PieceEnd.Beyond, offset);
            }

            await writer.WriteAsync(bytes, CancellationToken.None);
            hash?.Append(bytes.Span);
            checksum?.AppendData(bytes.Span);
            offset += bytes.Length;

            // A piece with a checksum counts whole or not at all. The last bytes count once their request is over.
            var isDue = offset - upload.ReceivedBytes >= store.BytesBetweenFlushes || clock.GetElapsedTime(flushedAt) >= BetweenFlushes;
            if (isDue && checksum is null && offset < upload.Length)
            {
                if (!await CountAsync(upload, writer, offset))
                {
                    return (PieceEnd.Overtaken, upload.ReceivedBytes);
                }

                flushedAt = clock.GetTimestamp();
            }
        }
    }

    private async Task<bool> CountAsync(Upload upload, IPartialWriter writer, long offset)
    {
        if (offset == upload.ReceivedBytes)
        {
            return true;
        }

        var pieces = await writer.FlushAsync(CancellationToken.None);
        return await book.MoveAsync(upload, offset, pieces);
    }

    private static Problem BeyondLength(Upload upload, string what) =>
        UploadProblems.BeyondLength.Because($"The upload has {upload.Length} bytes and stands at {upload.ReceivedBytes}; {what} not fit.");

    private static Problem Overtaken(Upload upload) =>
        UploadProblems.OffsetMismatch.Because($"Another process went on with this upload from {upload.ReceivedBytes}, or ended it.");

    private Problem Cut(HeldUpload held, PieceBody body, string kept)
    {
        log.LogDebug(body.Broken, "The bytes of upload {Id} ended early", held.Upload.Id.Value);
        return held.Turn.Displaced.IsCancellationRequested ? UploadProblems.Locked.Because($"A newer request goes on with this upload. {kept}")
            : life.ApplicationStopping.IsCancellationRequested ? KernelProblems.Unavailable.Because($"The server is being stopped. {kept}") with { RetryAfterSeconds = 5 }
            : body.Broken is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } ? KernelProblems.TooLarge.Because($"The body is larger than any upload may be. {kept}")
            : UploadProblems.Interrupted.Because($"The body ended early. {kept}");
    }

    private enum PieceEnd
    {
        Whole,
        Cut,
        Beyond,
        Overtaken,
    }
}
