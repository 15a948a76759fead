using MeterSync.Kernel;
using MeterSync.Metering;

namespace MeterSync.Modules.Readings.Public;

/// <summary>What became of the readings somebody brought.</summary>
internal interface IFieldReadings
{
    /// <summary>Those of the readings that the person brought. Two queries.</summary>
    Task<IReadOnlyList<FieldReading>> OfAsync(UserId agent, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <summary>All the person brought, by instant and id.</summary>
    /// <param name="agent">Who.</param>
    /// <param name="since">The instant of the reading, inclusive.</param>
    /// <param name="after">The last one handed out; null for the beginning.</param>
    /// <param name="most">At least 1.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IReadOnlyList<FieldReading>> AfterAsync(UserId agent, DateTimeOffset since, Cursor? after, int most, CancellationToken cancellationToken);
}

/// <param name="ClientId">As its device made it; null where none did.</param>
/// <param name="State">The worst of its live values.</param>
/// <param name="Flags">Ids of all rules that spoke, in order.</param>
/// <param name="Verified">A person with the right confirmed it.</param>
/// <param name="Evidence">Whether the photos it names are here.</param>
/// <param name="DecisionNote">What the person wrote who last verified, rejected or corrected it.</param>
/// <param name="Values">Live values, by register.</param>
internal sealed record FieldReading(
    Guid Id,
    Guid? ClientId,
    Guid MeterId,
    DateTimeOffset ReadingTimestamp,
    DateTimeOffset ReceivedAt,
    ReadingState State,
    IReadOnlyList<string> Flags,
    bool Verified,
    ReadingEvidence Evidence,
    string? DecisionNote,
    string? Notes,
    int Version,
    IReadOnlyList<FieldValue> Values);

/// <param name="Value">Before the multiplier.</param>
/// <param name="Flags">Ids of the rules that spoke.</param>
/// <param name="SupersedesId">The value it corrects.</param>
internal sealed record FieldValue(Guid Id, Guid RegisterId, decimal Value, ReadingState State, Quality Quality, IReadOnlyList<string> Flags, Guid? SupersedesId);
