using MeterSync.Modules.Accounts.Domain;

namespace MeterSync.Modules.Accounts;

/// <summary>An API key as the API shows one; never the key itself.</summary>
/// <param name="Permissions">What it was given. It can use those its owner still holds.</param>
/// <param name="ExpiresAt">Null where it lasts until it is revoked.</param>
/// <param name="LastUsedAt">To about ten seconds.</param>
internal sealed record ApiKeyView(Guid Id, Guid UserId, string Name, IReadOnlyList<string> Permissions, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt)
{
    public static ApiKeyView Of(ApiKey key) => new(key.Id.Value, key.UserId.Value, key.Name, WordList.Of(key.Permissions), key.CreatedAt, key.ExpiresAt, key.LastUsedAt);
}
