using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Store;

namespace MeterSync.Modules.Accounts.Public;

internal static class AccountFacts
{
    /// <summary>Users who may come in, for a condition such as <c>db.OfOpenAccounts().Contains(row.UserId)</c>.</summary>
    public static IQueryable<UserId> OfOpenAccounts(this MeterSyncDb db) =>
        db.Set<User>().Where(user => user.Status == UserStatus.Active && user.DeletedAt == null).Select(user => user.Id);
}
