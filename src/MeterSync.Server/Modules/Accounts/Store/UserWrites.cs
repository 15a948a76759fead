using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Requests;
using MeterSync.Modules.Accounts.Rights;
using MeterSync.Modules.Accounts.SignIn;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.Store;

/// <summary>Makes and changes users' rows: names are free, roles and regions exist, nobody gives more than he holds, and an administrator stays.</summary>
internal sealed class UserWrites(MeterSyncDb db, Grants grants, IRegionNames regions, AdminGuard admins, Sessions sessions, AccessDirectory directory, WriteTransactions transactions, TimeProvider clock)
{
    /// <summary>Takes over what the request gives. Does not save.</summary>
    /// <param name="user">New or tracked.</param>
    /// <param name="request">Checked by its annotations.</param>
    /// <param name="whole">Whether what is not given goes back to its default; roles, scope and status stay unless given.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<Problem?> FillAsync(User user, UserRequest request, bool whole, CancellationToken cancellationToken)
    {
        if (Sets(nameof(request.Email)))
        {
            if (EmailName.Normalise(request.Email, out var fault) is not { } email)
            {
                return KernelProblems.Invalid.For("email", $"email {fault}");
            }

            user.Email = email;
        }

        if (Sets(nameof(request.Name)))
        {
            if (string.IsNullOrWhiteSpace(request.Name))
            {
                return KernelProblems.Invalid.For("name", "A user has a name.");
            }

            user.Name = request.Name.Trim();
        }

        user.Username = Sets(nameof(request.Username)) ? request.Username?.ToLowerInvariant() : user.Username;
        user.Phone = Sets(nameof(request.Phone)) ? Trimmed(request.Phone) : user.Phone;
        user.Department = Sets(nameof(request.Department)) ? Trimmed(request.Department) : user.Department;
        user.Region = Sets(nameof(request.Region)) ? Trimmed(request.Region) : user.Region;
        return await FillRightsAsync(user, request, cancellationToken) ?? await RefuseTakenAsync(user, cancellationToken);

        bool Sets(string name) => whole || request.Gives(name);
    }

    /// <summary>Changes a stored user in one transaction; <paramref name="change"/> has the last word on the row.</summary>
    public async Task<Outcome<UserView>> ChangeAsync(UserId id, int? expectedVersion, Func<User, CancellationToken, Task<Problem?>> change, CancellationToken cancellationToken)
    {
        var outcome = await transactions.RunAsync<UserView>(
            async token =>
            {
                var user = await db.Set<User>().FirstOrDefaultAsync(candidate => candidate.Id == id && candidate.DeletedAt == null, token);
                if (user is null)
                {
                    return AccountProblems.UserNotFound.Because("There is no such user.");
                }

                if (expectedVersion is { } version && version != user.Version)
                {
                    return KernelProblems.LostUpdate.Because("Someone changed this user since you read it. Fetch it again and repeat your change.");
                }

                var wasAdmin = AdminGuard.IsAdmin(user);
                if (grants.RefuseChangeOf(user) is { } mighty)
                {
                    return mighty;
                }

                if (await change(user, token) is { } refused)
                {
                    return refused;
                }

                if (wasAdmin && !AdminGuard.IsAdmin(user) && await admins.RefuseLastAsync(id, token) is { } last)
                {
                    return last;
                }

                if (db.HasChanges)
                {
                    user.UpdatedAt = clock.GetUtcNow().ToStored();
                }

                await db.SaveChangesAsync(token);
                if (!user.MayComeIn)
                {
                    // After the row: a sign-in under way waits for it, and finds that it may not come in any more.
                    await sessions.EndAllAsync(id, except: null, SessionEnd.Withdrawn, token);
                }

                return UserView.Of(user, directory.Of(user));
            },
            cancellationToken);
        if (outcome.Succeeded)
        {
            sessions.Forget();
            await directory.FollowAsync();
        }

        return outcome;
    }

    private async Task<Problem?> FillRightsAsync(User user, UserRequest request, CancellationToken cancellationToken)
    {
        var roles = request.Roles is { } several ? WordList.Join(several) : request.Role ?? user.Roles;
        var scope = Terms<UserScope>.ParseOptional(request.Scope) ?? (request.RegionIds is not null ? UserScope.Regions : user.Scope);
        var named = request.RegionIds is { } ids ? WordList.Join(ids.Select(region => region.ToString())) : request.Scope is not null ? "" : user.Regions;
        var status = Terms<UserStatus>.ParseOptional(request.Status) ?? user.Status;
        if (request is { Roles: { } all, Role: { } first } && (all.Count == 0 || all[0] != first))
        {
            return KernelProblems.Invalid.For("role", "role and the first of roles differ. Give one of them.");
        }

        if (roles.Length == 0)
        {
            return KernelProblems.Invalid.For("roles", "A user has at least one role.");
        }

        if (scope == UserScope.All && named.Length > 0)
        {
            return KernelProblems.Invalid.For("region_ids", "Regions bound nothing with the scope all. Give the scope regions, or no region_ids.");
        }

        if (status != user.Status && (status == UserStatus.Pending || (user.PasswordHash.Length == 0 && status == UserStatus.Active)))
        {
            return KernelProblems.Invalid.For("status", "A user becomes active by choosing a password from the invitation, and pending only when made.");
        }

        if ((roles, scope, named) != (user.Roles, user.Scope, user.Regions))
        {
            var wanted = WordList.RegionsOf(named).ToList();
            var found = wanted.Count == 0 ? null : await regions.FindAsync(wanted, cancellationToken);
            if (wanted.Find(region => found?.ContainsKey(region) != true) is { Value: var unknown } && unknown != Guid.Empty)
            {
                return AccountProblems.UnknownRegion.For("region_ids", $"There is no region {unknown}.");
            }

            if (grants.Refuse(request.Roles is null ? "role" : "roles", WordList.Of(roles), scope, named) is { } refused)
            {
                return refused;
            }
        }

        (user.Roles, user.Scope, user.Regions, user.Status) = (roles, scope, named, status);
        return null;
    }

    private async Task<Problem?> RefuseTakenAsync(User user, CancellationToken cancellationToken)
    {
        var taken = await db.Set<User>().AsNoTracking()
            .Where(other => other.Id != user.Id && other.DeletedAt == null && (other.Email == user.Email || (user.Username != null && other.Username == user.Username)))
            .Select(other => other.Email).ToListAsync(cancellationToken);
        return taken.Count == 0 ? null
            : taken.Contains(user.Email) ? AccountProblems.EmailTaken.For("email", $"Another user has the address {user.Email}.")
            : AccountProblems.UsernameTaken.For("username", $"Another user is called {user.Username}.");
    }

    private static string? Trimmed(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
