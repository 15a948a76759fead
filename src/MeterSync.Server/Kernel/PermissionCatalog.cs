using System.Collections.Frozen;

namespace MeterSync.Kernel;

/// <summary>Every permission of every module, and what each built-in role holds. Read without a lock and without a query.</summary>
public sealed class PermissionCatalog
{
    private readonly FrozenDictionary<string, FrozenSet<string>> byRole;

    /// <param name="modules">Whose routes ask for permissions.</param>
    /// <param name="ofHost">Permissions of routes that belong to no module.</param>
    public PermissionCatalog(IEnumerable<IModule> modules, IReadOnlyList<GrantedPermission> ofHost)
    {
        var granted = modules.SelectMany(module => module.Permissions).Concat(ofHost).ToList();
        All = [.. granted.Select(grant => grant.Permission)];
        byRole = BuiltInRole.All.ToFrozenDictionary(
            role => role,
            role => granted.Where(grant => role == BuiltInRole.Admin || grant.Roles.Contains(role)).Select(grant => grant.Permission.Name).ToFrozenSet());
    }

    public IReadOnlyList<Permission> All { get; }

    /// <summary>Empty for a role that does not exist.</summary>
    public FrozenSet<string> Of(string role) => byRole.GetValueOrDefault(role, FrozenSet<string>.Empty);
}
