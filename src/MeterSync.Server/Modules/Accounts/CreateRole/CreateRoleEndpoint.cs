using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Requests;
using MeterSync.Modules.Accounts.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.CreateRole;

internal static class CreateRoleEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/roles", async (RoleRequest request, CreateRoleHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToCreated(role => $"/api/v1/roles/{role.Id}", role => role.Version))
            .Slice<RoleView>("CreateRole", "Put a role together from permissions", StatusCodes.Status201Created).RequirePersonWith(AccountPermissions.WriteRoles)
            .BodyLike("""{"name":"billing-clerk","description":"Freezes billing runs and fetches the files","permissions":["meters:read","readings:read","billing:read","billing:freeze","exports:create"],"sees":"scope"}""");
}

internal sealed class CreateRoleHandler(MeterSyncDb db, RoleWrites roles, TimeProvider clock, IdSource ids)
{
    public async Task<Outcome<RoleView>> HandleAsync(RoleRequest request, CancellationToken cancellationToken)
    {
        var name = request.Name!;
        if (BuiltInRole.All.Contains(name) || await db.Set<Role>().AnyAsync(other => other.Name == name, cancellationToken))
        {
            return AccountProblems.RoleNameTaken.For("name", $"There is a role {name} already.");
        }

        var role = new Role { Id = ids.Next<RoleId>(), Name = name, CreatedAt = clock.GetUtcNow().ToStored() };
        if (roles.Fill(role, request) is { } refused)
        {
            return refused;
        }

        db.Set<Role>().Add(role);
        await roles.SaveAsync(cancellationToken);
        return RoleView.Of(role);
    }
}
