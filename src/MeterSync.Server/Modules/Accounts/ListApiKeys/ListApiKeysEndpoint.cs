using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.ListApiKeys;

internal sealed record ListApiKeysRequest : IPageRequest
{
    /// <summary>Whose keys; one's own where left out. Others' need users:write.</summary>
    [FromQuery(Name = "user_id")]
    public Guid? UserId { get; init; }

    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListApiKeysEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api-keys", async ([AsParameters] ListApiKeysRequest request, ListApiKeysHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<ApiKeyView>>("ListApiKeys", "API keys that are not revoked, the newest first").RequirePerson();
}

internal sealed class ListApiKeysHandler(MeterSyncDb db, CallerAccessor callers)
{
    public async Task<Outcome<Page<ApiKeyView>>> HandleAsync(ListApiKeysRequest request, CancellationToken cancellationToken)
    {
        var own = callers.Caller.UserId ?? new UserId(Guid.Empty);
        var asked = request.UserId is { } id ? new UserId(id) : own;
        if (asked != own && !callers.Caller.May(AccountPermissions.WriteUsers))
        {
            return KernelProblems.Forbidden.Because("Only administrators see other people's API keys.");
        }

        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var keys = db.Set<ApiKey>().AsNoTracking().Where(key => key.UserId == asked && key.RevokedAt == null);
        var total = await keys.CountAsync(cancellationToken);
        var rows = await keys.OrderByDescending(key => key.CreatedAt).ThenBy(key => key.Id).Skip((page - 1) * limit).Take(limit).ToListAsync(cancellationToken);
        return Paging.Numbered([.. rows.Select(ApiKeyView.Of)], total, page, limit);
    }
}
