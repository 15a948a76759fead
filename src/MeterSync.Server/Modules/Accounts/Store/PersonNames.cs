using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.Store;

internal sealed class PersonNames(MeterSyncDb db) : IPersonNames
{
    public async Task<IReadOnlyDictionary<UserId, string>> FindAsync(IReadOnlyCollection<UserId> ids, CancellationToken cancellationToken) =>
        ids.Count == 0
            ? new Dictionary<UserId, string>()
            : await db.Set<User>().AsNoTracking().Where(user => ids.Contains(user.Id)).Select(user => new { user.Id, user.Name }).ToDictionaryAsync(user => user.Id, user => user.Name, cancellationToken);
}
