using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;

namespace MeterSync.Modules.Accounts.Rights;

/// <summary>Nobody gives away more than he holds: neither by roles and scope, nor by taking over an account that may do more.</summary>
internal sealed class Grants(AccessDirectory directory, CallerAccessor callers)
{
    /// <summary>Null where the caller may give these roles with this scope to somebody.</summary>
    public Problem? Refuse(string field, IReadOnlyCollection<string> roles, UserScope scope, string regions)
    {
        var book = directory.Roles;
        if (roles.Where(role => !book.Has(role)).ToList() is [var unknown, ..])
        {
            return AccountProblems.UnknownRole.For(field, $"There is no role '{unknown}'. GET /api/v1/roles lists them.");
        }

        var grant = book.Of(WordList.Join(roles));
        if (RefusePermissions(field, grant.Permissions) is { } tooMuch)
        {
            return tooMuch;
        }

        // Also what the roles make no use of today: another role, or this one changed, would.
        var own = callers.Caller.Scope;
        var kept = scope == UserScope.All ? DataScope.All : DataScope.Of(WordList.RegionsOf(regions));
        return IsWithin(grant.ScopeOf(scope, regions), own) && (kept.Regions is { Count: 0 } || IsWithin(kept, own)) ? null : KernelProblems.Forbidden.Because("You see less than this scope would let the person see; only somebody who sees as much can give it.");
    }

    public bool SeesAll => callers.Caller.Scope is { IsOwn: false, Regions: null };

    /// <summary>Null where the caller holds every one of the permissions.</summary>
    public Problem? RefusePermissions(string field, IEnumerable<string> permissions) =>
        permissions.Where(permission => !callers.Caller.Permissions.Contains(permission)).Order(StringComparer.Ordinal).ToList() is [var missing, ..]
            ? KernelProblems.Forbidden.Because($"{field}: you do not hold {missing} yourself, so you cannot give it.")
            : null;

    /// <summary>Null where the caller may change this person's account: it may do nothing the caller may not, and sees nothing more. One's own account is neither.</summary>
    public Problem? RefuseChangeOf(User user)
    {
        if (callers.Caller.UserId == user.Id)
        {
            return null;
        }

        var access = directory.Of(user);
        return access.Permissions.FirstOrDefault(permission => !callers.Caller.Permissions.Contains(permission)) is { } more
            ? KernelProblems.Forbidden.Because($"This account holds {more}, which you do not: only somebody who may do as much can change it.")
            : IsWithin(access.Scope, callers.Caller.Scope) ? null
            : KernelProblems.Forbidden.Because("This account sees more than you do: only somebody who sees as much can change it.");
    }

    private static bool IsWithin(DataScope given, DataScope own) =>
        own.Regions is not { } mine
            ? !own.IsOwn || given.IsOwn
            : given.IsOwn || (given.Regions is { } wanted && wanted.All(mine.Contains));
}
