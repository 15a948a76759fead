using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Accounts.SignIn;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Accounts.Login;

internal sealed class LoginHandler(MeterSyncDb db, IPasswords passwords, Tokens tokens, UnknownUserHash unknown, SignInLimits limits, WriteTransactions transactions, IOptions<AccountOptions> options, TimeProvider clock, IdSource ids)
{
    private const int AgentLength = 200;

    public async Task<Outcome<TokenPair>> HandleAsync(LoginRequest request, string? ip, string agent, CancellationToken cancellationToken)
    {
        var name = (request.Email ?? request.Username ?? "").Trim().ToLowerInvariant();
        if (name.Length == 0)
        {
            return KernelProblems.Invalid.For("email", "Give email or username.");
        }

        var begun = await limits.TryBeginAsync(name, ip, cancellationToken);
        if (!begun.Succeeded)
        {
            return begun.Problem;
        }

        await using var attempt = begun.Value;
        var user = await db.Set<User>().FirstOrDefaultAsync(candidate => candidate.Email == name || candidate.Username == name, cancellationToken);

        // A name nobody has costs the same hash as a real one, so that the time does not tell which names exist.
        var right = await passwords.VerifyAsync(request.Password!, user?.PasswordHash ?? await unknown.GetAsync(cancellationToken), cancellationToken);
        if (user is null || !right || user.Status != UserStatus.Active)
        {
            await attempt.FailedAsync();
            return AccountProblems.WrongCredentials.Because("The name or the password is wrong.");
        }

        await attempt.SucceededAsync();
        var now = clock.GetUtcNow().ToStored();
        var days = request.RememberMe ? options.Value.RememberedDays : options.Value.RefreshTokenDays;
        var session = new Session
        {
            Id = ids.Next<SessionId>(),
            UserId = user.Id,
            CreatedAt = now,
            LastUsedAt = now,
            ExpiresAt = now + TimeSpan.FromDays(days),
            IpAddress = ip,
            UserAgent = agent.Length > AgentLength ? agent[..AgentLength] : agent,
        };
        return await transactions.RunAsync<TokenPair>(
            async token =>
            {
                db.Set<Session>().Add(session);
                await db.SaveChangesAsync(token);

                // Not through the tracked user: a sign-in is no edit, and must neither raise the version editors rely on nor collide with another sign-in.
                await db.Set<User>().Where(known => known.Id == user.Id).ExecuteUpdateAsync(set => set.SetProperty(known => known.LastLoginAt, now), token);
                return tokens.Issue(user, session);
            },
            cancellationToken);
    }
}

/// <summary>A hash no password fits, made once.</summary>
internal sealed class UnknownUserHash(IPasswords passwords, IdSource ids)
{
    private string? hash;

    public async ValueTask<string> GetAsync(CancellationToken cancellationToken) =>
        hash ??= await passwords.HashAsync(ids.Next().ToString(), cancellationToken);
}
