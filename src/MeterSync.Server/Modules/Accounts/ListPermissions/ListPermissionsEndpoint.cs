using MeterSync.Kernel;
using MeterSync.Kernel.Web;

namespace MeterSync.Modules.Accounts.ListPermissions;

/// <param name="Name">resource:action.</param>
/// <param name="Meaning">One sentence.</param>
/// <param name="Roles">Built-in roles that hold it.</param>
internal sealed record PermissionView(string Name, string Meaning, IReadOnlyList<string> Roles);

/// <summary>All of them at once: there are few.</summary>
internal sealed record PermissionList(IReadOnlyList<PermissionView> Items, int Total);

internal static class ListPermissionsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/permissions", async (ListPermissionsHandler handler) => (await handler.HandleAsync()).ToAnswer())
            .Slice<PermissionList>("ListPermissions", "What a role or an API key can be given").RequirePermission(AccountPermissions.ReadRoles);
}

internal sealed class ListPermissionsHandler(PermissionCatalog catalog)
{
    public Task<Outcome<PermissionList>> HandleAsync()
    {
        var all = catalog.All.OrderBy(permission => permission.Name, StringComparer.Ordinal)
            .Select(permission => new PermissionView(permission.Name, permission.Meaning, [.. BuiltInRole.All.Where(role => catalog.Of(role).Contains(permission.Name))])).ToList();
        return Task.FromResult<Outcome<PermissionList>>(new PermissionList(all, all.Count));
    }
}
