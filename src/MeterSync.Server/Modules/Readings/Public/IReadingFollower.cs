using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;

namespace MeterSync.Modules.Readings.Public;

/// <summary>Somebody stood before a meter, or something sent its value, and it is being recorded.</summary>
/// <param name="State">What the rules made of it.</param>
/// <param name="DwellSeconds">How long the device was near the meter; null where it does not say.</param>
/// <param name="IsMocked">The device says its position was made up.</param>
internal sealed record ReadingRecorded(
    ReadingId Id,
    MeterForReading Meter,
    DateTimeOffset At,
    DateTimeOffset ReceivedAt,
    ReadingSource Source,
    ReadingState State,
    UserId? AgentId,
    double? Latitude,
    double? Longitude,
    double? AccuracyMetres,
    int? DwellSeconds,
    bool IsMocked);

/// <summary>Does its part when a single reading comes in, in the same transaction. The meter is locked.</summary>
internal interface IReadingFollower
{
    Task FollowAsync(ReadingRecorded reading, CancellationToken cancellationToken);
}

/// <summary>Decides about held readings for other modules, inside their transaction; saved with it.</summary>
internal interface IReadingDecisions
{
    /// <summary>What was held is accepted.</summary>
    Task<Outcome<Done>> VerifyAsync(ReadingId reading, string? note, CancellationToken cancellationToken);

    /// <summary>Counts no more.</summary>
    Task<Outcome<Done>> RejectAsync(ReadingId reading, string reason, CancellationToken cancellationToken);
}

/// <summary>Asks for values again on behalf of other modules, inside their transaction; saved with it.</summary>
internal interface IReReads
{
    Task<Outcome<ReReadMade>> RequestAsync(ReadingId reading, string reason, CancellationToken cancellationToken);
}

internal sealed record ReReadMade(ReReadId Id, ReadingId ReadingId, MeterId MeterId, string SerialNumber, string Reason, DateTimeOffset RequestedAt);
