using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Store;

namespace MeterSync.Modules.Accounts.GetRole;

internal static class GetRoleEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/roles/{id:guid}", async (Guid id, GetRoleHandler handler, CancellationToken cancellationToken) => (await handler.HandleAsync(id, cancellationToken)).ToAnswer(role => role.Version))
            .Slice<RoleView>("GetRole", "One role").RequirePermission(AccountPermissions.ReadRoles);
}

internal sealed class GetRoleHandler(RoleWrites roles, PermissionCatalog catalog)
{
    public async Task<Outcome<RoleView>> HandleAsync(Guid id, CancellationToken cancellationToken) =>
        RoleView.BuiltIns(catalog).FirstOrDefault(role => role.Id == id) is { } builtIn ? builtIn
        : await roles.FindAsync(new RoleId(id), cancellationToken) is { } own ? RoleView.Of(own)
        : AccountProblems.RoleNotFound.Because("There is no such role.");
}
