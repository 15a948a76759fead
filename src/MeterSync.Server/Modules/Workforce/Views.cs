using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Workforce.Domain;

namespace MeterSync.Modules.Workforce;

internal sealed record PlaceView(double Latitude, double Longitude);

/// <summary>An agent as the API shows one.</summary>
/// <param name="Id">Also the id of the user, and the agent_id of readings.</param>
/// <param name="CurrentLoad">Open assignments, counted now.</param>
/// <param name="MaxLoad">The most it may have.</param>
/// <param name="Location">Where it was last, in working hours; null where nothing is known.</param>
/// <param name="RetiredAt">Since when it gets no work; null while it does.</param>
internal sealed record AgentView(
    Guid Id,
    Guid UserId,
    string Name,
    string? LocationId,
    Guid? RegionId,
    int CurrentLoad,
    int MaxLoad,
    AgentStatus Status,
    PlaceView? Location,
    double? AccuracyM,
    DateTimeOffset? PositionAt,
    string? AvatarUrl,
    DateTimeOffset? RetiredAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Version)
{
    public static AgentView Of(Agent agent, string? name, int load) => new(
        agent.Id.Value,
        agent.Id.Value,
        name ?? "",
        agent.LocationId,
        agent.RegionId?.Value,
        load,
        agent.MaxLoad,
        agent.Status,
        agent is { Latitude: { } latitude, Longitude: { } longitude } ? new PlaceView(latitude, longitude) : null,
        agent.AccuracyMetres,
        agent.PositionAt,
        agent.AvatarUrl,
        agent.RetiredAt,
        agent.CreatedAt,
        agent.UpdatedAt,
        agent.Version);
}

/// <summary>An assignment as the API shows one, with what an agent needs to find the meter.</summary>
/// <param name="Position">Place in the agent's walk, from 1.</param>
/// <param name="EstimatedTime">Minutes.</param>
/// <param name="DueAt">Exclusive; overdue from then on.</param>
/// <param name="ReadingId">The reading that completed it.</param>
/// <param name="MovedFromId">The assignment it took over from: another agent's, or that of the meter that stood here before.</param>
/// <param name="VisitsFrom">A visit at this instant or later ends the work.</param>
internal sealed record AssignmentView(
    Guid Id,
    Guid MeterId,
    string SerialNumber,
    string? Address,
    PlaceView? Location,
    MeterPriority? Priority,
    Guid AgentId,
    Guid? CycleId,
    Guid? RouteId,
    int? Position,
    AssignmentStatus Status,
    int? EstimatedTime,
    DateTimeOffset? DueAt,
    DateTimeOffset VisitsFrom,
    DateTimeOffset AssignedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? CompletedAt,
    DateTimeOffset? CancelledAt,
    string? CompletionNotes,
    Guid? ReadingId,
    Guid? ReReadId,
    Guid? MovedFromId,
    DateTimeOffset UpdatedAt,
    int Version);
