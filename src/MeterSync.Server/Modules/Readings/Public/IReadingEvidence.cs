using MeterSync.Kernel;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Store.Blobs;

namespace MeterSync.Modules.Readings.Public;

/// <summary>Whether the photos that a reading names are here. A reading is complete without them: they travel apart.</summary>
public enum ReadingEvidence
{
    /// <summary>It names none by SHA-256 or id, and none came for it.</summary>
    None,

    /// <summary>One is still to come.</summary>
    Pending,

    /// <summary>All are here.</summary>
    Complete,

    /// <summary>They had their days and did not come, or the meter needs one and none was named.</summary>
    Missing,
}

/// <summary>A reading with the photos it names, as it was just stored.</summary>
/// <param name="ClientId">Photos may name it by this; null where the sender made none.</param>
/// <param name="AgentId">Who read: only this person's photos are found.</param>
/// <param name="Photos">As the reading lists them.</param>
internal sealed record ReadingPhotos(ReadingId Id, Guid? ClientId, UserId? AgentId, IReadOnlyList<string> Photos);

/// <summary>Ties photos that came first to readings. Ask it only for readings with <see cref="ListedPhotos.EvidenceOf"/>: the others need no question to the database.</summary>
internal interface IReadingEvidence
{
    /// <summary>Inside the transaction under way, once the readings are saved. One question for all of them; more only where photos wait.</summary>
    /// <returns>The evidence of each reading; what differs from pending is stored already.</returns>
    Task<IReadOnlyDictionary<ReadingId, ReadingEvidence>> AttachAsync(IReadOnlyList<ReadingPhotos> readings, CancellationToken cancellationToken);
}

/// <summary>Writes down what became of the photos of readings.</summary>
internal interface IEvidenceBook
{
    /// <summary>Keeps others from settling the same readings until the transaction under way ends: locks their meters, then them. Who holds the meters already need not ask.</summary>
    Task HoldAsync(IReadOnlyCollection<ReadingId> readings, CancellationToken cancellationToken);

    /// <summary>Inside the transaction under way. A photo that came after all takes VEE-116 from the values. <see cref="ReadingEvidence.None"/> is written as nothing.</summary>
    Task SetAsync(IReadOnlyDictionary<ReadingId, ReadingEvidence> evidence, CancellationToken cancellationToken);

    /// <summary>Marks readings whose photos had their days, and flags the values of meters that need one (VEE-116). Holds its own transactions. Returns how many readings it marked.</summary>
    /// <param name="havingPhotos">Tells which of some readings have one photo at least: they are not flagged.</param>
    /// <param name="cancellationToken">Stops between two parts.</param>
    Task<int> MarkMissingAsync(Func<IReadOnlyCollection<ReadingId>, CancellationToken, Task<IReadOnlySet<ReadingId>>> havingPhotos, CancellationToken cancellationToken);
}

/// <summary>The photos a reading lists: SHA-256, ids, or addresses of which nothing is known here.</summary>
internal static class ListedPhotos
{
    public static IReadOnlyList<string> Of(string? stored) => PhotoList.Of(stored);

    /// <summary>Pending where a photo is named that can be told when it is here; null otherwise.</summary>
    public static ReadingEvidence? EvidenceOf(IReadOnlyList<string>? photos)
    {
        if (photos is not null)
        {
            foreach (var photo in photos)
            {
                if (IsKnowable(photo))
                {
                    return ReadingEvidence.Pending;
                }
            }
        }

        return null;
    }

    public static bool IsKnowable(string photo) => BlobHash.TryParse(photo, out _) || Guid.TryParse(photo, out _);
}
