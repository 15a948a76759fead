using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Photos.Domain;
using MeterSync.Modules.Photos.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Photos.GetPhoto;

internal static class GetPhotoEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/photos/{id:guid}", async (Guid id, GetPhotoHandler handler, CancellationToken cancellationToken) => (await handler.HandleAsync(id, cancellationToken)).ToAnswer())
            .Slice<PhotoView>("GetPhoto", "A photo with addresses of its bytes that work for a while").RequirePermission(PhotoPermissions.Read);
}

internal sealed class GetPhotoHandler(MeterSyncDb db, PhotoViews views, CallerAccessor callers)
{
    public async Task<Outcome<PhotoView>> HandleAsync(Guid id, CancellationToken cancellationToken)
    {
        var photo = new PhotoId(id);
        return await db.Set<Photo>().AsNoTracking().VisibleTo(db, callers.Caller).FirstOrDefaultAsync(one => one.Id == photo, cancellationToken) is { } found
            ? views.Of(found)
            : PhotoProblems.NotFound.Because($"There is no photo {id}.");
    }
}
