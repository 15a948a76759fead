namespace MeterSync.Store.Blobs;

/// <param name="Blobs">Bytes nobody used.</param>
/// <param name="Temporary">Files of uploads that were broken off with the server.</param>
/// <param name="Staged">Objects that senders put into the bucket and never completed.</param>
internal readonly record struct SweptBlobs(int Blobs, int Temporary, int Staged)
{
    public int All => Blobs + Temporary + Staged;
}

/// <summary>Deletes bytes that belong to nothing: those that were given up, and those of a request that died between storing them and committing.</summary>
internal sealed class BlobSweep(IServiceScopeFactory scopes, IBlobStore store, BlobFolders folders, S3Staging staging, TimeProvider clock)
{
    private const int AtOnce = 200;

    /// <summary>Whoever is still about to use bytes does so within this.</summary>
    private static readonly TimeSpan Untouched = TimeSpan.FromHours(24);

    public async Task<SweptBlobs> PassAsync(CancellationToken cancellationToken)
    {
        var due = clock.GetUtcNow() - Untouched;
        var swept = 0;
        var part = new List<StoredBlob>(AtOnce);
        await foreach (var blob in store.ListAsync(cancellationToken))
        {
            if (blob.PutAt < due)
            {
                part.Add(blob);
            }

            if (part.Count == AtOnce)
            {
                swept += await SweepAsync(part, due, cancellationToken);
                part.Clear();
            }
        }

        swept += await SweepAsync(part, due, cancellationToken);
        return new SweptBlobs(swept, SweepTemporary(due), staging.IsUsed ? await staging.SweepAsync(due, cancellationToken) : 0);
    }

    private async Task<int> SweepAsync(List<StoredBlob> part, DateTimeOffset due, CancellationToken cancellationToken)
    {
        if (part.Count == 0)
        {
            return 0;
        }

        await using var scope = scopes.CreateAsyncScope();
        var ledger = scope.ServiceProvider.GetRequiredService<BlobLedger>();
        var used = await ledger.UsedAsync([.. part.Select(blob => blob.Hash)], cancellationToken);
        var swept = 0;
        foreach (var blob in part.Where(blob => !used.Contains(blob.Hash.Hex)))
        {
            var outcome = await scope.ServiceProvider.GetRequiredService<WriteTransactions>().RunAsync<bool>(async token => await ledger.SweepAsync(blob, due, token), cancellationToken);
            swept += outcome.Value ? 1 : 0;
        }

        return swept;
    }

    private int SweepTemporary(DateTimeOffset due)
    {
        var folder = new DirectoryInfo(folders.Temporary);
        if (!folder.Exists)
        {
            return 0;
        }

        var old = folder.EnumerateFiles().Where(file => file.LastWriteTimeUtc < due.UtcDateTime).ToList();
        old.ForEach(file => file.Delete());
        return old.Count;
    }
}
