using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Requests;
using MeterSync.Modules.Accounts.Store;

namespace MeterSync.Modules.Accounts.UpdateRole;

internal static class UpdateRoleEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/roles/{id:guid}", async (Guid id, RoleRequest request, HttpRequest http, UpdateRoleHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(id, request, EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer(role => role.Version))
            .Slice<RoleView>("UpdateRole", "Change what a role grants; whoever has it has that at once").RequirePersonWith(AccountPermissions.WriteRoles)
            .BodyLike("""{"name":"billing-clerk","description":"Fetches billing files","permissions":["meters:read","billing:read","exports:create"],"sees":"scope"}""");
}

internal sealed class UpdateRoleHandler(RoleWrites roles)
{
    public async Task<Outcome<RoleView>> HandleAsync(Guid id, RoleRequest request, int? expectedVersion, CancellationToken cancellationToken)
    {
        var opened = await roles.OpenAsync(id, expectedVersion, cancellationToken);
        if (!opened.Succeeded)
        {
            return opened.Problem;
        }

        var role = opened.Value;
        if (request.Name != role.Name)
        {
            return KernelProblems.Invalid.For("name", $"The name of a role is fixed: this one is called {role.Name}.");
        }

        if (roles.Fill(role, request) is { } refused)
        {
            return refused;
        }

        await roles.SaveAsync(cancellationToken);
        return RoleView.Of(role);
    }
}
