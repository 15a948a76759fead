using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Rights;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.GetMe;

internal static class GetMeEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/auth/me", async (GetMeHandler handler, CancellationToken cancellationToken) => (await handler.HandleAsync(cancellationToken)).ToAnswer(user => user.Version))
            .Slice<UserView>("GetMe", "The signed-in user, with the permissions of this sign-in or key").RequireSignIn();
}

internal sealed class GetMeHandler(MeterSyncDb db, AccessDirectory directory, CallerAccessor callers)
{
    public async Task<Outcome<UserView>> HandleAsync(CancellationToken cancellationToken)
    {
        var caller = callers.Caller;
        if (caller.UserId is not { } id)
        {
            return UserView.OfOperator(caller);
        }

        var user = await db.Set<User>().AsNoTracking().FirstOrDefaultAsync(candidate => candidate.Id == id && candidate.DeletedAt == null, cancellationToken);
        return user is null ? AccountProblems.UserNotFound.Because("Your account does not exist any more.") : UserView.Of(user, directory.Of(user) with { Permissions = caller.Permissions });
    }
}
