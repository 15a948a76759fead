using MeterSync.Kernel;
using Microsoft.Extensions.Options;

namespace MeterSync.Store;

/// <summary>Runs work that reads and writes in one transaction: committed when it succeeds, rolled back when it refuses or throws.</summary>
internal sealed class WriteTransactions(MeterSyncDb db, SqliteWriteGate gate, IOptions<StoreOptions> options)
{
    private readonly List<Action> afterwards = [];

    /// <summary>Runs once the transaction under way is committed, and not at all where it is not: what is counted and logged has happened.</summary>
    public void Afterwards(Action tell) => afterwards.Add(tell);

    public async Task<Outcome<T>> RunAsync<T>(Func<CancellationToken, Task<Outcome<T>>> work, CancellationToken cancellationToken)
    {
        afterwards.Clear();
        using var turn = db.IsSqlite ? await gate.EnterAsync(TimeSpan.FromSeconds(options.Value.WaitSeconds), cancellationToken) : null;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var outcome = await work(cancellationToken);
        if (outcome.Succeeded)
        {
            await transaction.CommitAsync(cancellationToken);
            afterwards.ForEach(tell => tell());
            afterwards.Clear();
        }
        else
        {
            await transaction.RollbackAsync(CancellationToken.None);
            db.Forget();
        }

        return outcome;
    }
}
