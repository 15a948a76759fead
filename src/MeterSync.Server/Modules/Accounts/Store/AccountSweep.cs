using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.Store;

/// <summary>Deletes, each hour, what accounts leave behind: sessions long over, tokens of mails, mails that went out.</summary>
internal sealed class AccountSweep(IServiceScopeFactory scopes, TimeProvider clock, ILogger<AccountSweep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(2); // a start has better things to do

    /// <summary>How long an ended session can be asked about: who was signed in from where.</summary>
    private static readonly TimeSpan SessionsKept = TimeSpan.FromDays(90);

    private static readonly TimeSpan MailsKept = TimeSpan.FromDays(30);

    /// <summary>Returns how many rows went.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        var now = clock.GetUtcNow().ToStored();
        var (sessionsDue, mailsDue) = (now - SessionsKept, now - MailsKept);
        using var turn = db.IsSqlite ? await db.Session.EnterWriteGateAsync(cancellationToken) : null;
        return await db.Set<Session>().Where(session => session.ExpiresAt < sessionsDue).ExecuteDeleteAsync(cancellationToken)
            + await db.Set<OneTimeToken>().Where(token => token.ExpiresAt < mailsDue).ExecuteDeleteAsync(cancellationToken)
            + await db.Set<Mail>().Where(mail => mail.DoneAt != null && mail.CreatedAt < mailsDue).ExecuteDeleteAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(AfterStart, clock, stoppingToken);
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                var gone = await SweepAsync(stoppingToken);
                log.LogDebug("Deleted {Count} old sessions, tokens and mails", gone);
            }
            catch (Exception exception) when (StoreFaults.IsUnavailable(exception) && !stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(exception, "Old sessions, tokens and mails could not be deleted; trying again in an hour");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
