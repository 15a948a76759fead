using System.Data.Common;
using System.Diagnostics.Metrics;
using Dapper;
using MeterSync.Kernel.Telemetry;
using MeterSync.Store;

namespace MeterSync.Modules.Sync.Store;

/// <summary>Phones that hold something and were not heard of for a day: somebody should call their users.</summary>
internal sealed class PhoneGauges(StoreConnections connections, TimeProvider clock) : IGaugeSource
{
    private const string Sql = "select count(*) from field_devices where last_seen_at < @before and unsent_count > 0 and revoked_at is null";
    private static readonly TimeSpan Silence = TimeSpan.FromDays(1);

    private long silent = -1;

    public void Register(Meter meter) =>
        meter.CreateObservableGauge("metersync.sync.silent_phones", Silent, "{phone}", "Phones not heard of for a day that said they had something to send, of all processes on this database");

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref silent, -1);
        await using DbConnection connection = await connections.OpenAsync(cancellationToken);
        var found = await connection.ExecuteScalarAsync<long>(new CommandDefinition(Sql, new { before = connections.Stored(clock.GetUtcNow() - Silence) }, cancellationToken: cancellationToken));
        Interlocked.Exchange(ref silent, found);
    }

    private IEnumerable<Measurement<long>> Silent() => Interlocked.Read(ref silent) is >= 0 and var known ? [new Measurement<long>(known)] : [];
}
