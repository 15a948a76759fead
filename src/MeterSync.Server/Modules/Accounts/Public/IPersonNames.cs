using MeterSync.Kernel;

namespace MeterSync.Modules.Accounts.Public;

/// <summary>What people are called, also those who may not come in any more.</summary>
public interface IPersonNames
{
    /// <summary>By id; who is not known is left out. One query.</summary>
    Task<IReadOnlyDictionary<UserId, string>> FindAsync(IReadOnlyCollection<UserId> ids, CancellationToken cancellationToken);
}
