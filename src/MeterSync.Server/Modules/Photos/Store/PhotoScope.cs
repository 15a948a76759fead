using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Photos.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Photos.Store;

/// <summary>The one place that says which photos and readings somebody sees here. Photos one sent are always one's own.</summary>
internal static class PhotoScope
{
    public static IQueryable<Photo> VisibleTo(this IQueryable<Photo> photos, MeterSyncDb db, Caller caller)
    {
        var links = db.Set<PhotoLink>();
        if (caller.OwnOnly is { } agent)
        {
            return photos.Where(photo => photo.UserId == agent
                || links.Any(link => link.PhotoId == photo.Id && db.OfReadings().Any(reading => reading.Id == link.ReadingId && reading.AgentId == agent))
                || (photo.SkipClientId != null && db.OfSkips().Any(skip => skip.ClientId == photo.SkipClientId && skip.AgentId == agent)));
        }

        if (caller.RegionsOnly is not { } regions)
        {
            return photos;
        }

        var own = caller.UserId ?? new UserId(Guid.Empty);
        var meters = db.MetersAt(regions);
        return photos.Where(photo => photo.UserId == own
            || links.Any(link => link.PhotoId == photo.Id && db.OfReadings().Any(reading => reading.Id == link.ReadingId && meters.Any(meter => meter == reading.MeterId)))
            || (photo.SkipClientId != null && db.OfSkips().Any(skip => skip.ClientId == photo.SkipClientId && meters.Any(meter => meter == skip.MeterId))));
    }

    public static IQueryable<ReadingFact> SeenBy(this IQueryable<ReadingFact> readings, MeterSyncDb db, Caller caller)
    {
        if (caller.OwnOnly is { } agent)
        {
            return readings.Where(reading => reading.AgentId == agent);
        }

        if (caller.RegionsOnly is not { } regions)
        {
            return readings;
        }

        var meters = db.MetersAt(regions);
        return readings.Where(reading => meters.Any(meter => meter == reading.MeterId));
    }
}
