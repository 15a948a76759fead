using System.Buffers.Binary;
using MeterSync.Kernel;
using MeterSync.Modules.Photos.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Photos.Store;

/// <summary>A photo that is going to come.</summary>
/// <param name="FileName">As its sender calls it.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">32 bytes.</param>
/// <param name="ReadingId">One the caller sees.</param>
internal sealed record AnnouncedPhoto(string? FileName, string ContentType, long Length, byte[] Sha256, ReadingId? ReadingId, Guid? ReadingClientId, Guid? SkipClientId);

/// <summary>Announced again, as after a lost answer, a photo stays the one photo. Inside <see cref="WriteTransactions"/> only.</summary>
internal sealed class PhotoAnnouncements(MeterSyncDb db, WriteTransactions transactions, PhotoLinks links, CallerAccessor callers, TimeProvider clock, IdSource ids)
{
    /// <param name="announced">The caller's.</param>
    /// <param name="finish">Says until when the bytes may come and how, before the photo is saved.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<Photo> AnnounceAsync(AnnouncedPhoto announced, Func<Photo, Task> finish, CancellationToken cancellationToken)
    {
        if (!db.IsSqlite)
        {
            // Announced twice at the same time it is one photo, too.
            await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({BinaryPrimitives.ReadInt64BigEndian(announced.Sha256)})", cancellationToken);
        }

        var known = await FindAsync(announced, cancellationToken);
        var photo = known ?? New(announced);
        if (known is null)
        {
            db.Add(photo);
            transactions.Afterwards(PhotoMetrics.Announced);
        }

        await finish(photo);
        await db.SaveChangesAsync(cancellationToken);
        if (known is null)
        {
            await TieAsync(photo, announced.ReadingId, cancellationToken);
        }

        return photo;
    }

    private UserId Sender => callers.Caller.UserId ?? new UserId(Guid.Empty);

    private Task<Photo?> FindAsync(AnnouncedPhoto announced, CancellationToken cancellationToken)
    {
        var (user, reading) = (Sender, announced.ReadingId);
        return db.Set<Photo>().FirstOrDefaultAsync(
            photo => photo.Sha256 == announced.Sha256 && photo.UserId == user && photo.Length == announced.Length && photo.ReadingClientId == announced.ReadingClientId && photo.SkipClientId == announced.SkipClientId
                && (reading == null || db.Set<PhotoLink>().Any(link => link.PhotoId == photo.Id && link.ReadingId == reading)),
            cancellationToken);
    }

    private Photo New(AnnouncedPhoto announced) => new()
    {
        Id = ids.Next<PhotoId>(),
        UserId = Sender,
        ReadingClientId = announced.ReadingClientId,
        SkipClientId = announced.SkipClientId,
        FileName = FileNames.Clean(announced.FileName, "photo"),
        ContentType = announced.ContentType.Trim().ToLowerInvariant(),
        Length = announced.Length,
        Sha256 = announced.Sha256,
        State = PhotoState.Pending,
        CreatedAt = clock.GetUtcNow().ToStored(),
    };

    private async Task TieAsync(Photo photo, ReadingId? reading, CancellationToken cancellationToken)
    {
        if (reading is { } named)
        {
            await links.LinkAsync([(named, photo.Id)], cancellationToken);
        }

        if (reading is not null || photo.ReadingClientId is not null)
        {
            await links.FollowAsync(photo, cancellationToken);
        }
    }
}
