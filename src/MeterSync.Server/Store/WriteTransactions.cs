using MeterSync.Kernel;
using Microsoft.Extensions.Options;

namespace MeterSync.Store;

/// <summary>Runs work that reads and writes in one transaction: committed when it succeeds, rolled back when it refuses or throws.</summary>
internal sealed class WriteTransactions(MeterSyncDb db, SqliteWriteGate gate, IOptions<StoreOptions> options)
{
    private readonly List<Action> afterwards = [];
    private readonly List<Action> forgetting = [];

    /// <summary>Runs once the transaction under way is committed, and not at all where it is not: what is counted and logged has happened.</summary>
    public void Afterwards(Action tell) => afterwards.Add(tell);

    /// <summary>Runs whenever a transaction comes to nothing, for as long as this lives: what was gathered to be written in it is not carried into the next attempt.</summary>
    public void WhenUndone(Action forget) => forgetting.Add(forget);

    public async Task<Outcome<T>> RunAsync<T>(Func<CancellationToken, Task<Outcome<T>>> work, CancellationToken cancellationToken)
    {
        afterwards.Clear();
        using var turn = db.IsSqlite ? await gate.EnterAsync(TimeSpan.FromSeconds(options.Value.WaitSeconds), cancellationToken) : null;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var isDone = false;
        try
        {
            var outcome = await work(cancellationToken);
            if (outcome.Succeeded)
            {
                await transaction.CommitAsync(cancellationToken);
                isDone = true;
            }
            else
            {
                await transaction.RollbackAsync(CancellationToken.None);
            }

            return outcome;
        }
        finally
        {
            if (isDone)
            {
                afterwards.ForEach(tell => tell());
            }
            else
            {
                forgetting.ForEach(forget => forget());
                db.Forget();
            }

            afterwards.Clear();
        }
    }
}
