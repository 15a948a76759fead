using MeterSync.Kernel;
using MeterSync.Modules.Uploads.Domain;
using MeterSync.Modules.Uploads.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Uploads.Store;

/// <summary>The rows of uploads. How far one is moves only from where it was: of two processes that both believe to write, one is told that it does not.</summary>
internal sealed class UploadBook(MeterSyncDb db, IEnumerable<IUploadFollower> followers, IOptions<UploadOptions> options, IdSource ids, TimeProvider clock) : IUploads
{
    public static string UrlOf(UploadId id) => $"/uploads/{id.Value}";

    public async Task<Outcome<BegunUpload>> BeginAsync(NewUpload upload, CancellationToken cancellationToken)
    {
        var added = await AddAsync(upload, null, cancellationToken);
        return added.Succeeded ? new BegunUpload(added.Value.Id, UrlOf(added.Value.Id), added.Value.ExpiresAt) : added.Problem;
    }

    public Task<bool> IsOpenAsync(UploadId id, CancellationToken cancellationToken) => db.OfOpenUploads(clock.GetUtcNow().ToStored()).AnyAsync(open => open == id, cancellationToken);

    /// <summary>Most bytes of a file for this purpose.</summary>
    public long MostBytes(string purpose) => followers.FirstOrDefault(follower => follower.Purpose == purpose)?.MostBytes ?? options.Value.MostBytes;

    /// <summary>Most bytes of any file.</summary>
    public long MostBytesOfAny() => followers.Select(follower => follower.MostBytes ?? 0).Append(options.Value.MostBytes).Max();

    /// <summary>Part of the caller's unit of work.</summary>
    public async Task<Outcome<Upload>> AddAsync(NewUpload wanted, string? metadata, CancellationToken cancellationToken)
    {
        var most = MostBytes(wanted.Purpose);
        if (wanted.Length > most)
        {
            return UploadProblems.TooLarge.Because($"The file has {wanted.Length} bytes; files of the purpose {wanted.Purpose} have at most {most}.");
        }

        var now = clock.GetUtcNow().ToStored();
        var open = await db.Set<Upload>().CountAsync(other => other.UserId == wanted.UserId && other.Status == UploadStatus.Open && other.ExpiresAt > now, cancellationToken);
        if (open >= options.Value.MostOpen)
        {
            return UploadProblems.TooManyOpen.Because($"{open} of your uploads are not finished; {options.Value.MostOpen} may be at a time. Finish or delete some.");
        }

        var upload = new Upload
        {
            Id = ids.Next<UploadId>(),
            UserId = wanted.UserId,
            Purpose = wanted.Purpose,
            SubjectId = wanted.SubjectId,
            Length = wanted.Length,
            Sha256 = wanted.Sha256,
            FileName = wanted.FileName,
            ContentType = wanted.ContentType,
            Metadata = metadata,
            CreatedAt = now,
            ExpiresAt = now + Lifetime,
        };
        db.Add(upload);
        return upload;
    }

    /// <summary>The upload as stored, if it is this person's and goes on.</summary>
    public async Task<Outcome<Upload>> FindAsync(UploadId id, UserId? person, CancellationToken cancellationToken)
    {
        var upload = await db.Set<Upload>().AsNoTracking().FirstOrDefaultAsync(candidate => candidate.Id == id && candidate.UserId == person, cancellationToken);
        return upload is null ? UploadProblems.NotFound.Because("There is no such upload, or it is not yours.")
            : upload.ExpiresAt <= clock.GetUtcNow() ? UploadProblems.Expired.Because($"The upload ended on {upload.ExpiresAt:yyyy-MM-dd} at {upload.ExpiresAt:HH:mm} UTC. Begin anew.")
            : upload;
    }

    /// <summary>From where the upload stands to somewhere else; false where it does not stand there any more.</summary>
    public async Task<bool> MoveAsync(Upload upload, long receivedBytes, string? pieces)
    {
        var expires = clock.GetUtcNow().ToStored() + Lifetime;
        using var turn = db.IsSqlite ? await db.Session.EnterWriteGateAsync(CancellationToken.None) : null;
        var moved = await db.Set<Upload>().Where(row => row.Id == upload.Id && row.Status == UploadStatus.Open && row.ReceivedBytes == upload.ReceivedBytes)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.ReceivedBytes, receivedBytes).SetProperty(row => row.Pieces, pieces).SetProperty(row => row.ExpiresAt, expires), CancellationToken.None);
        if (moved == 0)
        {
            return false;
        }

        (upload.ReceivedBytes, upload.Pieces, upload.ExpiresAt) = (receivedBytes, pieces, expires);
        return true;
    }

    /// <summary>False where another request was faster, or the upload is gone.</summary>
    public async Task<bool> FinishAsync(Upload upload)
    {
        var now = clock.GetUtcNow().ToStored();
        using var turn = db.IsSqlite ? await db.Session.EnterWriteGateAsync(CancellationToken.None) : null;
        var finished = await db.Set<Upload>().Where(row => row.Id == upload.Id && row.Status == UploadStatus.Open && row.ReceivedBytes == row.Length)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, UploadStatus.Finished).SetProperty(row => row.FinishedAt, now).SetProperty(row => row.Pieces, (string?)null), CancellationToken.None);
        (upload.Status, upload.FinishedAt, upload.Pieces) = (UploadStatus.Finished, now, null);
        return finished > 0;
    }

    public async Task DeleteAsync(UploadId id)
    {
        using var turn = db.IsSqlite ? await db.Session.EnterWriteGateAsync(CancellationToken.None) : null;
        await db.Set<Upload>().Where(row => row.Id == id).ExecuteDeleteAsync(CancellationToken.None);
    }

    private TimeSpan Lifetime => TimeSpan.FromHours(options.Value.Hours);
}
