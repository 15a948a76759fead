using MeterSync.Kernel;
using MeterSync.Modules.Uploads.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Uploads.Public;

/// <summary>What followers need of uploads, who cannot ask <see cref="IUploads"/>: it asks them.</summary>
internal static class UploadFacts
{
    /// <summary>Uploads whose bytes may still come, of everybody. Conditions go on into the database.</summary>
    public static IQueryable<UploadId> OfOpenUploads(this MeterSyncDb db, DateTimeOffset now) =>
        db.Set<Upload>().Where(upload => upload.Status == UploadStatus.Open && upload.ExpiresAt > now).Select(upload => upload.Id);

    /// <summary>Gives up an upload that is not finished, inside the transaction under way; no error where there is none. Its bytes are cleared away within hours.</summary>
    public static Task EndUploadAsync(this MeterSyncDb db, UploadId id, CancellationToken cancellationToken) =>
        db.Set<Upload>().Where(upload => upload.Id == id && upload.Status == UploadStatus.Open).ExecuteDeleteAsync(cancellationToken);
}
