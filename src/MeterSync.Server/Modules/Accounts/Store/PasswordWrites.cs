using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Mailing;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Accounts.Rights;
using MeterSync.Modules.Accounts.SignIn;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.Store;

/// <summary>Gives accounts new passwords, ends the sessions made with the old one, and tells the owner by mail.</summary>
internal sealed class PasswordWrites(MeterSyncDb db, IPasswords passwords, PasswordRules rules, Grants grants, Sessions sessions, OneTimeTokens tokens, MailBox mails, AccessDirectory directory, SignInLimits limits, CallerAccessor callers, WriteTransactions transactions, TimeProvider clock)
{
    /// <param name="id">Whose password.</param>
    /// <param name="current">What it is said to be now.</param>
    /// <param name="wanted">The new one.</param>
    /// <param name="except">A session that goes on.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<Outcome<Done>> ChangeOwnAsync(UserId id, string current, string wanted, SessionId? except, CancellationToken cancellationToken)
    {
        var user = await FindAsync(id, cancellationToken);
        if (user is null)
        {
            return NotFound();
        }

        // Whoever has somebody's session must not be able to find out the password by trying.
        var begun = await limits.TryBeginAsync(user.Email, callers.Caller.IpAddress, cancellationToken);
        if (!begun.Succeeded)
        {
            return begun.Problem;
        }

        await using var attempt = begun.Value;
        if (!await passwords.VerifyAsync(current, user.PasswordHash, cancellationToken))
        {
            await attempt.FailedAsync();
            return AccountProblems.WrongCurrentPassword.For("current_password", "The current password is wrong.");
        }

        await attempt.SucceededAsync();
        return await ChangeAsync(user, "new_password", wanted, except, cancellationToken);
    }

    public async Task<Outcome<Done>> ChangeOfOtherAsync(UserId id, string wanted, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is not { } user ? NotFound()
        : grants.RefuseChangeOf(user) is { } mighty ? mighty
        : await ChangeAsync(user, "new_password", wanted, except: null, cancellationToken);

    /// <summary>With the secret of a mail; also confirms the address it was sent to.</summary>
    public async Task<Outcome<Done>> ResetAsync(string secret, string wanted, CancellationToken cancellationToken)
    {
        // Hashing takes its time, so it is done before the transaction; whether the secret is any good is seen in it.
        var seen = await tokens.FindOwnerAsync(secret, TokenPurpose.Password, cancellationToken);
        if (seen is null)
        {
            return Refused();
        }

        if (rules.Check("new_password", wanted, seen) is { } weak)
        {
            return weak;
        }

        var hash = await passwords.HashAsync(wanted, cancellationToken);
        var outcome = await transactions.RunAsync<Done>(
            async token =>
            {
                if (await tokens.RedeemAsync(secret, TokenPurpose.Password, token) is not { } user)
                {
                    return Refused();
                }

                callers.ActAs(user.Id, user.Name, user.Role);
                user.Status = user.Status == UserStatus.Pending ? UserStatus.Active : user.Status;
                await PutAsync(user, hash, except: null, token);
                return Done.It;
            },
            cancellationToken);
        return await FinishAsync(outcome);
    }

    private async Task<Outcome<Done>> ChangeAsync(User user, string field, string wanted, SessionId? except, CancellationToken cancellationToken)
    {
        if (rules.Check(field, wanted, user) is { } weak)
        {
            return weak;
        }

        var hash = await passwords.HashAsync(wanted, cancellationToken);
        var outcome = await transactions.RunAsync<Done>(
            async token =>
            {
                await PutAsync(user, hash, except, token);
                return Done.It;
            },
            cancellationToken);
        await limits.ForgetAsync(user.Email);
        await limits.ForgetAsync(user.Username ?? user.Email);
        return await FinishAsync(outcome);
    }

    private async Task PutAsync(User user, string hash, SessionId? except, CancellationToken cancellationToken)
    {
        user.PasswordHash = hash;
        user.IsDemo = false;
        user.UpdatedAt = clock.GetUtcNow().ToStored();
        mails.Add(MailKind.PasswordChanged, user.Email);

        // The user's row first: a sign-in under way waits for it, and finds that its password is not the one any more.
        await db.SaveChangesAsync(cancellationToken);
        await sessions.EndAllAsync(user.Id, except, SessionEnd.PasswordChanged, cancellationToken);
        await tokens.VoidAsync(user, cancellationToken);
    }

    private async Task<Outcome<Done>> FinishAsync(Outcome<Done> outcome)
    {
        if (outcome.Succeeded)
        {
            sessions.Forget();
            mails.Wake();
            await directory.FollowAsync();
        }

        return outcome;
    }

    private Task<User?> FindAsync(UserId id, CancellationToken cancellationToken) =>
        db.Set<User>().FirstOrDefaultAsync(candidate => candidate.Id == id && candidate.DeletedAt == null, cancellationToken);

    private static Problem NotFound() => AccountProblems.UserNotFound.Because("There is no such user.");

    private static Problem Refused() => AccountProblems.TokenRefused.For("token", "This token is unknown, used or too old. Ask for a new one.");
}
