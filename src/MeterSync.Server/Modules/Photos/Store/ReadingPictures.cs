using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using MeterSync.Kernel;
using MeterSync.Modules.Photos.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using MeterSync.Store.Blobs;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Photos.Store;

/// <summary>Small pictures of readings, for tables.</summary>
internal sealed class ReadingPictures(MeterSyncDb db, IBlobStore store, CallerAccessor callers) : IReadingPictures
{
    public async IAsyncEnumerable<ReadingPicture> FindAsync(IReadOnlyCollection<ReadingId> readings, bool withThumbnails, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = await (
            from link in db.Set<PhotoLink>().AsNoTracking()
            join photo in db.Set<Photo>().AsNoTracking().VisibleTo(db, callers.Caller) on link.PhotoId equals photo.Id
            where readings.Contains(link.ReadingId) && photo.State == PhotoState.Complete
            orderby link.ReadingId, photo.CompletedAt, photo.Id
            select new { link.ReadingId, photo.ThumbnailSha256 }).ToListAsync(cancellationToken);
        foreach (var group in rows.GroupBy(row => row.ReadingId))
        {
            var hash = withThumbnails ? group.Select(row => row.ThumbnailSha256).FirstOrDefault(found => found is not null) : null;
            var thumbnail = hash is null ? null : await ReadAsync(BlobHash.Of(hash), cancellationToken);
            var (width, height) = thumbnail is null ? (0, 0) : SizeOf(thumbnail);
            yield return new ReadingPicture(group.Key, group.Count(), width == 0 ? null : thumbnail, width, height);
        }
    }

    private async Task<byte[]?> ReadAsync(BlobHash hash, CancellationToken cancellationToken)
    {
        await using var content = await store.OpenAsync(hash, cancellationToken);
        if (content is null)
        {
            return null;
        }

        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }

    /// <summary>Of a JPEG that was made here, from its frame header (ITU-T T.81, B.2.2); zeros where there is none.</summary>
    private static (int Width, int Height) SizeOf(ReadOnlySpan<byte> jpeg)
    {
        const int FrameBytes = 9;
        for (var at = 2; at + FrameBytes <= jpeg.Length && jpeg[at] == 0xFF;)
        {
            if (jpeg[at + 1] is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return (BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 5)..]));
            }

            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
        }

        return (0, 0);
    }
}
