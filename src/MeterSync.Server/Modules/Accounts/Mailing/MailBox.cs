using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Accounts.Mailing;

/// <summary>Takes mails into the caller's save: a mail exists if and only if what it tells of happened. <see cref="Wake"/> follows once that is committed.</summary>
internal sealed class MailBox(MeterSyncDb db, MailSignal signal, IOptions<MailOptions> options, TimeProvider clock, IdSource ids)
{
    /// <summary>Mails of one kind that one address gets within an hour: nobody's mailbox may be filled through us.</summary>
    private const int MostPerHour = 3;

    public bool CanSend => options.Value.IsConfigured;

    /// <summary>Does nothing where no mail can be sent.</summary>
    public void Add(MailKind kind, string recipient, string? detail = null)
    {
        if (CanSend)
        {
            var now = clock.GetUtcNow().ToStored();
            db.Set<Mail>().Add(new Mail { Id = ids.Next<MailId>(), Kind = kind, Recipient = recipient, Detail = detail, CreatedAt = now, DueAt = now });
        }
    }

    /// <summary>Whether the address has had its share of this kind of mail. Costs the same whoever has the address.</summary>
    public async Task<bool> HasHadEnoughAsync(MailKind kind, string recipient, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow().ToStored() - TimeSpan.FromHours(1);
        return await db.Set<Mail>().CountAsync(mail => mail.Recipient == recipient && mail.Kind == kind && mail.CreatedAt > since, cancellationToken) >= MostPerHour;
    }

    public void Wake() => signal.Raise();
}

/// <summary>Says that a mail waits.</summary>
internal sealed class MailSignal
{
    private TaskCompletionSource raised = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Raise() => raised.TrySetResult();

    /// <summary>Ends when a mail waits, or after a time.</summary>
    public async Task WaitAsync(TimeSpan longest, TimeProvider clock, CancellationToken cancellationToken)
    {
        await Task.WhenAny(raised.Task, Task.Delay(longest, clock, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        raised = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
