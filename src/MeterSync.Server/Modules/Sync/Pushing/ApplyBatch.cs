using System.Diagnostics;
using MeterSync.Kernel;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Modules.Sync.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace MeterSync.Modules.Sync.Pushing;

/// <summary>A batch that was committed.</summary>
internal sealed record AppliedBatch(Guid Epoch, DateTimeOffset ReceivedAt, IReadOnlyList<PushItem> Items);

/// <summary>Applies a batch in one transaction. Should that fail for another reason than an absent database, its items are applied one by one, so that none holds up the others for ever.</summary>
internal sealed class ApplyBatch(MeterSyncDb db, WriteTransactions transactions, FieldDevices devices, ReceiptKeys keys, ApplyItems applying, ILogger<ApplyBatch> log)
{
    private const int MostAttempts = 3;

    public async Task<Outcome<AppliedBatch>> RunAsync(PushBatch batch, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        if (batch.OnBehalfOf is not { } device)
        {
            // How much is left to send changes with every batch: that is written with the batch itself.
            var met = await devices.MeetAsync(batch.Contact with { UnsentCount = null, ClockErrorMs = null }, cancellationToken);
            if (!met.Succeeded)
            {
                return met.Problem;
            }

            device = met.Value.Id;
        }

        var known = await keys.AllAsync(cancellationToken);
        var outcome = await AttemptAsync(batch, device, known, cancellationToken);
        if (outcome.Succeeded)
        {
            SyncMetrics.Pushed(batch, Stopwatch.GetElapsedTime(started));
        }

        return outcome;
    }

    private async Task<Outcome<AppliedBatch>> AttemptAsync(PushBatch batch, FieldDeviceId device, IReadOnlyList<byte[]> known, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WholeAsync(batch, device, known, cancellationToken);
            }
            catch (Exception exception) when (attempt < MostAttempts && (IsTangled(exception) || (attempt == 1 && (exception is DbUpdateConcurrencyException || StoreFaults.IsConflict(exception)))))
            {
                // Somebody else wrote the same at once, or both waited for each other: now the other is done.
                log.LogInformation(exception, "A batch of {Items} items met another write and is applied again", batch.Items.Count);
                db.Forget();
            }
            catch (Exception exception) when (exception is not OperationCanceledException && !StoreFaults.IsUnavailable(exception))
            {
                log.LogError(exception, "A batch of {Items} items could not be applied as a whole; its items are applied one by one", batch.Items.Count);
                db.Forget();
                return await OneByOneAsync(batch, device, known, cancellationToken);
            }
        }
    }

    private Task<Outcome<AppliedBatch>> WholeAsync(PushBatch batch, FieldDeviceId device, IReadOnlyList<byte[]> known, CancellationToken cancellationToken)
    {
        foreach (var item in batch.Items)
        {
            item.Begin();
        }

        return transactions.RunAsync(token => applying.RunAsync(batch, device, known, batch.Items, token), cancellationToken);
    }

    private async Task<Outcome<AppliedBatch>> OneByOneAsync(PushBatch batch, FieldDeviceId device, IReadOnlyList<byte[]> known, CancellationToken cancellationToken)
    {
        Outcome<AppliedBatch> last = await transactions.RunAsync(token => applying.RunAsync(batch, device, known, [], token), cancellationToken);
        foreach (var item in batch.Items.OrderBy(applying.TurnOf))
        {
            if (!last.Succeeded)
            {
                return last;
            }

            item.Begin();
            try
            {
                last = await transactions.RunAsync(token => applying.RunAsync(batch, device, known, [item], token), cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException && !StoreFaults.IsUnavailable(exception))
            {
                log.LogError(exception, "Item {ClientId} ({Entity}) of a batch failed; it is kept for a person", item.ClientId, item.Entity);
                db.Forget();
                item.Begin();
                item.Field = null;
                item.Reject(KernelProblems.Unexpected.Because("Something failed on our side with this item. It is kept as it came, and a person will look at it."));
                last = await transactions.RunAsync(token => applying.RunAsync(batch, device, known, [item], token), cancellationToken);
            }
        }

        return last.Succeeded ? last.Value with { Items = batch.Items } : last;
    }

    private static bool IsTangled(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure,
        { InnerException: { } inner } => IsTangled(inner),
        _ => false,
    };
}
