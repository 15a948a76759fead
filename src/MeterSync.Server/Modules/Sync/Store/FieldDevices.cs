using MeterSync.Kernel;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Sync.Store;

/// <summary>Knows the phones people come with, and books when each was in touch.</summary>
internal sealed class FieldDevices(MeterSyncDb db, CallerAccessor callers, TimeProvider clock, IdSource ids)
{
    /// <summary>The caller's phone, made where it comes for the first time; refused where it was revoked. Within a transaction or without one. Not tracked: <see cref="LockAsync"/> reads it anew.</summary>
    public async Task<Outcome<FieldDevice>> MeetAsync(DeviceContact contact, CancellationToken cancellationToken)
    {
        if (callers.Caller.UserId is not { } user)
        {
            return FieldDeviceProblems.NoPerson.Because("Sign in as the person who uses the phone.");
        }

        var now = clock.GetUtcNow().ToStored();
        var session = callers.Caller.SessionId;
        var device = await FindAsync(user, contact.DeviceKey, cancellationToken);
        if (device is null)
        {
            device = await KnownAsync(user, contact, cancellationToken);
            await NoteSessionAsync(device.Id, session, now, cancellationToken);
        }
        else if (device.RevokedAt is null && contact.IsNews(device, session, now))
        {
            var isNewSession = session is not null && session != device.SessionId;
            contact.Book(device, session, now);
            await BookAsync(device, cancellationToken);
            if (isNewSession)
            {
                await NoteSessionAsync(device.Id, session, now, cancellationToken);
            }
        }

        return Admit(device);
    }

    /// <summary>A person's phone, made where nothing was heard of it so far; its being in touch is not booked, and it may be revoked. Not tracked.</summary>
    public async Task<FieldDevice> KnownAsync(UserId user, DeviceContact contact, CancellationToken cancellationToken)
    {
        if (await FindAsync(user, contact.DeviceKey, cancellationToken) is { } known)
        {
            return known;
        }

        await AddAsync(user, contact, clock.GetUtcNow().ToStored(), cancellationToken);
        return await FindAsync(user, contact.DeviceKey, cancellationToken) ?? throw new InvalidOperationException("A phone that was just made is gone.");
    }

    /// <summary>The phone as it is now, tracked; on PostgreSQL nobody else changes it until the transaction ends. Refused where it was revoked meanwhile.</summary>
    public async Task<Outcome<FieldDevice>> LockAsync(FieldDeviceId id, CancellationToken cancellationToken) => Admit(await ForUpdateAsync(id, cancellationToken) ?? throw new InvalidOperationException($"There is no field device {id.Value}."));

    /// <summary>As <see cref="LockAsync"/>, whether or not it is revoked; null for none.</summary>
    public async Task<FieldDevice?> ForUpdateAsync(FieldDeviceId id, CancellationToken cancellationToken) => db.IsSqlite
        ? await db.Set<FieldDevice>().FirstOrDefaultAsync(device => device.Id == id, cancellationToken)
        : (await db.Set<FieldDevice>().FromSql($"select * from field_devices where id = {id.Value} for update").ToListAsync(cancellationToken)).FirstOrDefault();

    private static Outcome<FieldDevice> Admit(FieldDevice device) => device.RevokedAt is null
        ? device
        : FieldDeviceProblems.Revoked.Because("This phone was revoked by the office. Lock it, delete nothing, and ask the office.");

    private Task<FieldDevice?> FindAsync(UserId user, string key, CancellationToken cancellationToken) =>
        db.Set<FieldDevice>().AsNoTracking().FirstOrDefaultAsync(device => device.UserId == user && device.DeviceKey == key, cancellationToken);

    /// <summary>Two contacts at once make one row: whoever comes second finds that of the first.</summary>
    private async Task AddAsync(UserId user, DeviceContact contact, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (id, owner, beginning, at) = (Stored(ids.Next()), Stored(user.Value), Receipts.Beginning, Stored(now));
        var session = callers.Caller.SessionId is { } known ? Stored(known.Value) : null;
        using var turn = await EnterAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into field_devices (id, user_id, device_key, name, app_version, session_id, seq, chain, unsent_count, clock_error_ms, first_seen_at, last_seen_at)
            values ({id}, {owner}, {contact.DeviceKey}, {contact.Name}, {contact.AppVersion}, {session}, 0, {beginning}, {contact.UnsentCount}, {contact.ClockErrorMs}, {at}, {at})
            on conflict (user_id, device_key) do nothing
            """,
            cancellationToken);
    }

    /// <summary>Past the change tracker, and without the receipts' columns, which move under the lock alone.</summary>
    private async Task BookAsync(FieldDevice device, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken);
        await db.Set<FieldDevice>().Where(row => row.Id == device.Id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.LastSeenAt, device.LastSeenAt).SetProperty(row => row.SessionId, device.SessionId).SetProperty(row => row.Name, device.Name)
                .SetProperty(row => row.AppVersion, device.AppVersion).SetProperty(row => row.UnsentCount, device.UnsentCount).SetProperty(row => row.ClockErrorMs, device.ClockErrorMs),
            cancellationToken);
    }

    /// <summary>A session that a restore took away lives on in its access token for some minutes: there is nothing of it to end, and nothing to note.</summary>
    private async Task NoteSessionAsync(FieldDeviceId device, SessionId? session, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (session is not { } came)
        {
            return;
        }

        var (id, with, at) = (Stored(device.Value), Stored(came.Value), Stored(now));
        using var turn = await EnterAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"insert into field_device_sessions (device_id, session_id, first_seen_at) select {id}, id, {at} from sessions where id = {with} on conflict do nothing", cancellationToken);
    }

    private async Task<IDisposable?> EnterAsync(CancellationToken cancellationToken) =>
        db.IsSqlite && db.Database.CurrentTransaction is null ? await db.Session.EnterWriteGateAsync(cancellationToken) : null;

    private object Stored(Guid id) => db.IsSqlite ? id.ToByteArray(true) : id;

    private object Stored(DateTimeOffset instant) => db.IsSqlite ? instant.ToUnixMicroseconds() : instant;
}
