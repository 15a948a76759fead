using System.Text.Json;
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

/// <summary>Does its part when readings come in, in the same transaction. Their meters are locked.</summary>
internal interface IReadingFollower
{
    Task FollowAsync(ReadingRecorded reading, CancellationToken cancellationToken);

    /// <summary>As <see cref="FollowAsync"/> for one reading each of many meters, in as many queries as for one.</summary>
    Task FollowAllAsync(IReadOnlyList<ReadingRecorded> readings, CancellationToken cancellationToken);
}

/// <summary>Decides about held readings for other modules, inside their transaction; saved with it.</summary>
internal interface IReadingDecisions
{
    /// <summary>What was held is accepted.</summary>
    Task<Outcome<Done>> VerifyAsync(ReadingId reading, string? note, CancellationToken cancellationToken);

    /// <summary>Counts no more.</summary>
    Task<Outcome<Done>> RejectAsync(ReadingId reading, string reason, CancellationToken cancellationToken);

    /// <summary>The values of another content that came under the same client id take the place of the reading's own, which stay on record.</summary>
    /// <param name="reading">The first.</param>
    /// <param name="payload">The second, as POST /readings takes it.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Stops.</param>
    Task<Outcome<Done>> TakeValuesAsync(ReadingId reading, JsonElement payload, string reason, CancellationToken cancellationToken);
}

/// <summary>Asks for values again on behalf of other modules, inside their transaction; saved with it.</summary>
internal interface IReReads
{
    Task<Outcome<ReReadMade>> RequestAsync(ReadingId reading, string reason, CancellationToken cancellationToken);
}

internal sealed record ReReadMade(ReReadId Id, ReadingId ReadingId, MeterId MeterId, string SerialNumber, string Reason, DateTimeOffset RequestedAt);
