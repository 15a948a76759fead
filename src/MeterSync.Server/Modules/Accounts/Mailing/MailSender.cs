using System.Net;
using System.Net.Mail;
using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Store;
using MeterSync.Modules.Settings.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Accounts.Mailing;

/// <summary>Sends what waits in the mail box, and tries again with growing pauses what could not be sent. Several processes may do so: each mail is claimed first.
/// A process that dies while sending may leave a mail sent twice, never unsent.</summary>
internal sealed class MailSender(IServiceScopeFactory scopes, MailSignal signal, IOptions<MailOptions> options, IOptions<AccountOptions> accounts, IOrganisationSettings organisation, TimeProvider clock, ILogger<MailSender> log) : BackgroundService
{
    private const int AtOnce = 20;
    private const int LongestError = 300;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Sends what is due. Returns how many mails went out.</summary>
    public async Task<int> SendDueAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        var now = clock.GetUtcNow().ToStored();
        var due = await db.Set<Mail>().AsNoTracking().Where(mail => mail.DoneAt == null && mail.DueAt <= now).OrderBy(mail => mail.DueAt).Take(AtOnce).ToListAsync(cancellationToken);
        var sent = 0;
        foreach (var mail in due)
        {
            var (again, attempt) = (now + Claim, mail.Attempts);
            var claimed = await WriteAsync(db, () => db.Set<Mail>().Where(known => known.Id == mail.Id && known.Attempts == attempt && known.DoneAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(known => known.Attempts, attempt + 1).SetProperty(known => known.DueAt, again), cancellationToken), cancellationToken);
            if (claimed == 1 && await SendAsync(scope.ServiceProvider, db, mail, cancellationToken))
            {
                sent++;
            }
        }

        return sent;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.IsConfigured)
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            await signal.WaitAsync(Interval, clock, stoppingToken);
            try
            {
                await SendDueAsync(stoppingToken);
            }
            catch (Exception exception) when (StoreFaults.IsUnavailable(exception) && !stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(exception, "The mails that wait cannot be read; trying again");
            }
        }
    }

    private async Task<bool> SendAsync(IServiceProvider services, MeterSyncDb db, Mail mail, CancellationToken cancellationToken)
    {
        var user = await db.Set<User>().AsNoTracking().FirstOrDefaultAsync(candidate => candidate.Email == mail.Recipient && candidate.DeletedAt == null, cancellationToken);
        if (user is null || !IsWanted(mail.Kind, user))
        {
            await FinishAsync(db, mail, "Nobody who may get it has this address.", cancellationToken);
            return false;
        }

        try
        {
            var tokens = services.GetRequiredService<OneTimeTokens>();
            var secret = tokens.PurposeOf(mail.Kind) is { } purpose ? tokens.Make(user, purpose, tokens.LifeOf(mail.Kind)) : null;
            await db.SaveChangesAsync(cancellationToken);
            await DeliverAsync(user, MailText.Of(mail, user, organisation.Current.Name, secret, tokens.LifeOf(mail.Kind), accounts.Value.PublicUri), cancellationToken);
            await FinishAsync(db, mail, null, CancellationToken.None);
            MailMetrics.Count(mail.Kind, "sent");
            log.LogInformation("Mail {Mail} ({Kind}) went out", mail.Id.Value, mail.Kind);
            return true;
        }
        catch (Exception exception) when (exception is SmtpException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            await PutOffAsync(db, mail, exception, cancellationToken);
            return false;
        }
    }

    private async Task DeliverAsync(User user, MailText text, CancellationToken cancellationToken)
    {
        var settings = options.Value;
        using var client = new SmtpClient(settings.Host, settings.Port) { EnableSsl = settings.StartTls, DeliveryFormat = SmtpDeliveryFormat.International };
        if (settings.Username is { Length: > 0 })
        {
            client.Credentials = new NetworkCredential(settings.Username, settings.Password);
        }

        using var message = new MailMessage(new MailAddress(settings.From, organisation.Current.Name ?? settings.FromName), new MailAddress(user.Email, user.Name)) { Subject = text.Subject, Body = text.Body };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        await client.SendMailAsync(message, limit.Token);
    }

    private async Task PutOffAsync(MeterSyncDb db, Mail mail, Exception exception, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        var error = Cut(exception.GetBaseException().Message);
        if (now - mail.CreatedAt > TimeSpan.FromHours(options.Value.TryHours))
        {
            MailMetrics.Count(mail.Kind, "given_up");
            log.LogError(exception, "Mail {Mail} ({Kind}) is given up after {Attempts} attempts", mail.Id.Value, mail.Kind, mail.Attempts + 1);
            await FinishAsync(db, mail, error, cancellationToken);
            return;
        }

        MailMetrics.Count(mail.Kind, "put_off");
        var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, 15 * Math.Pow(2, Math.Min(mail.Attempts, 10))));
        log.LogWarning(exception, "Mail {Mail} ({Kind}) could not be sent; trying again in {Seconds} s", mail.Id.Value, mail.Kind, (int)pause.TotalSeconds);
        var again = now + pause;
        await WriteAsync(db, () => db.Set<Mail>().Where(known => known.Id == mail.Id).ExecuteUpdateAsync(set => set.SetProperty(known => known.DueAt, again).SetProperty(known => known.LastError, error), cancellationToken), cancellationToken);
    }

    private async Task FinishAsync(MeterSyncDb db, Mail mail, string? error, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        await WriteAsync(db, () => db.Set<Mail>().Where(known => known.Id == mail.Id).ExecuteUpdateAsync(set => set.SetProperty(known => known.DoneAt, now).SetProperty(known => known.LastError, error), cancellationToken), cancellationToken);
    }

    private static async Task<int> WriteAsync(MeterSyncDb db, Func<Task<int>> write, CancellationToken cancellationToken)
    {
        using var turn = db.IsSqlite ? await db.Session.EnterWriteGateAsync(cancellationToken) : null;
        return await write();
    }

    /// <summary>Whoever was locked out since must not get a key to the door.</summary>
    private static bool IsWanted(MailKind kind, User user) => kind switch
    {
        MailKind.Invitation or MailKind.ConfirmEmail => user.Status == UserStatus.Pending,
        MailKind.PasswordReset => user.Status is UserStatus.Active or UserStatus.Pending,
        _ => true,
    };

    private static string Cut(string text) => text.Length > LongestError ? text[..LongestError] : text;
}
