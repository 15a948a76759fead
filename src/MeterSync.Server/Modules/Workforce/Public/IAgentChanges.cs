using MeterSync.Kernel;

namespace MeterSync.Modules.Workforce.Public;

/// <summary>What an agent's devices have to hear of: its change log, and the things in it as they are now. Whoever asks answers for whose log it is.</summary>
internal interface IAgentChanges
{
    /// <summary>How far the log goes; null for who is no agent.</summary>
    Task<AgentLogEnds?> EndsAsync(UserId agent, CancellationToken cancellationToken);

    /// <summary>The log after a number, in order, with its ends, as of one instant. One query. Things are to be read after it: they may be newer than what is told of them, and never older.</summary>
    /// <param name="agent">Whose.</param>
    /// <param name="after">Exclusive.</param>
    /// <param name="most">At least 1.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Null for who is no agent.</returns>
    Task<AgentLog?> ReadAsync(UserId agent, long after, int most, CancellationToken cancellationToken);

    /// <summary>Those of the assignments by which the agent sees a meter. Two queries.</summary>
    Task<IReadOnlyList<AgentThing>> AssignmentsAsync(UserId agent, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <summary>As <see cref="AssignmentsAsync"/>: all of them after an id, by id.</summary>
    Task<IReadOnlyList<AgentThing>> AssignmentsAfterAsync(UserId agent, Guid after, int most, CancellationToken cancellationToken);

    /// <summary>Those of the meters that the agent sees. One query.</summary>
    Task<IReadOnlyList<MeterId>> MetersAsync(UserId agent, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <summary>As <see cref="MetersAsync"/>: all of them after an id, by id.</summary>
    Task<IReadOnlyList<MeterId>> MetersAfterAsync(UserId agent, Guid after, int most, CancellationToken cancellationToken);

    /// <summary>Forgets old changes and remembers of each agent how far. Holds its own transactions: call it outside of one.</summary>
    /// <param name="before">What was written before this instant goes, and what an agent heard before that.</param>
    /// <param name="most">About so many at once.</param>
    /// <param name="cancellationToken">Stops between two agents.</param>
    /// <returns>How many went; 0 once there are none.</returns>
    Task<int> ForgetAsync(DateTimeOffset before, int most, CancellationToken cancellationToken);
}

public enum AgentEntity
{
    Meter,
    Assignment,
    Reading,
}

/// <param name="Last">The newest number; 0 before the first.</param>
/// <param name="Floor">Changes up to this number are forgotten.</param>
internal sealed record AgentLogEnds(long Last, long Floor)
{
    /// <summary>Whether all that came after a number is still there.</summary>
    public bool Holds(long after) => after >= Floor && after <= Last;
}

internal sealed record AgentLog(AgentLogEnds Ends, IReadOnlyList<AgentLogRow> Rows);

internal readonly record struct AgentLogRow(long Seq, AgentEntity Entity, Guid Id);

/// <param name="Data">As the API shows it; serialised by what it is.</param>
internal sealed record AgentThing(Guid Id, int Version, object Data);
