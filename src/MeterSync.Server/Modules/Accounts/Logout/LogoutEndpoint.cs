using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.SignIn;

namespace MeterSync.Modules.Accounts.Logout;

internal static class LogoutEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/logout", async (LogoutHandler handler, HttpContext context) =>
            {
                RefreshCookie.Clear(context);
                return (await handler.HandleAsync(context.RequestAborted)).ToAnswer("Signed out.");
            })
            .Slice<Done>("Logout", "End this session on the server").RequirePerson();
}

internal sealed class LogoutHandler(CallerAccessor callers, Sessions sessions)
{
    public async Task<Outcome<Done>> HandleAsync(CancellationToken cancellationToken)
    {
        if (callers.Caller.SessionId is { } id)
        {
            await sessions.EndAsync(id, SessionEnd.SignedOut, cancellationToken);
            sessions.Forget();
        }

        return Done.It;
    }
}
