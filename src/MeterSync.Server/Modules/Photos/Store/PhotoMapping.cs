using MeterSync.Modules.Photos.Domain;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Photos.Store;

/// <summary>Foreign keys into other modules' tables stand in the schema alone.</summary>
internal static class PhotoMapping
{
    public static void Configure(ModelBuilder model)
    {
        var photo = model.Entity<Photo>();
        photo.ToTable("photos");
        photo.HasKey(p => p.Id);
        photo.HasIndex(p => new { p.UserId, p.CreatedAt });
        photo.HasIndex(p => p.ReadingClientId);
        photo.HasIndex(p => p.SkipClientId);
        photo.HasIndex(p => p.Sha256);
        photo.HasIndex(p => p.CreatedAt);
        photo.HasIndex(p => p.ThumbnailTries);

        var link = model.Entity<PhotoLink>();
        link.ToTable("photo_links");
        link.HasKey(l => new { l.ReadingId, l.PhotoId });
        link.HasIndex(l => l.PhotoId);
        link.HasOne<Photo>().WithMany().HasForeignKey(l => l.PhotoId).OnDelete(DeleteBehavior.ClientNoAction);

        var file = model.Entity<StoredFile>();
        file.ToTable("files");
        file.HasKey(f => f.Id);
        file.Ignore(f => f.AuditName);
        file.Ignore(f => f.AuditId);
        file.HasIndex(f => f.Name).IsUnique();
        file.HasIndex(f => f.UserId);
    }
}
