using MeterSync.Modules.Accounts.Domain;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.Store;

internal static class AccountMapping
{
    public static void Configure(ModelBuilder model)
    {
        var user = model.Entity<User>();
        user.ToTable("users");
        user.HasKey(u => u.Id);
        user.Ignore(u => u.AuditName);
        user.Ignore(u => u.AuditId);
        user.Ignore(u => u.PersonId);
        user.Property(u => u.Version).IsConcurrencyToken();
        user.HasIndex(u => u.Email).IsUnique();
        user.HasIndex(u => u.Username).IsUnique();

        var session = model.Entity<Session>();
        session.ToTable("sessions");
        session.HasKey(s => s.Id);
        session.Property(s => s.Generation).IsConcurrencyToken();
        session.HasOne<User>().WithMany().HasForeignKey(s => s.UserId);
        session.HasIndex(s => s.RevokedAt);

        var key = model.Entity<SigningKey>();
        key.ToTable("signing_keys");
        key.HasKey(k => k.Kid);
    }
}
