using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.ListUsers;

internal sealed record ListUsersRequest : IPageRequest
{
    /// <summary>Part of name, e-mail address or user name.</summary>
    [StringLength(100)]
    public string? Search { get; init; }

    [StringLength(50)]
    public string? Role { get; init; }

    [TermOf(typeof(UserStatus))]
    public string? Status { get; init; }

    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListUsersEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/users", async ([AsParameters] ListUsersRequest request, ListUsersHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<UserView>>("ListUsers", "The users, by name").RequirePermission(AccountPermissions.ReadUsers);
}

internal sealed class ListUsersHandler(MeterSyncDb db, PermissionCatalog permissions)
{
    public async Task<Outcome<Page<UserView>>> HandleAsync(ListUsersRequest request, CancellationToken cancellationToken)
    {
        var users = db.Set<User>().AsNoTracking();
        if (request.Role is { } role)
        {
            users = users.Where(user => user.Role == role);
        }

        if (Terms<UserStatus>.ParseOptional(request.Status) is { } status)
        {
            users = users.Where(user => user.Status == status);
        }

        if (request.Search?.Trim().ToLowerInvariant() is { Length: > 0 } search)
        {
            users = users.Where(user => user.Email.Contains(search) || user.Username!.Contains(search) || user.Name.ToLower().Contains(search));
        }

        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var total = await users.Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        var rows = await users.OrderBy(user => user.Name).ThenBy(user => user.Id).Skip((page - 1) * limit).Take(limit).ToListAsync(cancellationToken);
        return Paging.Numbered([.. rows.Select(user => UserView.Of(user, permissions.Of(user.Role)))], total, page, limit);
    }
}
