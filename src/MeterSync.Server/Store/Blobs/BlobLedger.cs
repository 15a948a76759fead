using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace MeterSync.Store.Blobs;

/// <summary>One entry for bytes that something uses.</summary>
internal sealed class BlobUse
{
    /// <summary>SHA-256, 32 bytes.</summary>
    public byte[] Sha256 { get; set; } = [];

    public long Length { get; set; }

    /// <summary>How many rows use the bytes; at 0 both are swept away.</summary>
    public int Uses { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

internal static class BlobMapping
{
    public static void Configure(ModelBuilder model)
    {
        var use = model.Entity<BlobUse>();
        use.ToTable("blobs");
        use.HasKey(u => u.Sha256);
        use.Property(u => u.Sha256).ValueGeneratedNever();
    }
}

/// <summary>Counts who uses which bytes, in the transaction of whoever begins or ends to use them. The row of the bytes is the lock that keeps one from deleting what another is
/// about to use: bytes are deleted and looked for only while it is held.</summary>
internal sealed class BlobLedger(MeterSyncDb db, IBlobStore store, TimeProvider clock)
{
    /// <summary>One more uses the bytes, which were received and put into the store just before. Call it inside a transaction.</summary>
    public async Task TakeAsync(ReceivedBlob received, CancellationToken cancellationToken)
    {
        await CountAsync(received.Hash, received.Length, 1, cancellationToken);
        if (store.IsNear && !await store.ExistsAsync(received.Hash, cancellationToken))
        {
            // Somebody gave the same bytes up between our putting them there and our taking the lock.
            if (!File.Exists(received.Path))
            {
                throw new BlobStoreException("Bytes were given up by another while they were taken here; sent again, they will stay.", new IOException(received.Hash.Hex));
            }

            await store.PutAsync(received, cancellationToken);
        }
    }

    /// <summary>One less uses the bytes; those that nobody uses any more are swept away. Call it inside a transaction, after the row that used them was deleted.</summary>
    public Task GiveUpAsync(BlobHash hash, CancellationToken cancellationToken) => CountAsync(hash, 0, -1, cancellationToken);

    /// <summary>Deletes bytes nobody uses, unless somebody put them there since. Call it inside a transaction.</summary>
    /// <param name="blob">As it was found.</param>
    /// <param name="due">What was put there at or after this instant may be about to be used, and stays.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<bool> SweepAsync(StoredBlob blob, DateTimeOffset due, CancellationToken cancellationToken)
    {
        await CountAsync(blob.Hash, blob.Length, 0, cancellationToken);
        if (await store.PutAtAsync(blob.Hash, cancellationToken) >= due)
        {
            return false;
        }

        var sha256 = blob.Hash.ToBytes();
        if (await db.Set<BlobUse>().Where(use => use.Sha256 == sha256 && use.Uses <= 0).ExecuteDeleteAsync(cancellationToken) == 0)
        {
            return false;
        }

        await store.DeleteAsync(blob.Hash, cancellationToken);
        return true;
    }

    /// <summary>Which of the bytes something uses.</summary>
    public async Task<HashSet<string>> UsedAsync(IReadOnlyCollection<BlobHash> hashes, CancellationToken cancellationToken)
    {
        var wanted = hashes.Select(hash => hash.ToBytes()).ToList();
        var used = await db.Set<BlobUse>().AsNoTracking().Where(use => wanted.Contains(use.Sha256) && use.Uses > 0).Select(use => use.Sha256).ToListAsync(cancellationToken);
        return [.. used.Select(sha256 => BlobHash.Of(sha256).Hex)];
    }

    private Task<int> CountAsync(BlobHash hash, long length, int change, CancellationToken cancellationToken)
    {
        if (db.Database.CurrentTransaction?.GetDbTransaction() is null)
        {
            throw new InvalidOperationException("Uses of bytes are counted inside a transaction: use WriteTransactions.");
        }

        var sha256 = hash.ToBytes();
        var now = clock.GetUtcNow();
        var first = Math.Max(change, 0);
        return db.IsSqlite
            ? db.Database.ExecuteSqlAsync($"insert into blobs (sha256, length, uses, created_at) values ({sha256}, {length}, {first}, {Kernel.Instants.ToUnixMicroseconds(now)}) on conflict (sha256) do update set uses = uses + {change}", cancellationToken)
            : db.Database.ExecuteSqlAsync($"insert into blobs (sha256, length, uses, created_at) values ({sha256}, {length}, {first}, {Kernel.Instants.ToStored(now)}) on conflict (sha256) do update set uses = blobs.uses + {change}", cancellationToken);
    }
}
