using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.Store;

/// <summary>Makes and redeems the secrets that mails carry. Both join the caller's save.</summary>
internal sealed class OneTimeTokens(MeterSyncDb db, TimeProvider clock)
{
    private static readonly TimeSpan ResetLife = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan InvitationLife = TimeSpan.FromDays(7);
    private static readonly TimeSpan ConfirmationLife = TimeSpan.FromDays(2);

    /// <summary>Null for mails that carry no secret.</summary>
    public TokenPurpose? PurposeOf(MailKind kind) => kind switch
    {
        MailKind.Invitation or MailKind.PasswordReset => TokenPurpose.Password,
        MailKind.ConfirmEmail => TokenPurpose.Email,
        _ => null,
    };

    public TimeSpan LifeOf(MailKind kind) => kind switch
    {
        MailKind.Invitation => InvitationLife,
        MailKind.ConfirmEmail => ConfirmationLife,
        _ => ResetLife,
    };

    public string Make(User user, TokenPurpose purpose, TimeSpan life)
    {
        var (secret, now) = (OneTimeToken.NewSecret(), clock.GetUtcNow().ToStored());
        db.Set<OneTimeToken>().Add(new OneTimeToken { Hash = OneTimeToken.HashOf(secret), UserId = user.Id, Purpose = purpose, Email = user.Email, CreatedAt = now, ExpiresAt = now + life });
        return secret;
    }

    /// <summary>The user the secret was sent to; null where it is no secret of ours, used, expired, or sent to an address the user no longer has.</summary>
    public async Task<User?> FindOwnerAsync(string secret, TokenPurpose purpose, CancellationToken cancellationToken)
    {
        var (hash, now) = (OneTimeToken.HashOf(secret), clock.GetUtcNow().ToStored());
        var token = await db.Set<OneTimeToken>().AsNoTracking().FirstOrDefaultAsync(candidate => candidate.Hash == hash && candidate.Purpose == purpose && candidate.UsedAt == null && candidate.ExpiresAt > now, cancellationToken);
        return token is null ? null : await db.Set<User>().FirstOrDefaultAsync(candidate => candidate.Id == token.UserId && candidate.Email == token.Email && candidate.DeletedAt == null && (candidate.Status == UserStatus.Active || candidate.Status == UserStatus.Pending), cancellationToken);
    }

    /// <summary>Makes worthless what was mailed, or is about to be, to choose a password with: whoever reads along in the mailbox must not undo a new one.</summary>
    public async Task VoidAsync(User user, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        await db.Set<OneTimeToken>().Where(token => token.UserId == user.Id && token.Purpose == TokenPurpose.Password && token.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(token => token.UsedAt, now), cancellationToken);
        await db.Set<Mail>().Where(mail => mail.Recipient == user.Email && mail.DoneAt == null && (mail.Kind == MailKind.PasswordReset || mail.Kind == MailKind.Invitation)).ExecuteUpdateAsync(set => set.SetProperty(mail => mail.DoneAt, now), cancellationToken);
    }

    /// <summary>As <see cref="FindOwnerAsync"/>, and the secret and the others of its purpose are used up.</summary>
    public async Task<User?> RedeemAsync(string secret, TokenPurpose purpose, CancellationToken cancellationToken)
    {
        if (await FindOwnerAsync(secret, purpose, cancellationToken) is not { } user)
        {
            return null;
        }

        var now = clock.GetUtcNow().ToStored();
        var open = await db.Set<OneTimeToken>().Where(candidate => candidate.UserId == user.Id && candidate.Purpose == purpose && candidate.UsedAt == null).ToListAsync(cancellationToken);
        open.ForEach(candidate => candidate.UsedAt = now);
        return user;
    }
}
