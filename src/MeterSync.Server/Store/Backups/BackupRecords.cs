using System.Data.Common;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Kernel.Telemetry;
using MeterSync.Store.Audit;

namespace MeterSync.Store.Backups;

/// <summary>Backups and restores in the audit log, which is also where the age of the last backup comes from.</summary>
internal sealed class BackupRecords(StoreConnections connections, TimeProvider clock) : IGaugeSource
{
    public const string Made = "backup.made";
    public const string Restored = "backup.restored";
    private const string EntityType = "backup";
    private const string Operator = "operator";
    private DateTimeOffset? last;

    public void Register(Meter meter) =>
        meter.CreateObservableGauge("metersync.backup.last_success", () => last is { } at ? [new Measurement<double>(at.ToUnixTimeMilliseconds() / 1000d)] : (Measurement<double>[])[], "s", "When the last backup of this database was completed, in seconds since 1970 UTC");

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        last = null;
        last = await LastAsync(cancellationToken);
    }

    /// <summary>Null where the audit log knows of none.</summary>
    public async Task<DateTimeOffset?> LastAsync(CancellationToken cancellationToken)
    {
        await using var connection = await connections.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"select at from audit_log where action = '{Made}' and action <> 'created' order by at desc limit 1";
        return await command.ExecuteScalarAsync(cancellationToken) switch
        {
            null or DBNull => null,
            DateTime at => new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)),
            object at => Instants.FromUnixMicroseconds(Convert.ToInt64(at, CultureInfo.InvariantCulture)),
        };
    }

    /// <summary>An entry of the audit log, in a transaction of its own.</summary>
    public async Task NoteAsync(string action, Guid backup, JsonObject data, IdSource ids, CancellationToken cancellationToken)
    {
        await using var connection = await connections.OpenAsync(cancellationToken);
        await NoteAsync(connection, null, connections, action, backup, data, ids, clock, cancellationToken);
    }

    /// <summary>An entry in the transaction under way.</summary>
    public static async Task NoteAsync(DbConnection connection, DbTransaction? transaction, StoreConnections connections, string action, Guid backup, JsonObject data, IdSource ids, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"insert into audit_log (id, at, actor, action, entity_type, entity_id, new_data) values (@id, @at, '{Operator}', @action, '{EntityType}', @backup, @data)";
        command.Add("id", connections.Stored(ids.Next())).Add("at", connections.Stored(clock.GetUtcNow().ToStored())).Add("action", action).Add("backup", connections.Stored(backup)).Add("data", data.ToJsonString());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
