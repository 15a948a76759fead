using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Store;

namespace MeterSync.Modules.Accounts.SignIn;

/// <inheritdoc cref="ISessionEnds"/>
internal sealed class SessionEnds(Sessions sessions, WriteTransactions transactions) : ISessionEnds
{
    public async Task EndAsync(IReadOnlyCollection<SessionId> ids, CancellationToken cancellationToken)
    {
        foreach (var id in ids)
        {
            await sessions.EndAsync(id, SessionEnd.Withdrawn, cancellationToken);
        }

        transactions.Afterwards(sessions.Forget);
    }
}
