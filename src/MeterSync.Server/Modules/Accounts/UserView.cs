using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;

namespace MeterSync.Modules.Accounts;

/// <summary>A user as the API shows one.</summary>
/// <param name="Role">The first of <paramref name="Roles"/>.</param>
/// <param name="Permissions">Of all roles together.</param>
/// <param name="Scope">all, regions or own: whose rows the person sees.</param>
/// <param name="RegionIds">With the scope regions; empty lets the person see nothing.</param>
internal sealed record UserView(
    Guid Id,
    string Email,
    string? Username,
    string Name,
    string? Phone,
    string? Department,
    string? Region,
    string Role,
    IReadOnlyList<string> Roles,
    string Scope,
    IReadOnlyList<Guid> RegionIds,
    UserStatus Status,
    IReadOnlyList<string> Permissions,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? LastLogin,
    int Version)
{
    public static UserView Of(User user, Access access) => new(
        user.Id.Value,
        user.Email,
        user.Username,
        user.Name,
        user.Phone,
        user.Department,
        user.Region,
        access.Role,
        WordList.Of(user.Roles),
        ScopeWord(access.Scope),
        [.. access.Scope.Regions?.Select(region => region.Value) ?? []],
        user.Status,
        [.. access.Permissions.Order(StringComparer.Ordinal)],
        user.CreatedAt,
        user.UpdatedAt,
        user.LastLoginAt,
        user.Version);

    /// <summary>The operator at the machine, who is no user.</summary>
    public static UserView OfOperator(Caller caller) => new(
        Guid.Empty, "", null, caller.Name, null, null, null, caller.Role, [caller.Role], ScopeWord(caller.Scope), [], UserStatus.Active, [.. caller.Permissions.Order(StringComparer.Ordinal)], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, null, 1);

    private static string ScopeWord(DataScope scope) => scope.IsOwn ? "own" : scope.Regions is null ? "all" : "regions";
}
