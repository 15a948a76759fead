using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.Store;

/// <summary>There is always an administrator who can come in.</summary>
internal sealed class AdminGuard(MeterSyncDb db)
{
    /// <summary>Within a transaction that takes the administrator's rights from <paramref name="losing"/>: null where another one stays. On PostgreSQL the rows of all
    /// administrators are locked, so that two who remove each other at once do not both succeed; on SQLite one transaction writes at a time anyway.</summary>
    public async Task<Problem?> RefuseLastAsync(UserId losing, CancellationToken cancellationToken)
    {
        var admins = db.IsSqlite
            ? await Admins().Select(user => user.Id).ToListAsync(cancellationToken)
            : await db.Set<User>().FromSqlRaw("select * from users where status = 'active' and deleted_at is null and password_hash <> '' and ' ' || roles || ' ' like '% admin %' order by id for update").AsNoTracking().Select(user => user.Id).ToListAsync(cancellationToken);
        return admins.Exists(admin => admin != losing) ? null : AccountProblems.LastAdmin.Because("This is the last active administrator. Make another one first.");
    }

    public static bool IsAdmin(User user) => user.MayComeIn && WordList.Of(user.Roles).Contains(BuiltInRole.Admin);

    private IQueryable<User> Admins() =>
        db.Set<User>().Where(user => user.Status == UserStatus.Active && user.DeletedAt == null && user.PasswordHash != "" && (" " + user.Roles + " ").Contains(" admin "));
}
