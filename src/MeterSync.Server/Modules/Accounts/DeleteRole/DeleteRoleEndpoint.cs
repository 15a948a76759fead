using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.DeleteRole;

internal static class DeleteRoleEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/roles/{id:guid}", async (Guid id, HttpRequest http, DeleteRoleHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(id, EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer("The role was deleted."))
            .Slice<Done>("DeleteRole", "Delete a role that nobody has").RequirePersonWith(AccountPermissions.WriteRoles);
}

internal sealed class DeleteRoleHandler(MeterSyncDb db, RoleWrites roles)
{
    public async Task<Outcome<Done>> HandleAsync(Guid id, int? expectedVersion, CancellationToken cancellationToken)
    {
        var opened = await roles.OpenAsync(id, expectedVersion, cancellationToken);
        if (!opened.Succeeded)
        {
            return opened.Problem;
        }

        var holding = " " + opened.Value.Name + " ";
        var count = await db.Set<User>().CountAsync(user => user.DeletedAt == null && (" " + user.Roles + " ").Contains(holding), cancellationToken);
        if (count > 0)
        {
            return AccountProblems.RoleInUse.Because($"{count} users have this role. Give them another one first.");
        }

        // Whoever is given the role at this very moment holds a name that grants nothing.
        db.Set<Role>().Remove(opened.Value);
        await roles.SaveAsync(cancellationToken);
        return Done.It;
    }
}
