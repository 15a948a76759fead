using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.ListSessions;

/// <summary>A sign-in that is still good.</summary>
/// <param name="LastUsedAt">When it was last renewed.</param>
/// <param name="IsCurrent">Whether it is the one that asks.</param>
internal sealed record SessionView(Guid Id, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt, DateTimeOffset ExpiresAt, string? IpAddress, string? UserAgent, bool IsRemembered, bool IsCurrent);

internal sealed record ListSessionsRequest : IPageRequest
{
    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListSessionsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/auth/sessions", async ([AsParameters] ListSessionsRequest request, ListSessionsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<SessionView>>("ListSessions", "One's own sessions, the last used first").RequirePerson();
}

internal sealed class ListSessionsHandler(MeterSyncDb db, CallerAccessor callers, TimeProvider clock)
{
    public async Task<Outcome<Page<SessionView>>> HandleAsync(ListSessionsRequest request, CancellationToken cancellationToken)
    {
        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var (user, current, now) = (callers.Caller.UserId ?? new UserId(Guid.Empty), callers.Caller.SessionId, clock.GetUtcNow().ToStored());
        var sessions = db.Set<Session>().AsNoTracking().Where(session => session.UserId == user && session.RevokedAt == null && session.ExpiresAt > now);
        var total = await sessions.CountAsync(cancellationToken);
        var rows = await sessions.OrderByDescending(session => session.LastUsedAt).ThenBy(session => session.Id).Skip((page - 1) * limit).Take(limit).ToListAsync(cancellationToken);
        return Paging.Numbered(
            [.. rows.Select(session => new SessionView(session.Id.Value, session.CreatedAt, session.LastUsedAt, session.ExpiresAt, session.IpAddress, session.UserAgent, session.IsRemembered, session.Id == current))],
            total,
            page,
            limit);
    }
}
