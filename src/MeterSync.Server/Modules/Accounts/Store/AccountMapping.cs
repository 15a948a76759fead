using MeterSync.Modules.Accounts.Domain;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.Store;

internal static class AccountMapping
{
    public static void Configure(ModelBuilder model)
    {
        ConfigureUsers(model);
        ConfigureKeys(model);

        var token = model.Entity<OneTimeToken>();
        token.ToTable("one_time_tokens");
        token.HasKey(t => t.Hash);
        token.Property(t => t.UsedAt).IsConcurrencyToken();
        token.HasOne<User>().WithMany().HasForeignKey(t => t.UserId);
        token.HasIndex(t => t.ExpiresAt);

        var mail = model.Entity<Mail>();
        mail.ToTable("mails");
        mail.HasKey(m => m.Id);
        mail.HasIndex(m => m.DueAt);
        mail.HasIndex(m => m.Recipient);
    }

    private static void ConfigureUsers(ModelBuilder model)
    {
        var user = model.Entity<User>();
        user.ToTable("users");
        user.HasKey(u => u.Id);
        user.Ignore(u => u.AuditName);
        user.Ignore(u => u.AuditId);
        user.Ignore(u => u.Role);
        user.Ignore(u => u.MayComeIn);
        user.Ignore(u => u.PersonId);
        user.Property(u => u.Version).IsConcurrencyToken();
        user.HasIndex(u => u.Email).IsUnique();
        user.HasIndex(u => u.Username).IsUnique();
        user.HasIndex(u => u.UpdatedAt);

        var role = model.Entity<Role>();
        role.ToTable("roles");
        role.HasKey(r => r.Id);
        role.Ignore(r => r.AuditName);
        role.Ignore(r => r.AuditId);
        role.Property(r => r.Version).IsConcurrencyToken();
        role.HasIndex(r => r.Name).IsUnique();

        var session = model.Entity<Session>();
        session.ToTable("sessions");
        session.HasKey(s => s.Id);
        session.Property(s => s.Generation).IsConcurrencyToken();
        session.HasOne<User>().WithMany().HasForeignKey(s => s.UserId);
        session.HasIndex(s => s.RevokedAt);
        session.HasIndex(s => s.ExpiresAt);
    }

    private static void ConfigureKeys(ModelBuilder model)
    {
        var signing = model.Entity<SigningKey>();
        signing.ToTable("signing_keys");
        signing.HasKey(k => k.Kid);

        var key = model.Entity<ApiKey>();
        key.ToTable("api_keys");
        key.HasKey(k => k.Id);
        key.Ignore(k => k.AuditName);
        key.Ignore(k => k.AuditId);
        key.HasOne<User>().WithMany().HasForeignKey(k => k.UserId);
        key.HasIndex(k => k.UpdatedAt);
    }
}
