using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Store;
using MeterSync.Store.Audit;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.Store;

/// <summary>The account itself, its sign-ins, keys and mails. The row stays with an empty name, so that what the person did belongs to somebody.</summary>
internal sealed class AccountPersonalData(MeterSyncDb db, TimeProvider clock) : IPersonalData
{
    public string Section => "account";

    public async Task WriteAsync(Utf8JsonWriter json, UserId person, CancellationToken cancellationToken)
    {
        var user = await db.Set<User>().AsNoTracking().FirstAsync(candidate => candidate.Id == person, cancellationToken);
        json.WriteStartObject();
        json.WriteString("email", user.Email);
        json.WriteString("username", user.Username);
        json.WriteString("name", user.Name);
        json.WriteString("phone", user.Phone);
        json.WriteString("department", user.Department);
        json.WriteString("region", user.Region);
        json.WriteString("roles", user.Roles);
        json.WriteString("status", Terms<UserStatus>.WordOf(user.Status));
        json.WriteString("created_at", user.CreatedAt);
        WriteTime(json, "last_login", user.LastLoginAt);
        WriteTime(json, "deleted_at", user.DeletedAt);
        json.WriteStartArray("sessions");
        await foreach (var signIn in db.Set<Session>().AsNoTracking().Where(signIn => signIn.UserId == person).OrderBy(signIn => signIn.CreatedAt).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            json.WriteStartObject();
            json.WriteString("created_at", signIn.CreatedAt);
            json.WriteString("last_used_at", signIn.LastUsedAt);
            json.WriteString("ip_address", signIn.IpAddress);
            json.WriteString("user_agent", signIn.UserAgent);
            WriteTime(json, "ended_at", signIn.RevokedAt);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("api_keys");
        await foreach (var key in db.Set<ApiKey>().AsNoTracking().Where(key => key.UserId == person).OrderBy(key => key.CreatedAt).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            json.WriteStartObject();
            json.WriteString("name", key.Name);
            json.WriteString("created_at", key.CreatedAt);
            WriteTime(json, "last_used_at", key.LastUsedAt);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("mails");
        await foreach (var mail in db.Set<Mail>().AsNoTracking().Where(mail => mail.Recipient == user.Email).OrderBy(mail => mail.CreatedAt).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            json.WriteStartObject();
            json.WriteString("kind", Terms<MailKind>.WordOf(mail.Kind));
            json.WriteString("created_at", mail.CreatedAt);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public async Task EraseAsync(UserId person, CancellationToken cancellationToken)
    {
        var user = await db.Set<User>().AsNoTracking().FirstAsync(candidate => candidate.Id == person, cancellationToken);
        var now = clock.GetUtcNow().ToStored();
        await db.Set<Session>().Where(signIn => signIn.UserId == person).ExecuteDeleteAsync(cancellationToken);
        var addresses = await db.Set<OneTimeToken>().Where(token => token.UserId == person).Select(token => token.Email).Distinct().ToListAsync(cancellationToken);
        addresses.Add(user.Email);
        await db.Set<OneTimeToken>().Where(token => token.UserId == person).ExecuteDeleteAsync(cancellationToken);
        await db.Set<Mail>().Where(mail => addresses.Contains(mail.Recipient)).ExecuteDeleteAsync(cancellationToken);
        await db.Set<ApiKey>().Where(key => key.UserId == person).ExecuteUpdateAsync(
            set => set.SetProperty(key => key.Name, Forgotten.Text).SetProperty(key => key.RevokedAt, key => key.RevokedAt ?? now).SetProperty(key => key.UpdatedAt, now), cancellationToken);

        // Past the change tracker, which would write the values that go into the audit log; that somebody was erased is told by an entry of its own.
        var nobody = $"erased-{person.Value:n}@invalid";
        await db.Set<User>().Where(candidate => candidate.Id == person).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Email, nobody).SetProperty(row => row.Username, (string?)null).SetProperty(row => row.Name, Forgotten.Text).SetProperty(row => row.Phone, (string?)null)
                .SetProperty(row => row.Department, (string?)null).SetProperty(row => row.Region, (string?)null).SetProperty(row => row.PasswordHash, "").SetProperty(row => row.Status, UserStatus.Inactive)
                .SetProperty(row => row.DeletedAt, row => row.DeletedAt ?? now).SetProperty(row => row.UpdatedAt, now).SetProperty(row => row.Version, row => row.Version + 1),
            cancellationToken);
        db.Add(await AuditTrail.ComposeAsync(db, "erased", user.AuditName, person.Value, null, null, cancellationToken));
        await db.SaveChangesAsync(cancellationToken);
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? at)
    {
        if (at is { } time)
        {
            json.WriteString(name, time);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
