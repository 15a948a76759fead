using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Rights;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.ListUsers;

internal sealed record ListUsersRequest : IPageRequest
{
    /// <summary>Part of name, e-mail address or user name.</summary>
    [StringLength(100)]
    public string? Search { get; init; }

    /// <summary>Users who have this role, first or not.</summary>
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

internal sealed class ListUsersHandler(MeterSyncDb db, AccessDirectory directory)
{
    public async Task<Outcome<Page<UserView>>> HandleAsync(ListUsersRequest request, CancellationToken cancellationToken)
    {
        var users = db.Set<User>().AsNoTracking().Where(user => user.DeletedAt == null);
        if (request.Role is { } role)
        {
            var holding = " " + role + " ";
            users = users.Where(user => (" " + user.Roles + " ").Contains(holding));
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
        return Paging.Numbered([.. rows.Select(user => UserView.Of(user, directory.Of(user)))], total, page, limit);
    }
}
