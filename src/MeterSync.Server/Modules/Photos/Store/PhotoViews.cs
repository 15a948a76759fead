using MeterSync.Modules.Photos.Domain;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Photos.Store;

/// <summary>Shows photos with addresses that work for a while.</summary>
internal sealed class PhotoViews(PhotoSeals seals, IOptions<PhotoOptions> options, TimeProvider clock)
{
    public PhotoView Of(Photo photo) => PhotoView.Of(photo, seals, clock.GetUtcNow() + TimeSpan.FromMinutes(options.Value.LinkMinutes));
}
