using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Accounts.SignIn;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.Login;

internal sealed class LoginHandler(MeterSyncDb db, IPasswords passwords, Tokens tokens, Sessions sessions, UnknownUserHash unknown, SignInLimits limits, WriteTransactions transactions, TimeProvider clock)
{
    public async Task<Outcome<IssuedTokens>> HandleAsync(LoginRequest request, string? ip, string agent, CancellationToken cancellationToken)
    {
        var sent = (request.Email ?? request.Username ?? "").Trim();
        if (sent.Length == 0)
        {
            return KernelProblems.Invalid.For("email", "Give email or username.");
        }

        var name = EmailName.Normalise(sent, out _) ?? sent.ToLowerInvariant();
        var user = await db.Set<User>().FirstOrDefaultAsync(candidate => (candidate.Email == name || candidate.Username == name) && candidate.DeletedAt == null, cancellationToken);

        // By the name that was typed: counting an account's names together would tell which belong together.
        var begun = await limits.TryBeginAsync(name, ip, cancellationToken);
        if (!begun.Succeeded)
        {
            SignInMetrics.Count(SignInOutcome.Limited);
            return begun.Problem;
        }

        await using var attempt = begun.Value;

        // A name nobody has costs the same hash as a real one, so that the time does not tell which names exist.
        var hash = user is { PasswordHash.Length: > 0 } ? user.PasswordHash : await unknown.GetAsync(cancellationToken);
        var right = await VerifyAsync(request.Password!, hash, cancellationToken);
        if (user is null || !right || user.Status is UserStatus.Inactive or UserStatus.Suspended)
        {
            await attempt.FailedAsync();
            SignInMetrics.Count(SignInOutcome.WrongCredentials);
            return AccountProblems.WrongCredentials.Because("The name or the password is wrong.");
        }

        await attempt.SucceededAsync();
        if (user.Status == UserStatus.Pending)
        {
            // Only whoever knows the password is told.
            return AccountProblems.EmailUnconfirmed.Because("Confirm your e-mail address first: open the link in the mail that was sent to it.");
        }

        var outcome = await transactions.RunAsync<IssuedTokens>(
            async token =>
            {
                // First, and only if nothing changed since the password was looked at: whoever changes it ends the sessions there are, and must see this one.
                // Not through the tracked user: a sign-in is no edit, and must neither raise the version editors rely on nor collide with another sign-in.
                var now = clock.GetUtcNow().ToStored();
                var signedIn = await db.Set<User>().Where(known => known.Id == user.Id && known.PasswordHash == user.PasswordHash && known.Status == UserStatus.Active && known.DeletedAt == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(known => known.LastLoginAt, now), token);
                if (signedIn == 0)
                {
                    return AccountProblems.WrongCredentials.Because("The name or the password is wrong.");
                }

                var session = sessions.Begin(user, request.RememberMe, ip, agent);
                await db.SaveChangesAsync(token);
                return new IssuedTokens(tokens.Issue(user, session), session, await NoticeAsync(user, token));
            },
            cancellationToken);
        SignInMetrics.Count(outcome.Succeeded ? SignInOutcome.Succeeded : SignInOutcome.WrongCredentials);
        return outcome;
    }

    private async Task<bool> VerifyAsync(string password, string hash, CancellationToken cancellationToken)
    {
        try
        {
            return await passwords.VerifyAsync(password, hash, cancellationToken);
        }
        catch (OverloadedException)
        {
            SignInMetrics.Count(SignInOutcome.Busy);
            throw;
        }
    }

    /// <summary>What happened to the account since its last sign-in that its owner must hear of, mail or no mail.</summary>
    private async Task<string?> NoticeAsync(User user, CancellationToken cancellationToken)
    {
        var since = user.LastLoginAt ?? user.CreatedAt;
        var stolen = await db.Set<Session>().Where(session => session.UserId == user.Id && session.EndReason == SessionEnd.Reuse && session.RevokedAt > since).MaxAsync(session => session.RevokedAt, cancellationToken);
        return stolen is { } at ? $"A session of yours was ended at {at:yyyy-MM-dd HH:mm} UTC, because an old refresh token of it was used again: it may have been stolen. Change your password if you do not know why." : null;
    }
}

/// <summary>A hash no password fits, made once.</summary>
internal sealed class UnknownUserHash(IPasswords passwords, IdSource ids)
{
    private string? hash;

    public async ValueTask<string> GetAsync(CancellationToken cancellationToken) =>
        hash ??= await passwords.HashAsync(ids.Next().ToString(), cancellationToken);
}
