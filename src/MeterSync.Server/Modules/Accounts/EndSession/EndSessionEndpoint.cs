using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.SignIn;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.EndSession;

internal static class EndSessionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/auth/sessions/{id:guid}", async (Guid id, EndSessionHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new SessionId(id), cancellationToken)).ToAnswer("The session was ended."))
            .Slice<Done>("EndSession", "End one of one's own sessions: a lost phone, a forgotten browser").RequirePerson();
}

internal sealed class EndSessionHandler(MeterSyncDb db, CallerAccessor callers, Sessions sessions)
{
    public async Task<Outcome<Done>> HandleAsync(SessionId id, CancellationToken cancellationToken)
    {
        var user = callers.Caller.UserId;
        if (!await db.Set<Session>().AnyAsync(session => session.Id == id && session.UserId == user && session.RevokedAt == null, cancellationToken))
        {
            return KernelProblems.NotFound.Because("You have no such session, or it has ended already.");
        }

        await sessions.EndAsync(id, SessionEnd.SignedOut, cancellationToken);
        sessions.Forget();
        return Done.It;
    }
}
