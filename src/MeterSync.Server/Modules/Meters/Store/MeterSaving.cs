using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;
using MeterSync.Store;

namespace MeterSync.Modules.Meters.Store;

/// <summary>Saves a changed meter together with what follows from it: all of it or nothing.</summary>
internal sealed class MeterSaving(MeterSyncDb db, WriteTransactions transactions, IEnumerable<IMeterFollower> followers)
{
    /// <summary>Joins the transaction there is, else makes one.</summary>
    public async Task SaveAsync(MeterId meter, CancellationToken cancellationToken)
    {
        if (db.Database.CurrentTransaction is not null)
        {
            await WriteAsync(meter, cancellationToken);
            return;
        }

        await transactions.RunAsync<Done>(
            async token =>
            {
                await WriteAsync(meter, token);
                return Done.It;
            },
            cancellationToken);
    }

    // The row of the meter is locked by its own change before the agents are, as everywhere.
    private async Task WriteAsync(MeterId meter, CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken);
        foreach (var follower in followers)
        {
            await follower.ChangedAsync([meter], cancellationToken);
        }
    }
}
