using MeterSync.Modules.Accounts.Domain;

namespace MeterSync.Modules.Accounts;

/// <summary>A user as the API shows one.</summary>
internal sealed record UserView(
    Guid Id,
    string Email,
    string? Username,
    string Name,
    string Role,
    UserStatus Status,
    IReadOnlyList<string> Permissions,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastLogin,
    int Version)
{
    public static UserView Of(User user, IEnumerable<string> permissions) =>
        new(user.Id.Value, user.Email, user.Username, user.Name, user.Role, user.Status, [.. permissions.Order(StringComparer.Ordinal)], user.CreatedAt, user.LastLoginAt, user.Version);
}
