using System.Collections.Frozen;

namespace MeterSync.Kernel;

/// <summary>What somebody may do right now, whatever an older token says.</summary>
/// <param name="Name">Shown to people.</param>
/// <param name="Role">The first of the person's roles.</param>
/// <param name="Scope">Whose rows are visible.</param>
/// <param name="Permissions">Permission names of all roles together.</param>
public sealed record Access(string Name, string Role, DataScope Scope, FrozenSet<string> Permissions);

/// <summary>What everybody may do, from memory: no query, no lock.</summary>
public interface IAccessDirectory
{
    /// <summary>Null where there is no such user, or one who may not come in any more.</summary>
    Access? Find(UserId id);

    /// <summary>The same, and who is not known is looked for in the database: another process may have made the user a moment ago.</summary>
    Task<Access?> FindAsync(UserId id, CancellationToken cancellationToken);
}
