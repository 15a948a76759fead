using Microsoft.Extensions.Options;

namespace MeterSync.Store.Backups;

/// <summary>At a start: completes or undoes a restore that was broken off, and says which. Without one it looks for a file and no more.</summary>
internal sealed class RestoreSettlement(DataDirectory data, PostgresSource postgres, IOptions<StoreOptions> options, ILogger<RestoreSettlement> log)
{
    /// <summary>Only for the owner of the SQLite database, or a holder of <see cref="ServingLock"/>: no restore is at work then.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        if (RestoreJournal.Read(data) is not { } journal || journal.Provider != NameOf(options.Value.Kind))
        {
            return;
        }

        if (await IsNewAsync(journal, cancellationToken))
        {
            log.LogWarning("A restore was broken off when all was in place but the end. It was completed: the data are those of the backup of {BackupAt:O}", journal.BackupAt);
        }
        else
        {
            journal.Close(data);
            log.LogWarning("A restore of the backup of {BackupAt:O} was broken off before it replaced anything. The data are what they were before; run metersync restore again for the backup's", journal.BackupAt);
        }
    }

    public static string NameOf(StoreProvider provider) => provider == StoreProvider.Postgres ? "postgres" : "sqlite";

    /// <summary>Completes what can be completed.</summary>
    private async Task<bool> IsNewAsync(RestoreJournal journal, CancellationToken cancellationToken)
    {
        if (postgres.Source is { } source)
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            if (!await RestoreSwitch.IsCommittedAsync(journal, connection, cancellationToken))
            {
                return false;
            }

            RestoreSwitch.FollowDatabase(journal, data);
            return true;
        }

        if (journal.Phase == RestorePhase.Staging)
        {
            return false;
        }

        RestoreSwitch.Complete(journal, data);
        return true;
    }
}
