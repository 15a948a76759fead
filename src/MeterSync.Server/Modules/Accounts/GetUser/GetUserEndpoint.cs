using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Rights;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.GetUser;

internal static class GetUserEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/users/{id:guid}", async (Guid id, GetUserHandler handler, CancellationToken cancellationToken) => (await handler.HandleAsync(new UserId(id), cancellationToken)).ToAnswer(user => user.Version))
            .Slice<UserView>("GetUser", "One user").RequirePermission(AccountPermissions.ReadUsers);
}

internal sealed class GetUserHandler(MeterSyncDb db, AccessDirectory directory)
{
    public async Task<Outcome<UserView>> HandleAsync(UserId id, CancellationToken cancellationToken)
    {
        var user = await db.Set<User>().AsNoTracking().FirstOrDefaultAsync(candidate => candidate.Id == id && candidate.DeletedAt == null, cancellationToken);
        return user is null ? AccountProblems.UserNotFound.Because("There is no such user.") : UserView.Of(user, directory.Of(user));
    }
}
