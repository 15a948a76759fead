using System.Security.Cryptography;
using MeterSync.Kernel;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Store;
using MeterSync.Store.Secrets;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Sync.Store;

/// <summary>The keys that receipts are signed with. The newest that can be opened signs; receipts of all of them verify.</summary>
internal sealed class ReceiptKeys(SecretBox box, IServiceScopeFactory scopes, TimeProvider clock)
{
    private const string Purpose = "receipts";
    private const int SecretBytes = 32;

    private volatile IReadOnlyList<byte[]>? known;

    /// <summary>Newest first; made where there is none.</summary>
    public async ValueTask<IReadOnlyList<byte[]>> AllAsync(CancellationToken cancellationToken) => known ??= await LoadAsync(cancellationToken);

    /// <summary>Forgets what it knows: another process may have made one.</summary>
    public void Forget() => known = null;

    private async Task<IReadOnlyList<byte[]>> LoadAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        var stored = await db.Set<ReceiptKey>().AsNoTracking().OrderByDescending(key => key.Number).ToListAsync(cancellationToken);
        var opened = Opened(stored);
        if (opened.Count > 0)
        {
            return opened;
        }

        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        db.Add(new ReceiptKey { Number = stored.Count == 0 ? 1 : stored[0].Number + 1, Secret = box.Seal(Purpose, secret), CreatedAt = clock.GetUtcNow().ToStored() });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return [secret];
        }
        catch (DbUpdateException exception) when (StoreFaults.IsConflict(exception))
        {
            // Another process made it in the same moment: its key counts.
            db.Forget();
            return Opened(await db.Set<ReceiptKey>().AsNoTracking().OrderByDescending(key => key.Number).ToListAsync(cancellationToken)) is { Count: > 0 } theirs ? theirs
                : throw new InvalidOperationException("Another process made the key that receipts are signed with, and this one cannot open it: they need the same keys in their data directories.", exception);
        }
    }

    private List<byte[]> Opened(List<ReceiptKey> stored) => [.. stored.Select(key => box.TryOpen(Purpose, key.Secret)).OfType<byte[]>()];
}
