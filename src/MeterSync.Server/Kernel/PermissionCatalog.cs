using System.Collections.Frozen;

namespace MeterSync.Kernel;

/// <summary>Every permission of every module, and what each built-in role holds. Read without a lock and without a query.</summary>
public sealed class PermissionCatalog
{
    private readonly FrozenDictionary<string, FrozenSet<string>> byRole;

    public PermissionCatalog(IEnumerable<IModule> modules)
    {
        var granted = modules.SelectMany(module => module.Permissions).ToList();
        All = [.. granted.Select(grant => grant.Permission)];
        byRole = BuiltInRole.All.ToFrozenDictionary(
            role => role,
            role => granted.Where(grant => role == BuiltInRole.Admin || grant.Roles.Contains(role)).Select(grant => grant.Permission.Name).ToFrozenSet());
    }

    public IReadOnlyList<Permission> All { get; }

    /// <summary>Empty for a role that does not exist.</summary>
    public FrozenSet<string> Of(string role) => byRole.GetValueOrDefault(role, FrozenSet<string>.Empty);
}
