using MeterSync.Kernel;

namespace MeterSync.Modules.Accounts.Public;

/// <summary>Lets programs in by their keys, from memory.</summary>
public interface IApiKeys
{
    /// <summary>Null where the text is no key, or one that is revoked, expired, or whose owner may not come in any more.</summary>
    ApiKeyHolder? HolderOf(string text);
}

/// <param name="Id">The key.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Name">What its owner called it.</param>
/// <param name="Access">The owner's, without the permissions the key was not given.</param>
public sealed record ApiKeyHolder(ApiKeyId Id, UserId UserId, string Name, Access Access);
