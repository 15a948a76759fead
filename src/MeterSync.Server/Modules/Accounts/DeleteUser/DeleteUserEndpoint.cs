using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.DeleteUser;

internal static class DeleteUserEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/users/{id:guid}", async (Guid id, HttpRequest http, DeleteUserHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new UserId(id), EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer("The account is closed; what the person did stays on record."))
            .Slice<Done>("DeleteUser", "Close an account: its sessions and API keys end, its readings stay").RequirePersonWith(AccountPermissions.WriteUsers);
}

internal sealed class DeleteUserHandler(MeterSyncDb db, UserWrites writes, TimeProvider clock)
{
    public async Task<Outcome<Done>> HandleAsync(UserId id, int? expectedVersion, CancellationToken cancellationToken)
    {
        var outcome = await writes.ChangeAsync(
            id,
            expectedVersion,
            async (user, token) =>
            {
                var now = clock.GetUtcNow().ToStored();
                (user.DeletedAt, user.Status) = (now, UserStatus.Inactive);
                var keys = await db.Set<ApiKey>().Where(key => key.UserId == id && key.RevokedAt == null).ToListAsync(token);
                keys.ForEach(key => (key.RevokedAt, key.UpdatedAt) = (now, now));
                return null;
            },
            cancellationToken);
        return outcome.Succeeded ? Done.It : outcome.Problem;
    }
}
