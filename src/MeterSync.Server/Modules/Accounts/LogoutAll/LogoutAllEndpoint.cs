using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.SignIn;

namespace MeterSync.Modules.Accounts.LogoutAll;

/// <param name="Ended">How many sessions were ended, this one included.</param>
internal sealed record EndedSessions(int Ended);

internal static class LogoutAllEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/logout-all", async (LogoutAllHandler handler, HttpContext context) =>
            {
                RefreshCookie.Clear(context);
                return (await handler.HandleAsync(context.RequestAborted)).ToAnswer("Signed out everywhere.");
            })
            .Slice<EndedSessions>("LogoutAll", "End all of one's sessions, on every device").RequirePerson();
}

internal sealed class LogoutAllHandler(CallerAccessor callers, Sessions sessions)
{
    public async Task<Outcome<EndedSessions>> HandleAsync(CancellationToken cancellationToken)
    {
        if (callers.Caller.UserId is not { } user)
        {
            return new EndedSessions(0);
        }

        var ended = await sessions.EndAllAsync(user, except: null, SessionEnd.SignedOut, cancellationToken);
        sessions.Forget();
        return new EndedSessions(ended);
    }
}
