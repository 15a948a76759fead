using MeterSync.Kernel;

namespace MeterSync.Modules.Accounts.Public;

/// <summary>Ends sessions for other modules, inside their transaction.</summary>
internal interface ISessionEnds
{
    /// <summary>Nobody renews them any more, and their access tokens are worthless in this process once the transaction is committed, in others some seconds later. Those that ended before stay as they ended.</summary>
    Task EndAsync(IReadOnlyCollection<SessionId> ids, CancellationToken cancellationToken);
}
