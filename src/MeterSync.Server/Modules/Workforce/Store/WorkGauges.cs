using System.Data.Common;
using System.Diagnostics.Metrics;
using Dapper;
using MeterSync.Kernel;
using MeterSync.Kernel.Telemetry;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>Open assignments by status. Those that ended are counted as they end, since they are ever more.</summary>
internal sealed class WorkGauges(StoreConnections connections) : IGaugeSource
{
    /// <summary>Said as the index over open assignments says it, which SQLite else does not use.</summary>
    private const string Sql = "select status, count(*) as count from assignments where status = 'pending' or status = 'in_progress' or status = 'overdue' group by status";

    private volatile IReadOnlyDictionary<string, long>? open;

    public void Register(Meter meter) => meter.CreateObservableGauge("metersync.assignments", Open, "{assignment}", "Open assignments, of all processes on this database");

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        open = null;
        await using DbConnection connection = await connections.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<(string Status, long Count)>(new CommandDefinition(Sql, cancellationToken: cancellationToken));
        open = rows.ToDictionary(row => row.Status, row => row.Count);
    }

    private IEnumerable<Measurement<long>> Open() => open is { } known
        ? Transitions.Open.Select(status => Terms<AssignmentStatus>.WordOf(status)).Select(word => new Measurement<long>(known.GetValueOrDefault(word), new KeyValuePair<string, object?>("status", word)))
        : [];
}
