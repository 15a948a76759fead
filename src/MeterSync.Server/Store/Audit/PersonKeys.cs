using System.Collections.Concurrent;
using System.Security.Cryptography;
using MeterSync.Kernel;
using MeterSync.Store.Secrets;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Store.Audit;

/// <summary>How a person's values are written: with the cipher, or where there is none as a word that says why.</summary>
/// <param name="Cipher">Null where the person is erased or the key cannot be read.</param>
/// <param name="Instead">Stands where the value would.</param>
internal readonly record struct PersonSeal(PersonCipher? Cipher, string Instead)
{
    public static readonly PersonSeal Erased = new(null, Forgotten.Text);

    public static readonly PersonSeal Unreadable = new(null, Forgotten.Unreadable);
}

/// <summary>The keys of persons, in memory after their first use. An erased one is forgotten here at once and by other processes at their next <see cref="RefreshAsync"/>.</summary>
internal sealed class PersonKeys(SecretBox box, StoreConnections connections, IdSource ids, TimeProvider clock)
{
    private const int SecretBytes = 32;
    private const int MostKept = 10_000;

    /// <summary>An erasure is stamped before it is committed, by a clock that may be another machine's.</summary>
    private static readonly TimeSpan LooksBack = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<Guid, PersonCipher> byPerson = new();
    private readonly ConcurrentDictionary<Guid, PersonCipher> byKey = new();
    private readonly ConcurrentDictionary<Guid, byte> withoutKey = new();

    /// <summary>The row of a new person's key, for the save that makes the person, and the cipher to use in it.</summary>
    public (PersonKey Row, PersonCipher Cipher) Make(Guid person)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        var row = new PersonKey { Id = ids.Next(), PersonId = person, Secret = box.Seal(SecretBox.PersonKeys, secret), CreatedAt = clock.GetUtcNow().ToStored() };
        return (row, new PersonCipher(row.Id, person, secret));
    }

    /// <summary>From memory, save the first time.</summary>
    public ValueTask<PersonSeal> OfAsync(MeterSyncDb db, Guid person, CancellationToken cancellationToken) =>
        byPerson.TryGetValue(person, out var known) ? ValueTask.FromResult(new PersonSeal(known, "")) : LoadAsync(db, person, cancellationToken);

    /// <summary>What opens the values under these keys, and which of the persons are erased.</summary>
    public async Task<FoundKeys> FindAsync(MeterSyncDb db, IReadOnlyCollection<Guid> keys, IReadOnlyCollection<Guid> persons, CancellationToken cancellationToken)
    {
        var ciphers = new Dictionary<Guid, PersonCipher>();
        foreach (var key in keys)
        {
            if (byKey.TryGetValue(key, out var known))
            {
                ciphers[key] = known;
            }
        }

        var unknownKeys = keys.Where(key => !ciphers.ContainsKey(key)).ToList();
        var unknownPersons = persons.Where(person => !byPerson.ContainsKey(person)).ToList();
        var (erasedKeys, erasedPersons) = (new HashSet<Guid>(), new HashSet<Guid>());
        if (unknownKeys.Count + unknownPersons.Count > 0)
        {
            foreach (var row in await db.Set<PersonKey>().AsNoTracking().Where(key => unknownKeys.Contains(key.Id) || unknownPersons.Contains(key.PersonId)).ToListAsync(cancellationToken))
            {
                if (row.Secret is null)
                {
                    erasedKeys.Add(row.Id);
                    erasedPersons.Add(row.PersonId);
                }
                else if (Open(row) is { } cipher)
                {
                    ciphers[row.Id] = Keep(byKey, row.Id, cipher);
                }
            }
        }

        return new FoundKeys(ciphers, erasedKeys, erasedPersons);
    }

    /// <summary>Drops the keys of a person in the caller's transaction. What they encrypted is unreadable from then on.</summary>
    public async Task EraseAsync(MeterSyncDb db, Guid person, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        var dropped = await db.Set<PersonKey>().Where(key => key.PersonId == person && key.Secret != null)
            .ExecuteUpdateAsync(set => set.SetProperty(key => key.Secret, (byte[]?)null).SetProperty(key => key.ErasedAt, now), cancellationToken);
        if (dropped == 0 && !await db.Set<PersonKey>().AnyAsync(key => key.PersonId == person, cancellationToken))
        {
            // Whoever never had a key is not given one later.
            db.Set<PersonKey>().Add(new PersonKey { Id = ids.Next(), PersonId = person, CreatedAt = now, ErasedAt = now });
            await db.SaveChangesAsync(cancellationToken);
        }

        Forget(person);
    }

    public void Forget(Guid person)
    {
        byPerson.TryRemove(person, out _);
        foreach (var (key, _) in byKey.Where(pair => pair.Value.PersonId == person).ToList())
        {
            byKey.TryRemove(key, out _);
        }
    }

    /// <summary>Forgets what other processes have erased.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow() - LooksBack;
        await using var connection = await connections.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "select person_id from person_keys where erased_at > @since";
        command.Add("since", connections.Stored(since));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            Forget(AuditRow.IdAt(rows, 0));
        }
    }

    /// <summary>New keys for persons whose old ones cannot be read any more: what they do from now on can.</summary>
    /// <returns>How many.</returns>
    public async Task<int> ReplaceLostAsync(MeterSyncDb db, CancellationToken cancellationToken)
    {
        var lost = withoutKey.Keys.ToList();
        var made = 0;
        foreach (var person in lost)
        {
            if (!await db.Set<PersonKey>().AnyAsync(key => key.PersonId == person && key.Secret == null, cancellationToken))
            {
                db.Set<PersonKey>().Add(Make(person).Row);
                made++;
            }
        }

        if (made > 0)
        {
            await db.SaveChangesAsync(cancellationToken);
        }

        lost.ForEach(person => withoutKey.TryRemove(person, out _));
        return made;
    }

    private async ValueTask<PersonSeal> LoadAsync(MeterSyncDb db, Guid person, CancellationToken cancellationToken)
    {
        var rows = await db.Set<PersonKey>().AsNoTracking().Where(key => key.PersonId == person).OrderByDescending(key => key.CreatedAt).ToListAsync(cancellationToken);
        foreach (var row in rows)
        {
            if (row.Secret is null)
            {
                return PersonSeal.Erased;
            }

            if (Open(row) is { } cipher)
            {
                return new PersonSeal(Keep(byPerson, person, cipher), "");
            }
        }

        withoutKey[person] = 0;
        return PersonSeal.Unreadable;
    }

    private PersonCipher? Open(PersonKey row) => box.TryOpen(SecretBox.PersonKeys, row.Secret!) is { } secret ? new PersonCipher(row.Id, row.PersonId, secret) : null;

    private static PersonCipher Keep(ConcurrentDictionary<Guid, PersonCipher> cache, Guid id, PersonCipher cipher)
    {
        if (cache.Count >= MostKept)
        {
            cache.Clear();
        }

        cache[id] = cipher;
        return cipher;
    }
}

/// <param name="Ciphers">By key.</param>
/// <param name="ErasedKeys">Those of erased persons.</param>
/// <param name="ErasedPersons">Of the persons asked about.</param>
internal sealed record FoundKeys(IReadOnlyDictionary<Guid, PersonCipher> Ciphers, IReadOnlySet<Guid> ErasedKeys, IReadOnlySet<Guid> ErasedPersons);
