using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.ListRoles;

internal sealed record ListRolesRequest : IPageRequest
{
    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListRolesEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/roles", async ([AsParameters] ListRolesRequest request, ListRolesHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<RoleView>>("ListRoles", "The built-in roles, then the organisation's own by name").RequirePermission(AccountPermissions.ReadRoles);
}

internal sealed class ListRolesHandler(MeterSyncDb db, PermissionCatalog catalog)
{
    public async Task<Outcome<Page<RoleView>>> HandleAsync(ListRolesRequest request, CancellationToken cancellationToken)
    {
        var own = await db.Set<Role>().AsNoTracking().OrderBy(role => role.Name).ToListAsync(cancellationToken);
        var all = RoleView.BuiltIns(catalog).Concat(own.Select(RoleView.Of)).ToList();
        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        return Paging.Numbered([.. all.Skip((page - 1) * limit).Take(limit)], all.Count, page, limit);
    }
}
