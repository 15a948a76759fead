using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.SignIn;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.Logout;

internal static class LogoutEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/logout", async (LogoutHandler handler, CancellationToken cancellationToken) => (await handler.HandleAsync(cancellationToken)).ToAnswer("Signed out."))
            .Slice<Done>("Logout", "End this session on the server").RequireSignIn();
}

internal sealed class LogoutHandler(MeterSyncDb db, CallerAccessor callers, KeyRing keys, TimeProvider clock)
{
    public async Task<Outcome<Done>> HandleAsync(CancellationToken cancellationToken)
    {
        if (callers.Caller.SessionId is not { } id)
        {
            return Done.It;
        }

        var session = await db.Set<Session>().FirstOrDefaultAsync(candidate => candidate.Id == id, cancellationToken);
        if (session is { RevokedAt: null })
        {
            session.RevokedAt = clock.GetUtcNow().ToStored();
            await db.SaveChangesAsync(cancellationToken);
        }

        keys.Revoke(id);
        return Done.It;
    }
}
