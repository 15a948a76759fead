using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Requests;
using MeterSync.Modules.Accounts.Rights;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.Store;

/// <summary>What making, changing and deleting a role have in common.</summary>
internal sealed class RoleWrites(MeterSyncDb db, PermissionCatalog catalog, Grants grants, AccessDirectory directory, TimeProvider clock)
{
    public Task<Role?> FindAsync(RoleId id, CancellationToken cancellationToken) => db.Set<Role>().FirstOrDefaultAsync(role => role.Id == id, cancellationToken);

    /// <summary>A stored role that may be changed by the caller.</summary>
    public async Task<Outcome<Role>> OpenAsync(Guid id, int? expectedVersion, CancellationToken cancellationToken)
    {
        if (RoleView.BuiltIns(catalog).FirstOrDefault(role => role.Id == id) is { } builtIn)
        {
            return AccountProblems.BuiltInRoleFixed.Because($"The role {builtIn.Name} is built in.");
        }

        return await FindAsync(new RoleId(id), cancellationToken) is not { } role ? AccountProblems.RoleNotFound.Because("There is no such role.")
            : expectedVersion is { } version && version != role.Version ? KernelProblems.LostUpdate.Because("Someone changed this role since you read it. Fetch it again and repeat your change.")
            : grants.RefusePermissions("permissions", WordList.Of(role.Permissions)) is { } mighty ? mighty
            : role;
    }

    /// <summary>Takes over what the request gives but the name. Does not save.</summary>
    public Problem? Fill(Role role, RoleRequest request)
    {
        if (request.Permissions!.Where(name => !catalog.All.Any(permission => permission.Name == name)).ToList() is [var unknown, ..])
        {
            return AccountProblems.UnknownPermission.For("permissions", $"There is no permission '{unknown}'. GET /api/v1/permissions lists them.");
        }

        if (grants.RefusePermissions("permissions", request.Permissions!) is { } refused)
        {
            return refused;
        }

        var sees = Terms<RoleSight>.ParseOptional(request.Sees) ?? RoleSight.Scope;
        if (role.Sees == RoleSight.Own && sees == RoleSight.Scope && !grants.SeesAll)
        {
            return KernelProblems.Forbidden.Because("People who have this role would see more than you do; only somebody who sees everything can change that.");
        }

        role.Description = request.Description?.Trim();
        role.Permissions = WordList.Join(request.Permissions!.Order(StringComparer.Ordinal));
        role.Sees = sees;
        role.UpdatedAt = clock.GetUtcNow().ToStored();
        return null;
    }

    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken);
        await directory.FollowAsync();
    }
}
