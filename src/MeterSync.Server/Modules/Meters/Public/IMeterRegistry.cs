using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Metering.Registers;
using MeterSync.Store;

namespace MeterSync.Modules.Meters.Public;

/// <summary>What other modules may know of meters: those the caller sees, as if there were no others.</summary>
internal interface IMeterRegistry
{
    /// <summary>A meter with its registers, locked until the transaction under way ends, so that readings of one meter are judged one after the other. One query. Null where there is none.</summary>
    /// <param name="id">The meter.</param>
    /// <param name="rider">A question to be answered once the lock is held, in the same round trip; null for none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<MeterForReading?> LockAsync(MeterId id, Rider? rider, CancellationToken cancellationToken);

    /// <summary>As <see cref="LockAsync"/> without the lock.</summary>
    Task<MeterForReading?> FindAsync(MeterId id, CancellationToken cancellationToken);

    /// <summary>As <see cref="FindAsync"/>, whoever asks: for a meter that the caller has just put somewhere, which need not be one of those given to him.</summary>
    Task<MeterForReading> FindAnyAsync(MeterId id, CancellationToken cancellationToken);

    /// <summary>As <see cref="LockAsync"/> for many at once, some hundreds; unknown ones are absent.</summary>
    Task<IReadOnlyList<MeterForReading>> LockAllAsync(IReadOnlyCollection<MeterId> ids, CancellationToken cancellationToken);

    /// <summary>The registers that counted at the same places before these, as far as there are any; whoever may see them.</summary>
    Task<IReadOnlyDictionary<RegisterId, RegisterId>> PredecessorsAsync(IReadOnlyCollection<RegisterId> registers, CancellationToken cancellationToken);

    /// <summary>When each meter was put to another place than before, by an exchange or by a change of the meter, oldest first: what was counted before belongs elsewhere.
    /// The first place of a meter that followed no other there is not among them. Whoever asks.</summary>
    Task<ILookup<MeterId, DateTimeOffset>> PlacedAsync(IReadOnlyCollection<MeterId> ids, CancellationToken cancellationToken);

    /// <summary>The exchanges that put a meter to a place in a period, in order of time, whoever asks.</summary>
    /// <param name="since">Inclusive.</param>
    /// <param name="until">Exclusive.</param>
    /// <param name="cancellationToken">Stops.</param>
    Task<IReadOnlyList<PlaceTaken>> PlacesTakenAsync(DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Meters by serial number, exact and trimmed; unknown ones are absent. At most a few thousand at a time.</summary>
    Task<IReadOnlyDictionary<string, MeterForReading>> FindBySerialAsync(IReadOnlyCollection<string> serialNumbers, CancellationToken cancellationToken);

    /// <summary>Serial numbers of meters.</summary>
    Task<IReadOnlyDictionary<MeterId, string>> SerialNumbersAsync(IReadOnlyCollection<MeterId> ids, CancellationToken cancellationToken);

    /// <summary>Notes the newest accepted value of a meter's main register; joins the unit of work. Null takes the note away.</summary>
    /// <param name="meter">As it was found in this unit of work.</param>
    /// <param name="last">Instant, register value and unit.</param>
    void SetLastReading(MeterForReading meter, LastReading? last);

    /// <summary>As <see cref="SetLastReading"/> for many meters, written at once inside the transaction under way.</summary>
    /// <param name="lasts">Each meter once.</param>
    /// <param name="cancellationToken">Stops.</param>
    Task SetLastReadingsAsync(IReadOnlyList<(MeterForReading Meter, LastReading? Last)> lasts, CancellationToken cancellationToken);
}

/// <param name="At">When the one was taken away and the other put there.</param>
/// <param name="Old">The register that was there.</param>
/// <param name="New">A register of the meter that came; every pair of the two meters' registers is named.</param>
internal readonly record struct PlaceTaken(DateTimeOffset At, RegisterId Old, RegisterId New);

/// <summary>A meter as someone needs it who records its readings.</summary>
/// <param name="Registers">By ordinal; the first is the main one.</param>
internal sealed record MeterForReading(
    MeterId Id,
    string SerialNumber,
    MeterType Type,
    MeterStatus Status,
    double? Latitude,
    double? Longitude,
    PositionProvenance PositionSource,
    LastReading? Last,
    IReadOnlyList<RegisterForReading> Registers)
{
    /// <summary>When an exchange put it where it is; null where none did. Use is not counted across it.</summary>
    public DateTimeOffset? SegmentFrom { get; init; }

    /// <summary>When an exchange took it away; null while it is installed.</summary>
    public DateTimeOffset? RemovedAt { get; init; }

    /// <summary>The status that bears on a reading of an instant: a meter that was taken away was in use until then.</summary>
    public MeterStatus StatusAt(DateTimeOffset at) => RemovedAt is { } removed && at <= removed ? MeterStatus.Active : Status;
}

/// <summary>Registers of many meters, for lists. Those of a meter that has not changed since they were last asked for are not read again.</summary>
internal interface IRegisterLists
{
    /// <summary>At most one query. A meter without registers is absent.</summary>
    /// <param name="meters">Meters and the version each was just seen at; 0 where that is not known.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<IReadOnlyDictionary<MeterId, ListedMeter>> OfAsync(IReadOnlyDictionary<MeterId, int> meters, CancellationToken cancellationToken);
}

/// <param name="Version">Moves with every change of the meter and of its registers.</param>
/// <param name="Registers">By ordinal.</param>
internal sealed record ListedMeter(string SerialNumber, int Version, IReadOnlyList<RegisterForReading> Registers);

/// <param name="Configurations">Oldest first, each from its instant (inclusive) to the next.</param>
internal sealed record RegisterForReading(RegisterId Id, int Ordinal, string Label, string? ObisCode, IReadOnlyList<EffectiveConfiguration> Configurations)
{
    /// <summary>The register that counted the same at the same place before an exchange; null for none.</summary>
    public RegisterId? PredecessorId { get; init; }

    /// <summary>The configuration of an instant; before the first one, the first.</summary>
    public RegisterConfiguration At(DateTimeOffset instant)
    {
        for (var index = Configurations.Count - 1; index > 0; index--)
        {
            if (Configurations[index].EffectiveFrom <= instant)
            {
                return Configurations[index].Configuration;
            }
        }

        return Configurations[0].Configuration;
    }
}

/// <param name="Value">Before the multiplier.</param>
internal sealed record LastReading(DateTimeOffset At, decimal Value, string Unit);
