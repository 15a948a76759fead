using MeterSync.Kernel;

namespace MeterSync.Modules.Workforce.Public;

/// <summary>Locks what phones bring news of, before any of it is looked at. Inside a transaction.</summary>
internal interface IFieldLocks
{
    /// <summary>The meter of each assignment, whosever it is, so that it can be locked first; unknown ones are absent.</summary>
    Task<IReadOnlyDictionary<AssignmentId, MeterId>> MetersOfAsync(IReadOnlyCollection<AssignmentId> assignments, CancellationToken cancellationToken);

    /// <summary>Holds the open assignments of the meters and the named ones, then the agents they belong to and the caller's own, each by id, until the transaction ends. SQLite has one writer and
    /// needs none of it.</summary>
    /// <param name="meters">Locked by the caller.</param>
    /// <param name="assignments">Those that items name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task HoldAsync(IReadOnlyCollection<MeterId> meters, IReadOnlyCollection<AssignmentId> assignments, CancellationToken cancellationToken);
}
