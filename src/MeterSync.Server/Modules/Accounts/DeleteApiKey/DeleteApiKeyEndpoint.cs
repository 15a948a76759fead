using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Rights;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.DeleteApiKey;

internal static class DeleteApiKeyEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/api-keys/{id:guid}", async (Guid id, DeleteApiKeyHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new ApiKeyId(id), cancellationToken)).ToAnswer("The key was revoked."))
            .Slice<Done>("DeleteApiKey", "Revoke one of one's own keys, or anyone's with users:write").RequirePerson();
}

internal sealed class DeleteApiKeyHandler(MeterSyncDb db, AccessDirectory directory, CallerAccessor callers, TimeProvider clock)
{
    public async Task<Outcome<Done>> HandleAsync(ApiKeyId id, CancellationToken cancellationToken)
    {
        var (own, all) = (callers.Caller.UserId, callers.Caller.May(AccountPermissions.WriteUsers));
        if (await db.Set<ApiKey>().FirstOrDefaultAsync(key => key.Id == id && key.RevokedAt == null && (all || key.UserId == own), cancellationToken) is not { } key)
        {
            return KernelProblems.NotFound.Because("There is no such key, or it is not yours.");
        }

        var now = clock.GetUtcNow().ToStored();
        (key.RevokedAt, key.UpdatedAt) = (now, now);
        await db.SaveChangesAsync(cancellationToken);
        await directory.FollowAsync();
        return Done.It;
    }
}
