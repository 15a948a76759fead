using MeterSync.Kernel;
using MeterSync.Modules.Uploads.Domain;
using MeterSync.Modules.Uploads.Partial;
using MeterSync.Modules.Uploads.Store;

namespace MeterSync.Modules.Uploads.Transfer;

/// <summary>Hands an upload to one request at a time, and tells how far it truly is.</summary>
internal sealed class UploadDesk(UploadBook book, IPartialStore store, UploadTurns turns, RunningHashes hashes, FinishUpload finish, CallerAccessor callers, ILogger<UploadDesk> log)
{
    /// <summary>The caller's upload as stored, while others may work on it.</summary>
    public Task<Outcome<Upload>> LookAsync(UploadId id, CancellationToken cancellationToken) => book.FindAsync(id, callers.Caller.UserId, cancellationToken);

    /// <summary>The caller's upload, for this request alone.</summary>
    public async Task<Outcome<HeldUpload>> HoldAsync(UploadId id, CancellationToken cancellationToken)
    {
        var known = await LookAsync(id, cancellationToken);
        return known.Succeeded ? await HoldAsync(known.Value, cancellationToken) : known.Problem;
    }

    /// <summary>The same for one that was looked at: nobody but its owner may stop the request at work on it.</summary>
    public async Task<Outcome<HeldUpload>> HoldAsync(Upload known, CancellationToken cancellationToken)
    {
        if (await turns.TakeAsync(known.Id, cancellationToken) is not { } turn)
        {
            return UploadProblems.Locked.Because("Another request is still at work on this upload.") with { RetryAfterSeconds = 1 };
        }

        var held = false;
        try
        {
            // The request before has moved it on, or ended it.
            var current = await LookAsync(known.Id, cancellationToken);
            if (!current.Succeeded)
            {
                return current.Problem;
            }

            await BelieveStoreAsync(current.Value, cancellationToken);
            held = true;
            return new HeldUpload(current.Value, turn);
        }
        finally
        {
            if (!held)
            {
                turn.Dispose();
            }
        }
    }

    /// <summary>Null where the upload goes on or is finished. A whole one that nobody took, because the server was killed or its follower refused, is offered anew.</summary>
    public async Task<Problem?> EndAsync(Upload upload) =>
        upload is { Status: UploadStatus.Open, IsWhole: true } ? await finish.RunAsync(upload) : null;

    /// <summary>The database may have outlived bytes: after a disk was lost or an older folder put back, the client is told what there is and sends the rest.</summary>
    private async Task BelieveStoreAsync(Upload upload, CancellationToken cancellationToken)
    {
        if (upload.Status == UploadStatus.Finished || upload.ReceivedBytes == 0)
        {
            return;
        }

        var durable = await store.DurableBytesAsync(upload, cancellationToken);
        if (durable == upload.ReceivedBytes)
        {
            return;
        }

        log.LogWarning("Of upload {Id} {Durable} bytes are there, not {Counted}; it goes on from there", upload.Id.Value, durable, upload.ReceivedBytes);
        hashes.Forget(upload.Id);
        await book.MoveAsync(upload, durable, upload.Pieces);
    }
}
