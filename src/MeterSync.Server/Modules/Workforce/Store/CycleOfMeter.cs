using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>A cycle that was opened, and a meter that is or was in it.</summary>
internal sealed class CycleOfMeter
{
    public MeterId MeterId { get; init; }

    public ReadCycleId Id { get; init; }

    public string Name { get; init; } = "";

    public bool IsClosed { get; init; }

    /// <summary>Inclusive.</summary>
    public DateTimeOffset From { get; init; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset To { get; init; }

    public bool Contains(DateTimeOffset at) => From <= at && at < To;
}

internal static class CyclesOfMeters
{
    public static IQueryable<CycleOfMeter> OfCycles(this IQueryable<CycleMeter> due, MeterSyncDb db) =>
        from one in due
        join cycle in db.Set<ReadCycle>() on one.CycleId equals cycle.Id
        where cycle.Status != CycleStatus.Planned
        select new CycleOfMeter { MeterId = one.MeterId, Id = cycle.Id, Name = cycle.Name, IsClosed = cycle.Status == CycleStatus.Closed, From = cycle.WindowFrom, To = cycle.WindowTo };
}
