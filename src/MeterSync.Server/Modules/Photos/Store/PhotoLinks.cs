using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Photos.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Public;
using MeterSync.Store;
using MeterSync.Store.Blobs;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Photos.Store;

/// <summary>Ties photos to readings, whichever came first, and tells what became of the evidence. Inside <see cref="WriteTransactions"/> only.</summary>
internal sealed class PhotoLinks(MeterSyncDb db, IEvidenceBook book, IVisitProofs proofs, IReadingWatcher watcher, TimeProvider clock) : IReadingEvidence
{
    public async Task<IReadOnlyDictionary<ReadingId, ReadingEvidence>> AttachAsync(IReadOnlyList<ReadingPhotos> readings, CancellationToken cancellationToken)
    {
        var evidence = readings.ToDictionary(reading => reading.Id, reading => ListedPhotos.EvidenceOf(reading.Photos) ?? ReadingEvidence.None);
        var waiting = await WaitingForAsync(readings, cancellationToken);
        var added = new HashSet<(ReadingId Reading, PhotoId Photo)>();
        foreach (var reading in readings)
        {
            added.UnionWith(waiting.Where(photo => photo.UserId == reading.AgentId && photo.IsOf(reading)).Select(photo => (reading.Id, photo.Id)));
        }

        await LinkAsync(added, cancellationToken);
        foreach (var settled in await SettleAsync([.. added.Select(pair => pair.Reading).Distinct()], cancellationToken))
        {
            evidence[settled.Id] = settled.Evidence;
        }

        return evidence;
    }

    /// <summary>How long a reading waits for photos that name it by nothing but their bytes.</summary>
    private static readonly TimeSpan LooksBack = TimeSpan.FromDays(30);

    /// <summary>Ties the photo to the reading it names by client_id, where that is here, and once it is complete to those that list it; and settles all readings it is tied to.
    /// The phones of those who brought them hear of it; their locks stand last.</summary>
    public async Task FollowAsync(Photo photo, CancellationToken cancellationToken)
    {
        var id = photo.Id;
        var tied = await db.Set<PhotoLink>().Where(link => link.PhotoId == id).Select(link => link.ReadingId).ToListAsync(cancellationToken);
        var found = (await FindReadingsAsync(photo, cancellationToken)).Except(tied).ToList();
        List<ReadingId> readings = [.. tied, .. found];

        // Two photos of one reading that complete at once see each other: the second looks when the first is committed.
        await book.HoldAsync(readings, cancellationToken);
        await LinkAsync(found.ConvertAll(reading => (reading, id)), cancellationToken);
        var settled = await SettleAsync(readings, cancellationToken);
        foreach (var one in settled.Where(one => one is { IsChanged: true, AgentId: not null }))
        {
            watcher.Changed(one.Id, one.AgentId!.Value);
        }

        await watcher.WriteAsync([], cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task<IReadOnlyCollection<ReadingId>> FindReadingsAsync(Photo photo, CancellationToken cancellationToken)
    {
        var (owner, found) = (photo.UserId, new HashSet<ReadingId>());
        if (photo.ReadingClientId is { } client)
        {
            found.UnionWith(await db.OfReadings().Where(reading => reading.ClientId == client && reading.AgentId == owner).Select(reading => reading.Id).ToListAsync(cancellationToken));
        }

        if (photo.State == PhotoState.Complete)
        {
            var since = clock.GetUtcNow().ToStored() - LooksBack;
            var waiting = await db.OfReadingsThatWaitFor(owner, BlobHash.Of(photo.Sha256).Hex, photo.Id.Value)
                .Where(reading => reading.ReceivedAt >= since && reading.ReadingAt >= since - LooksBack).Select(reading => new { reading.Id, reading.Photos }).ToListAsync(cancellationToken);
            found.UnionWith(waiting.Where(reading => ListedPhotos.Of(reading.Photos).Any(name => IsNamed(photo.Id, photo.Sha256, name))).Select(reading => reading.Id));
        }

        return found;
    }

    /// <summary>Saved at once; twice is once.</summary>
    public async Task LinkAsync(IReadOnlyCollection<(ReadingId Reading, PhotoId Photo)> pairs, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        if (!db.IsSqlite && pairs.Count > 0)
        {
            Guid[] readings = [.. pairs.Select(pair => pair.Reading.Value)];
            Guid[] photos = [.. pairs.Select(pair => pair.Photo.Value)];
            await db.Database.ExecuteSqlAsync($"insert into photo_links (reading_id, photo_id, linked_at) select r, p, {now} from unnest({readings}, {photos}) as t (r, p) on conflict do nothing", cancellationToken);
            return;
        }

        foreach (var (reading, photo) in pairs)
        {
            await db.Database.ExecuteSqlAsync(
                $"insert into photo_links (reading_id, photo_id, linked_at) values ({reading.Value.ToByteArray(true)}, {photo.Value.ToByteArray(true)}, {now.ToUnixMicroseconds()}) on conflict do nothing", cancellationToken);
        }
    }

    /// <summary>Looks anew at the evidence and the proofs of visit of readings.</summary>
    private async Task<IReadOnlyList<SettledReading>> SettleAsync(List<ReadingId> readings, CancellationToken cancellationToken)
    {
        if (readings.Count == 0)
        {
            return [];
        }

        var settled = new List<SettledReading>(readings.Count);
        var facts = await db.OfReadings().Where(reading => readings.Contains(reading.Id)).Select(reading => new { reading.Id, reading.AgentId, reading.Photos, reading.Evidence }).ToListAsync(cancellationToken);
        var linked = (await (
            from link in db.Set<PhotoLink>().AsNoTracking()
            join photo in db.Set<Photo>().AsNoTracking() on link.PhotoId equals photo.Id
            where readings.Contains(link.ReadingId)
            select new LinkedPhoto(link, photo)).ToListAsync(cancellationToken)).ToLookup(one => one.Link.ReadingId);
        var changed = new Dictionary<ReadingId, ReadingEvidence>();
        foreach (var fact in facts)
        {
            var now = EvidenceOf(ListedPhotos.Of(fact.Photos), [.. linked[fact.Id].Select(one => one.Photo)]);
            var isLate = now == ReadingEvidence.Pending && fact.Evidence == ReadingEvidence.Missing;
            var isChanged = !isLate && now != (fact.Evidence ?? ReadingEvidence.None);
            settled.Add(new SettledReading(fact.Id, fact.AgentId, isLate ? ReadingEvidence.Missing : now, isChanged));
            if (isChanged)
            {
                changed[fact.Id] = now;
            }
        }

        if (changed.Count > 0)
        {
            await book.SetAsync(changed, cancellationToken);
        }

        await ProveAsync(linked, cancellationToken);
        return settled;
    }

    /// <summary>Those of the readings that have a photo at least.</summary>
    public async Task<IReadOnlySet<ReadingId>> HavingPhotosAsync(IReadOnlyCollection<ReadingId> readings, CancellationToken cancellationToken) =>
        (await db.Set<PhotoLink>().Where(link => readings.Contains(link.ReadingId) && db.Set<Photo>().Any(photo => photo.Id == link.PhotoId && photo.State == PhotoState.Complete))
            .Select(link => link.ReadingId).Distinct().ToListAsync(cancellationToken)).ToHashSet();

    private static ReadingEvidence EvidenceOf(IReadOnlyList<string> listed, IReadOnlyList<Photo> photos)
    {
        var known = listed.Where(ListedPhotos.IsKnowable).ToList();
        var here = photos.Where(photo => photo.State == PhotoState.Complete).ToList();
        return known.Count == 0 && photos.Count == 0 ? ReadingEvidence.None
            : known.Count > 0 ? (known.TrueForAll(name => here.Exists(photo => IsNamed(photo.Id, photo.Sha256, name))) ? ReadingEvidence.Complete : ReadingEvidence.Pending)
            : here.Count > 0 ? ReadingEvidence.Complete
            : ReadingEvidence.Pending;
    }

    private static bool IsNamed(PhotoId id, byte[] sha256, string name) =>
        BlobHash.TryParse(name, out var hash) ? BlobHash.Of(sha256) == hash : Guid.TryParse(name, out var guid) && guid == id.Value;

    /// <summary>Photos of the same people that the readings name, or that name the readings.</summary>
    private async Task<List<WaitingPhoto>> WaitingForAsync(IReadOnlyList<ReadingPhotos> readings, CancellationToken cancellationToken)
    {
        var agents = readings.Select(reading => reading.AgentId).OfType<UserId>().Distinct().ToList();
        var names = readings.SelectMany(reading => reading.Photos).ToList();
        List<byte[]> hashes = [.. names.Where(name => BlobHash.TryParse(name, out _)).Select(name => name.ToLowerInvariant()).Distinct().Select(Convert.FromHexString)];
        List<PhotoId> ids = [.. names.Where(name => Guid.TryParse(name, out _)).Select(name => new PhotoId(Guid.Parse(name))).Distinct()];
        List<Guid?> clients = [.. readings.Where(reading => reading.ClientId is not null).Select(reading => reading.ClientId)];
        return agents.Count == 0 ? [] : await db.Set<Photo>().AsNoTracking()
            .Where(photo => agents.Contains(photo.UserId) && (hashes.Contains(photo.Sha256) || ids.Contains(photo.Id) || clients.Contains(photo.ReadingClientId)))
            .Select(photo => new WaitingPhoto(photo.Id, photo.UserId, photo.Sha256, photo.ReadingClientId)).ToListAsync(cancellationToken);
    }

    private async Task ProveAsync(ILookup<ReadingId, LinkedPhoto> linked, CancellationToken cancellationToken)
    {
        List<byte[]> hashes = [.. linked.SelectMany(group => group).Where(one => one.Photo.State == PhotoState.Complete).Select(one => one.Photo.Sha256)];
        if (hashes.Count == 0)
        {
            return;
        }

        var uses = await (
            from link in db.Set<PhotoLink>().AsNoTracking()
            join photo in db.Set<Photo>().AsNoTracking() on link.PhotoId equals photo.Id
            where hashes.Contains(photo.Sha256) && photo.State == PhotoState.Complete
            select new { link.ReadingId, link.LinkedAt, photo.Sha256 }).ToListAsync(cancellationToken);
        var byHash = uses.ToLookup(use => BlobHash.Of(use.Sha256));
        VisitPhoto Shown(ReadingId reading, LinkedPhoto one) => new(
            Position.Of(one.Photo.Latitude, one.Photo.Longitude),
            one.Photo.TakenAt,
            byHash[BlobHash.Of(one.Photo.Sha256)].Any(use => use.ReadingId != reading && (use.LinkedAt, use.ReadingId.Value).CompareTo((one.Link.LinkedAt, reading.Value)) < 0));
        await proofs.TakePhotosAsync(
            linked.Where(group => group.Any(one => one.Photo.State == PhotoState.Complete))
                .ToDictionary(group => group.Key, IReadOnlyList<VisitPhoto> (group) => [.. group.Where(one => one.Photo.State == PhotoState.Complete).Select(one => Shown(group.Key, one))]),
            cancellationToken);
    }

    /// <param name="IsChanged">The evidence was another before.</param>
    private sealed record SettledReading(ReadingId Id, UserId? AgentId, ReadingEvidence Evidence, bool IsChanged);

    private sealed record LinkedPhoto(PhotoLink Link, Photo Photo);

    private sealed record WaitingPhoto(PhotoId Id, UserId UserId, byte[] Sha256, Guid? ReadingClientId)
    {
        public bool IsOf(ReadingPhotos reading) =>
            (ReadingClientId is not null && ReadingClientId == reading.ClientId) || reading.Photos.Any(name => IsNamed(Id, Sha256, name));
    }
}
