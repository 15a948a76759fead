using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.SignIn;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.RefreshSession;

internal sealed record RefreshSessionRequest([property: Required, StringLength(200)] string? RefreshToken);

internal static class RefreshSessionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/refresh", async (RefreshSessionRequest request, RefreshSessionHandler handler, CancellationToken cancellationToken) =>
                new TokenAnswer(await handler.HandleAsync(request, cancellationToken)))
            .WithName("RefreshSession").WithSummary("Exchange the refresh token for new tokens").Produces<TokenEnvelope>().OpenToAll().CountedAs(RateGroup.Refresh)
            .BodyLike("""{"refresh_token":"AaBbCcDdEeFfGgHh"}""");
}

internal sealed class RefreshSessionHandler(MeterSyncDb db, KeyRing keys, Tokens tokens, WriteTransactions transactions, TimeProvider clock, ILogger<RefreshSessionHandler> log)
{
    public async Task<Outcome<TokenPair>> HandleAsync(RefreshSessionRequest request, CancellationToken cancellationToken)
    {
        if (!keys.TryRead(request.RefreshToken!, out var id, out var presented))
        {
            return Refused();
        }

        Session? stolen = null;
        var outcome = await transactions.RunAsync<TokenPair>(
            async token =>
            {
                var session = await db.Set<Session>().FirstOrDefaultAsync(candidate => candidate.Id == id, token);
                var user = session is null ? null : await db.Set<User>().FirstOrDefaultAsync(candidate => candidate.Id == session.UserId, token);
                var now = clock.GetUtcNow().ToStored();
                if (session is null || user is not { Status: UserStatus.Active })
                {
                    return Refused();
                }

                switch (session.Judge(presented, now))
                {
                    case RefreshMeaning.MovesOn:
                        var life = session.ExpiresAt - session.LastUsedAt;
                        session.Generation++;
                        session.LastUsedAt = now;
                        session.ExpiresAt = now + life;
                        await db.SaveChangesAsync(token);
                        return tokens.Issue(user, session);
                    case RefreshMeaning.SameAgain:
                        return tokens.Issue(user, session);
                    case RefreshMeaning.Reused:
                        session.RevokedAt = now;
                        await db.SaveChangesAsync(token);
                        stolen = session;
                        return tokens.Issue(user, session);
                    default:
                        return Refused();
                }
            },
            cancellationToken);
        if (stolen is null)
        {
            return outcome;
        }

        keys.Revoke(stolen.Id);
        log.LogWarning("An old refresh token of session {Session} was used again; the session was ended", stolen.Id.Value);
        return AccountProblems.RefreshReused.Because("This refresh token was used before. The session has been ended; sign in again.");
    }

    private static Problem Refused() => AccountProblems.RefreshRefused.Because("The refresh token is not valid any more. Sign in again.");
}
