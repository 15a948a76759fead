using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;

namespace MeterSync.Modules.Workforce.Public;

/// <summary>What a photo of a reading says about the visit.</summary>
/// <param name="Position">Where the camera says it was taken; null where it does not.</param>
/// <param name="TakenAt">When; null where it does not say, or says it without an offset from UTC.</param>
/// <param name="IsReused">The same bytes were tied to another reading before.</param>
internal sealed record VisitPhoto(Position? Position, DateTimeOffset? TakenAt, bool IsReused);

/// <summary>Takes photos into the proof of visit. They are shown as reasons, and change nothing else.</summary>
internal interface IVisitProofs
{
    /// <summary>Scores the visits anew, inside the transaction under way. A reading without a proof of visit gets none. Two queries.</summary>
    /// <param name="photos">All complete photos of each reading: those of an earlier call are replaced.</param>
    /// <param name="cancellationToken">Stops.</param>
    Task TakePhotosAsync(IReadOnlyDictionary<ReadingId, IReadOnlyList<VisitPhoto>> photos, CancellationToken cancellationToken);
}

/// <summary>A visit without a value as other modules may ask the database for it.</summary>
internal sealed class SkipFact
{
    public Guid? ClientId { get; init; }

    public MeterId MeterId { get; init; }

    public UserId? AgentId { get; init; }
}

internal static class SkipFacts
{
    /// <summary>All, whoever asks: the caller bounds them.</summary>
    public static IQueryable<SkipFact> OfSkips(this MeterSyncDb db) => db.Set<Skip>().Select(skip => new SkipFact { ClientId = skip.ClientId, MeterId = skip.MeterId, AgentId = skip.AgentId });
}
