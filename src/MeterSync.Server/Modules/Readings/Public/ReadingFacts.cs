using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Store;

namespace MeterSync.Modules.Readings.Public;

/// <summary>A reading as other modules may ask the database for it.</summary>
internal sealed class ReadingFact
{
    public ReadingId Id { get; init; }

    /// <summary>Under which its sender knows it; null where it made none.</summary>
    public Guid? ClientId { get; init; }

    public MeterId MeterId { get; init; }

    public DateTimeOffset ReadingAt { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }

    public ReadingSource Source { get; init; }

    public ReadingState State { get; init; }

    /// <summary>Who read it; null where a device or a file sent it.</summary>
    public UserId? AgentId { get; init; }

    public DateTimeOffset? VerifiedAt { get; init; }

    public double? Latitude { get; init; }

    public double? Longitude { get; init; }

    /// <summary>As <see cref="ListedPhotos"/> reads it.</summary>
    public string? Photos { get; init; }

    public ReadingEvidence? Evidence { get; init; }
}

/// <summary>One register's value as other modules may ask the database for it.</summary>
internal sealed class ValueFact
{
    public ReadingId ReadingId { get; init; }

    public MeterId MeterId { get; init; }

    public DateTimeOffset ReadingAt { get; init; }

    public decimal Value { get; init; }

    public decimal? Consumption { get; init; }

    public decimal? Days { get; init; }

    /// <summary>VEE ids, comma-separated.</summary>
    public string Flags { get; init; } = "";

    public ReadingState State { get; init; }
}

internal static class ReadingFacts
{
    /// <summary>All values, whoever asks: the caller bounds them.</summary>
    public static IQueryable<ValueFact> OfValues(this MeterSyncDb db) => db.Set<ReadingValue>().Select(value => new ValueFact
    {
        ReadingId = value.ReadingId,
        MeterId = value.MeterId,
        ReadingAt = value.ReadingAt,
        Value = value.Value,
        Consumption = value.Consumption,
        Days = value.Days,
        Flags = value.Flags,
        State = value.State,
    });

    /// <summary>All readings, whoever asks: the caller bounds them. Conditions and orders go on into the database.</summary>
    public static IQueryable<ReadingFact> OfReadings(this MeterSyncDb db) => db.Set<Reading>().Select(reading => new ReadingFact
    {
        Id = reading.Id,
        ClientId = reading.ClientId,
        MeterId = reading.MeterId,
        ReadingAt = reading.ReadingAt,
        ReceivedAt = reading.ReceivedAt,
        Source = reading.Source,
        State = reading.State,
        AgentId = reading.AgentId,
        VerifiedAt = reading.VerifiedAt,
        Latitude = reading.Latitude,
        Longitude = reading.Longitude,
        Photos = reading.Photos,
        Evidence = reading.Evidence,
    });
}
