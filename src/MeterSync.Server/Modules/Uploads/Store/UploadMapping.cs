using MeterSync.Modules.Uploads.Domain;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Uploads.Store;

/// <summary>Foreign keys into other modules' tables stand in the schema alone.</summary>
internal static class UploadMapping
{
    public static void Configure(ModelBuilder model)
    {
        var upload = model.Entity<Upload>();
        upload.ToTable("uploads");
        upload.HasKey(u => u.Id);
        upload.Ignore(u => u.IsWhole);
        upload.HasIndex(u => new { u.UserId, u.Status });
        upload.HasIndex(u => new { u.Status, u.ExpiresAt });
    }
}
