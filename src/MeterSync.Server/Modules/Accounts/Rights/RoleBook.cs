using System.Collections.Concurrent;
using System.Collections.Frozen;
using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;

namespace MeterSync.Modules.Accounts.Rights;

/// <summary>All roles at one moment, the built-in ones included, and what they grant together.</summary>
internal sealed class RoleBook
{
    private readonly FrozenDictionary<string, RoleGrant> byName;
    private readonly ConcurrentDictionary<string, RoleGrant> together = new(StringComparer.Ordinal);
    private readonly FrozenSet<string> known;

    /// <param name="catalog">Knows the built-in roles and every permission there is.</param>
    /// <param name="custom">The stored roles.</param>
    public RoleBook(PermissionCatalog catalog, IReadOnlyCollection<Role> custom)
    {
        known = catalog.All.Select(permission => permission.Name).ToFrozenSet();
        byName = BuiltInRole.All.Select(role => (Name: role, Grant: new RoleGrant(catalog.Of(role), SeesOwn: role == BuiltInRole.Agent, SeesAll: role == BuiltInRole.Admin)))
            .Concat(custom.Where(role => !BuiltInRole.All.Contains(role.Name)).Select(role => (role.Name, new RoleGrant(WordList.Of(role.Permissions).Where(known.Contains).ToFrozenSet(), role.Sees == RoleSight.Own, SeesAll: false))))
            .ToFrozenDictionary(role => role.Name, role => role.Item2);
        Edition = [.. custom.OrderBy(role => role.Id.Value).Select(role => (role.Id, role.Version))];
    }

    /// <summary>Ids and versions of the stored roles: tells whether anything changed.</summary>
    public IReadOnlyList<(RoleId, int)> Edition { get; }

    public bool Has(string? role) => role is not null && byName.ContainsKey(role);

    /// <summary>What several roles grant together: every permission of each, and the widest sight. Roles that do not exist grant nothing.</summary>
    public RoleGrant Of(string roles) => together.GetOrAdd(roles, static (names, book) => book.Combine(names), this);

    private RoleGrant Combine(string names)
    {
        var grants = WordList.Of(names).Select(name => byName.GetValueOrDefault(name)).OfType<RoleGrant>().ToList();
        return new RoleGrant(grants.SelectMany(grant => grant.Permissions).ToFrozenSet(), SeesOwn: grants.TrueForAll(grant => grant.SeesOwn), SeesAll: grants.Exists(grant => grant.SeesAll));
    }
}

/// <param name="Permissions">Permission names.</param>
/// <param name="SeesOwn">Nothing but the own rows.</param>
/// <param name="SeesAll">Everything, whatever scope the person was given.</param>
internal sealed record RoleGrant(FrozenSet<string> Permissions, bool SeesOwn, bool SeesAll)
{
    public DataScope ScopeOf(UserScope scope, string regions) =>
        SeesAll ? DataScope.All
        : SeesOwn ? DataScope.Own
        : scope == UserScope.All ? DataScope.All
        : DataScope.Of(WordList.RegionsOf(regions));
}
