using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.GetMe;

internal static class GetMeEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/auth/me", async (GetMeHandler handler, CancellationToken cancellationToken) => (await handler.HandleAsync(cancellationToken)).ToAnswer(user => user.Version))
            .Slice<UserView>("GetMe", "The signed-in user").RequireSignIn();
}

internal sealed class GetMeHandler(MeterSyncDb db, CallerAccessor callers)
{
    public async Task<Outcome<UserView>> HandleAsync(CancellationToken cancellationToken)
    {
        var caller = callers.Caller;
        if (caller.UserId is not { } id)
        {
            return new UserView(Guid.Empty, "", null, caller.Name, caller.Role, UserStatus.Active, [.. caller.Permissions.Order(StringComparer.Ordinal)], DateTimeOffset.UnixEpoch, null, 1);
        }

        var user = await db.Set<User>().AsNoTracking().FirstOrDefaultAsync(candidate => candidate.Id == id, cancellationToken);
        return user is null ? AccountProblems.UserNotFound.Because("Your account does not exist any more.") : UserView.Of(user, caller.Permissions);
    }
}
