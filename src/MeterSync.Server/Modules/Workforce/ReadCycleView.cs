using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Workforce.Domain;

namespace MeterSync.Modules.Workforce;

/// <summary>A read cycle as the API shows one.</summary>
/// <param name="WindowFrom">Inclusive.</param>
/// <param name="WindowTo">Exclusive.</param>
/// <param name="MeterCount">Meters it opened with; 0 before.</param>
/// <param name="EstimatedCount">Missed meters that were estimated when it closed.</param>
/// <param name="MissedCount">Meters without any value when it closed.</param>
internal sealed record ReadCycleView(
    Guid Id,
    string Name,
    CycleStatus Status,
    DateTimeOffset WindowFrom,
    DateTimeOffset WindowTo,
    MeterType? MeterType,
    Guid? RegionId,
    string? LocationId,
    CycleRepeats Repeats,
    Guid? PreviousId,
    int MeterCount,
    int EstimatedCount,
    int MissedCount,
    DateTimeOffset? OpenedAt,
    Guid? OpenedBy,
    DateTimeOffset? ClosedAt,
    Guid? ClosedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Version)
{
    public static ReadCycleView Of(ReadCycle cycle) => new(
        cycle.Id.Value,
        cycle.Name,
        cycle.Status,
        cycle.WindowFrom,
        cycle.WindowTo,
        cycle.MeterType,
        cycle.RegionId?.Value,
        cycle.LocationId,
        cycle.Repeats,
        cycle.PreviousId?.Value,
        cycle.MeterCount,
        cycle.EstimatedCount,
        cycle.MissedCount,
        cycle.OpenedAt,
        cycle.OpenedBy?.Value,
        cycle.ClosedAt,
        cycle.ClosedBy?.Value,
        cycle.CreatedAt,
        cycle.UpdatedAt,
        cycle.Version);
}
