using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

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
    public static IQueryable<ReadingFact> OfReadings(this MeterSyncDb db) => FactsOf(db.Set<Reading>());

    /// <summary>Readings of a person whose photos did not all come, and whose list may name this photo: <see cref="ListedPhotos"/> tells for certain.</summary>
    /// <param name="db">The database.</param>
    /// <param name="agent">Who read.</param>
    /// <param name="sha256">64 lower-case hexadecimal digits.</param>
    /// <param name="photo">Its id.</param>
    public static IQueryable<ReadingFact> OfReadingsThatWaitFor(this MeterSyncDb db, UserId agent, string sha256, Guid photo)
    {
        var (hash, dashed, plain) = ($"%{sha256}%", $"%{photo:D}%", $"%{photo:N}%");
        return FactsOf(db.IsSqlite
            ? db.Set<Reading>().FromSql($"select * from readings where agent_id = {agent.Value.ToByteArray(true)} and evidence in ('pending', 'missing') and (lower(photos) like {hash} or lower(photos) like {dashed} or lower(photos) like {plain})")
            : db.Set<Reading>().FromSql($"select * from readings where agent_id = {agent.Value} and evidence in ('pending', 'missing') and (lower(photos::text) like {hash} or lower(photos::text) like {dashed} or lower(photos::text) like {plain})"));
    }

    private static IQueryable<ReadingFact> FactsOf(IQueryable<Reading> readings) => readings.Select(reading => new ReadingFact
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
