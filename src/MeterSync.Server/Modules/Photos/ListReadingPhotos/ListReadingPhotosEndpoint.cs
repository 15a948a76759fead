using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Photos.Domain;
using MeterSync.Modules.Photos.Store;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Photos.ListReadingPhotos;

/// <param name="Items">In order of arrival.</param>
/// <param name="Evidence">Whether the photos the reading names are here.</param>
/// <param name="Missing">Those it names by SHA-256 or id that are not.</param>
internal sealed record ReadingPhotosView(IReadOnlyList<PhotoView> Items, ReadingEvidence Evidence, IReadOnlyList<string> Missing);

internal static class ListReadingPhotosEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/readings/{id:guid}/photos", async (Guid id, ListReadingPhotosHandler handler, CancellationToken cancellationToken) => (await handler.HandleAsync(id, cancellationToken)).ToAnswer())
            .Slice<ReadingPhotosView>("ListReadingPhotos", "The photos of a reading, those that are still to come among them").RequirePermission(PhotoPermissions.Read);
}

internal sealed class ListReadingPhotosHandler(MeterSyncDb db, PhotoViews views, CallerAccessor callers)
{
    public async Task<Outcome<ReadingPhotosView>> HandleAsync(Guid id, CancellationToken cancellationToken)
    {
        var reading = new ReadingId(id);
        if (await db.OfReadings().SeenBy(db, callers.Caller).Where(one => one.Id == reading).Select(one => new { one.Photos, one.Evidence }).FirstOrDefaultAsync(cancellationToken) is not { } found)
        {
            return PhotoProblems.ReadingNotFound.Because($"There is no reading {id}.");
        }

        var photos = await (
            from link in db.Set<PhotoLink>().AsNoTracking()
            join photo in db.Set<Photo>().AsNoTracking() on link.PhotoId equals photo.Id
            where link.ReadingId == reading
            orderby photo.CreatedAt, photo.Id
            select photo).ToListAsync(cancellationToken);
        var shown = photos.ConvertAll(views.Of);
        var here = shown.Where(photo => photo.State == PhotoState.Complete).SelectMany(photo => new[] { photo.Sha256, photo.Id.ToString() }).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return new ReadingPhotosView(shown, found.Evidence ?? ReadingEvidence.None, [.. ListedPhotos.Of(found.Photos).Where(name => ListedPhotos.IsKnowable(name) && !here.Contains(name))]);
    }
}
