using System.Security.Cryptography;
using MeterSync.Kernel;
using MeterSync.Modules.Uploads.Domain;
using MeterSync.Modules.Uploads.Partial;
using MeterSync.Modules.Uploads.Public;
using MeterSync.Modules.Uploads.Store;

namespace MeterSync.Modules.Uploads.Transfer;

/// <summary>All bytes are there: compares their hash and hands the file to whom it is for.</summary>
internal sealed class FinishUpload(UploadBook book, IPartialStore store, RunningHashes hashes, IEnumerable<IUploadFollower> followers, ILogger<FinishUpload> log)
{
    /// <summary>Null once somebody has the file. Goes on though the client is gone: the next request would have to do it again.</summary>
    public async Task<Problem?> RunAsync(Upload upload)
    {
        var follower = followers.FirstOrDefault(candidate => candidate.Purpose == upload.Purpose);
        if (follower is null)
        {
            return UploadProblems.UnknownPurpose.Because($"Nothing here takes files of the purpose {upload.Purpose}.");
        }

        PartialFile file;
        try
        {
            file = await store.ReadAsync(upload, CancellationToken.None);
        }
        catch (PartialLostException exception)
        {
            // As after a restore of the database, whose uploads were finished since.
            log.LogWarning(exception, "Bytes of upload {Id} are gone; it begins anew", upload.Id.Value);
            await ForgetBytesAsync(upload);
            return UploadProblems.BytesLost.Because("Some of the bytes are gone from the storage. The upload is at 0 again: send all of it.");
        }

        using (file)
        {
            var hash = await HashAsync(upload, file);
            if (upload.Sha256 is { } wanted && !wanted.AsSpan().SequenceEqual(hash))
            {
                return await StartOverAsync(upload, hash);
            }

            var taken = await follower.FinishedAsync(new FinishedUpload(upload.Id, upload.UserId, upload.Length, hash, upload.Purpose, upload.SubjectId, file.Path, upload.FileName, upload.ContentType), CancellationToken.None);
            if (!taken.Succeeded)
            {
                UploadMetrics.Upload("refused");
                return taken.Problem;
            }
        }

        if (await book.FinishAsync(upload))
        {
            UploadMetrics.Upload("finished");
        }

        await store.DeleteAsync(upload.Id, CancellationToken.None);
        return null;
    }

    private async Task<byte[]> HashAsync(Upload upload, PartialFile file)
    {
        using var running = hashes.Take(upload.Id, upload.Length);

        // Of a copy only its own bytes tell that it is sound.
        return running is not null && !file.IsCopy ? running.Finish() : await HashOfAsync(file.Path);
    }

    private static async Task<byte[]> HashOfAsync(string path)
    {
        await using var stream = new FileStream(path, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.Read, BufferSize = 0, Options = FileOptions.SequentialScan });
        return await SHA256.HashDataAsync(stream, CancellationToken.None);
    }

    private async Task ForgetBytesAsync(Upload upload)
    {
        if (await book.MoveAsync(upload, 0, null))
        {
            await store.DeleteAsync(upload.Id, CancellationToken.None);
        }
    }

    /// <summary>Nobody can say which bytes are wrong. The phone still has the file, and may go on with this upload.</summary>
    private async Task<Problem> StartOverAsync(Upload upload, byte[] hash)
    {
        UploadMetrics.Upload("hash_mismatch");
        var (wanted, got) = (Convert.ToHexStringLower(upload.Sha256!), Convert.ToHexStringLower(hash));
        log.LogWarning("Upload {Id} has the hash {Hash} and was announced with {Wanted}; it begins anew", upload.Id.Value, got, wanted);
        await ForgetBytesAsync(upload);
        return UploadProblems.HashMismatch.For("sha256", $"The file's SHA-256 is {got}, not {wanted}. The upload is at 0 again: send all of it.");
    }
}
