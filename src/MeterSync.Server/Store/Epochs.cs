using System.Data.Common;
using System.Globalization;
using MeterSync.Kernel;
using MeterSync.Store.Audit;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Store;

/// <summary>Why another life of the data began.</summary>
public enum EpochReason
{
    Created,
    Restored,
    TailLost,
}

/// <summary>A life of the data. Phones that hear of a new one push again what earlier ones had acknowledged.</summary>
internal sealed class Epoch
{
    /// <summary>1 for the first; the highest is the one that counts.</summary>
    public int Number { get; set; }

    public Guid Id { get; set; }

    public EpochReason Reason { get; set; }

    public DateTimeOffset BeganAt { get; set; }
}

internal static class EpochMapping
{
    public static void Configure(ModelBuilder model)
    {
        var epoch = model.Entity<Epoch>();
        epoch.ToTable("store_epochs");
        epoch.HasKey(e => e.Number);
        epoch.Property(e => e.Number).ValueGeneratedNever();
    }
}

/// <summary>Reads the current epoch, and begins another one.</summary>
internal sealed class Epochs(MeterSyncDb db, IdSource ids, TimeProvider clock)
{
    public Task<Epoch> CurrentAsync(CancellationToken cancellationToken) =>
        db.Set<Epoch>().AsNoTracking().OrderByDescending(epoch => epoch.Number).FirstAsync(cancellationToken);

    /// <summary>Begins another epoch; joins the unit of work. Its number is the guard against two that begin at once.</summary>
    public async Task<Epoch> BeginAsync(EpochReason reason, CancellationToken cancellationToken)
    {
        var last = await CurrentAsync(cancellationToken);
        var next = new Epoch { Number = last.Number + 1, Id = ids.Next(), Reason = reason, BeganAt = clock.GetUtcNow().ToStored() };
        db.Add(next);
        return next;
    }

    /// <summary>Begins the epoch of a database that was restored, in the transaction under way.</summary>
    public static async Task<int> BeginRestoredAsync(DbConnection connection, DbTransaction transaction, StoreConnections connections, Guid id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "insert into store_epochs (number, id, reason, began_at) select max(number) + 1, @id, 'restored', @at from store_epochs returning number";
        command.Add("id", connections.Stored(id)).Add("at", connections.Stored(at));
        return Convert.ToInt32(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }
}
