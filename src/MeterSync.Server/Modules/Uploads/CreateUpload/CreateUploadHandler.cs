using MeterSync.Kernel;
using MeterSync.Modules.Uploads.Domain;
using MeterSync.Modules.Uploads.Partial;
using MeterSync.Modules.Uploads.Protocol;
using MeterSync.Modules.Uploads.Public;
using MeterSync.Modules.Uploads.Store;
using MeterSync.Modules.Uploads.Transfer;
using MeterSync.Store;

namespace MeterSync.Modules.Uploads.CreateUpload;

internal sealed class CreateUploadHandler(MeterSyncDb db, UploadBook book, UploadTurns turns, ReceiveBytes receive, UploadDesk desk, IPartialStore store, RunningHashes hashes, IEnumerable<IUploadFollower> followers, CallerAccessor callers)
{
    public async Task<Outcome<Upload>> HandleAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (callers.Caller.UserId is not { } person)
        {
            return KernelProblems.Forbidden.Because("The operator at the machine sends no uploads: sign in as a user.");
        }

        var hasBytes = TusRules.HasBytes(request);
        if (!hasBytes && (request.ContentLength > 0 || request.ContentType is { Length: > 0 }))
        {
            return KernelProblems.UnsupportedMediaType.Because($"An upload begins without a body, or with the first bytes and Content-Type: {TusHeaders.Bytes}.");
        }

        var (wanted, metadata) = (Read(request, person), request.Headers[TusHeaders.UploadMetadata].ToString());
        var piece = PieceHeaders.Read(request, 0);
        var problem = wanted.Problem ?? piece.Problem ?? await RefuseAsync(wanted.Value!, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var added = await book.AddAsync(wanted.Value!, metadata.Length == 0 ? null : metadata, cancellationToken);
        if (!added.Succeeded)
        {
            return added.Problem;
        }

        await db.SaveChangesAsync(cancellationToken);
        db.Forget(); // from here on its row changes by statements
        UploadMetrics.Upload("begun");
        return await BeginAsync(added.Value, hasBytes ? piece.Value : null, cancellationToken);
    }

    /// <summary>What is not answered with success leaves nothing behind: the client would never learn where it is.</summary>
    private async Task<Outcome<Upload>> BeginAsync(Upload upload, Piece? first, CancellationToken cancellationToken)
    {
        if (first is null && upload.Length > 0)
        {
            return upload;
        }

        var begun = false;
        try
        {
            using var turn = await turns.TakeAsync(upload.Id, cancellationToken) ?? throw new InvalidOperationException("Somebody is at work on an upload that nobody knows yet.");
            var problem = (first is null ? null : await receive.TakeAsync(new HeldUpload(upload, turn), first)) ?? await desk.EndAsync(upload);
            begun = problem is null;
            return problem is null ? upload : problem;
        }
        finally
        {
            if (!begun)
            {
                await book.DeleteAsync(upload.Id);
                await store.DeleteAsync(upload.Id, CancellationToken.None);
                hashes.Forget(upload.Id);
            }
        }
    }

    private async Task<Problem?> RefuseAsync(NewUpload wanted, CancellationToken cancellationToken) =>
        followers.FirstOrDefault(candidate => candidate.Purpose == wanted.Purpose) is { } follower
            ? wanted.Length > book.MostBytes(wanted.Purpose) ? null : await follower.RefuseAsync(wanted, cancellationToken)
            : UploadProblems.UnknownPurpose.For("purpose", $"Nothing here takes files of the purpose {wanted.Purpose}.");

    private static Outcome<NewUpload> Read(HttpRequest request, UserId person)
    {
        if (request.Headers[TusHeaders.UploadDeferLength].Count > 0 || request.Headers[TusHeaders.UploadConcat].Count > 0)
        {
            return KernelProblems.Invalid.For(TusHeaders.UploadLength, $"The server has neither the extension creation-defer-length nor concatenation: say {TusHeaders.UploadLength} at once.");
        }

        var length = TusRules.ReadCount(request.Headers, TusHeaders.UploadLength);
        var metadata = UploadMetadata.Read(request.Headers[TusHeaders.UploadMetadata].ToString());
        return !length.Succeeded ? length.Problem
            : !metadata.Succeeded ? metadata.Problem
            : new NewUpload
            {
                UserId = person,
                Length = length.Value,
                Sha256 = metadata.Value.Sha256,
                FileName = metadata.Value.FileName,
                ContentType = metadata.Value.ContentType,
                Purpose = metadata.Value.Purpose,
                SubjectId = metadata.Value.SubjectId,
            };
    }
}
