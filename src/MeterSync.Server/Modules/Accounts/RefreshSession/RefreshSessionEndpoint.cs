using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Mailing;
using MeterSync.Modules.Accounts.SignIn;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.RefreshSession;

/// <param name="RefreshToken">Left out where the cookie has it.</param>
internal sealed record RefreshSessionRequest([property: StringLength(200)] string? RefreshToken);

internal static class RefreshSessionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/refresh", async (RefreshSessionRequest request, RefreshSessionHandler handler, HttpContext context) =>
                new TokenAnswer(await handler.HandleAsync(request, context), asCookie: request.RefreshToken is null))
            .WithName("RefreshSession").WithSummary("Exchange the refresh token for new tokens").Produces<TokenEnvelope>().OpenToAll().CountedAs(RateGroup.Refresh)
            .BodyLike("""{"refresh_token":"AaBbCcDdEeFfGgHh"}""");
}

internal sealed class RefreshSessionHandler(MeterSyncDb db, KeyRing keys, Tokens tokens, Sessions sessions, MailBox mails, WriteTransactions transactions, TimeProvider clock, ILogger<RefreshSessionHandler> log)
{
    public async Task<Outcome<IssuedTokens>> HandleAsync(RefreshSessionRequest request, HttpContext context)
    {
        if (request.RefreshToken is not null)
        {
            return await HandleAsync(request.RefreshToken, context.RequestAborted);
        }

        if (RefreshCookie.Read(context) is not { } cookie)
        {
            return KernelProblems.Invalid.For("refresh_token", $"Give refresh_token, or the cookie {RefreshCookie.Name}.");
        }

        if (RefreshCookie.RefuseForeign(context.Request) is { } foreign)
        {
            return foreign;
        }

        var outcome = await HandleAsync(cookie, context.RequestAborted);
        if (!outcome.Succeeded)
        {
            RefreshCookie.Clear(context);
        }

        return outcome;
    }

    private async Task<Outcome<IssuedTokens>> HandleAsync(string refreshToken, CancellationToken cancellationToken)
    {
        try
        {
            return await ExchangeAsync(refreshToken, cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            // The same token was sent twice at once, and the other was faster: now it is the predecessor, and gets the same successor.
            db.Forget();
            return await ExchangeAsync(refreshToken, cancellationToken);
        }
    }

    private async Task<Outcome<IssuedTokens>> ExchangeAsync(string refreshToken, CancellationToken cancellationToken)
    {
        if (!keys.TryRead(refreshToken, out var id, out var presented))
        {
            return Refused();
        }

        Session? stolen = null;
        var repeated = false;
        var outcome = await transactions.RunAsync<IssuedTokens>(
            async token =>
            {
                var session = await db.Set<Session>().FirstOrDefaultAsync(candidate => candidate.Id == id, token);
                var user = session is null ? null : await db.Set<User>().FirstOrDefaultAsync(candidate => candidate.Id == session.UserId, token);
                var now = clock.GetUtcNow().ToStored();
                if (session is null || user is not { MayComeIn: true })
                {
                    return Refused();
                }

                switch (session.Judge(presented, now))
                {
                    case RefreshMeaning.MovesOn:
                        var life = session.ExpiresAt - session.LastUsedAt;
                        session.Generation = presented + 1;
                        session.LastUsedAt = now;
                        session.ExpiresAt = now + life;
                        await db.SaveChangesAsync(token);
                        return new IssuedTokens(tokens.Issue(user, session), session);
                    case RefreshMeaning.SameAgain:
                        repeated = true;
                        return new IssuedTokens(tokens.Issue(user, session), session);
                    case RefreshMeaning.Reused:
                        await sessions.EndAsync(session.Id, SessionEnd.Reuse, token);
                        mails.Add(MailKind.SessionEnded, user.Email, $"{session.UserAgent} ({session.IpAddress})");
                        await db.SaveChangesAsync(token);
                        stolen = session;
                        return new IssuedTokens(tokens.Issue(user, session), session);
                    default:
                        return session is { EndReason: SessionEnd.Withdrawn } ? Withdrawn() : Refused();
                }
            },
            cancellationToken);
        if (stolen is null)
        {
            SignInMetrics.Count(!outcome.Succeeded ? RefreshOutcome.Refused : repeated ? RefreshOutcome.Repeated : RefreshOutcome.Succeeded);
            return outcome;
        }

        SignInMetrics.Count(RefreshOutcome.Reused);

        sessions.Forget();
        mails.Wake();
        log.LogWarning("An old refresh token of session {Session} was used again; the session was ended", stolen.Id.Value);
        return AccountProblems.RefreshReused.Because("This refresh token was used before. The session has been ended; sign in again.");
    }

    private static Problem Withdrawn() => AccountProblems.SessionWithdrawn.Because("This sign-in was ended from the office. Lock what this device holds, and sign in again.");

    private static Problem Refused() => AccountProblems.RefreshRefused.Because("The refresh token is not valid any more. Sign in again.");
}
