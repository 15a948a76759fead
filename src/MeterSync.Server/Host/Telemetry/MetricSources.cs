using MeterSync.Kernel.Telemetry;

namespace MeterSync.Host.Telemetry;

/// <summary>Which of a meter's instruments are shown, and how. What is not named here is shown as it is.</summary>
/// <param name="Labels">Tags that become labels, at most four; null takes them as they come.</param>
/// <param name="Name">What stands in place of the instrument's own name, which may read like part of a histogram.</param>
/// <param name="IsGauge">Goes up and down, whatever the instrument is.</param>
/// <param name="Bounds">Upper bounds of the buckets, in the instrument's unit.</param>
internal sealed record MetricRule(string[]? Labels = null, string? Name = null, bool IsGauge = false, double[]? Bounds = null);

/// <summary>The meters that are listened to. Everything that could name a person, an address or a path stays out of the labels.</summary>
internal static class MetricSources
{
    public const string RequestDuration = "http.server.request.duration";
    public const string Connections = "kestrel.active_connections";
    public const string DatabaseConnections = "db.client.connection.count";
    public const string DatabaseConnectionState = "db.client.connection.state";
    public const string DatabaseConnectionLimit = "db.client.connection.max";

    public static readonly string[] Meters = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql", Instrumentation.Name];

    /// <summary>Where an instrument advises none: seconds, from a millisecond up.</summary>
    public static readonly double[] DefaultBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private static readonly MetricRule Plain = new();
    private static readonly MetricRule NoLabels = new([]);

    private static readonly Dictionary<string, MetricRule> Rules = new(StringComparer.Ordinal)
    {
        [RequestDuration] = new(["http.route", "http.request.method", "http.response.status_code"], Bounds: DefaultBounds),
        ["http.server.active_requests"] = NoLabels,
        [Connections] = new(["network.transport"]),
        ["kestrel.connection.duration"] = new(["network.transport"]),
        ["kestrel.rejected_connections"] = NoLabels,
        ["kestrel.queued_connections"] = NoLabels,
        ["kestrel.queued_requests"] = NoLabels,
        ["kestrel.upgraded_connections"] = NoLabels,
        ["kestrel.tls_handshake.duration"] = NoLabels,
        ["kestrel.active_tls_handshakes"] = NoLabels,
        ["dotnet.assembly.count"] = new(Name: "dotnet.assemblies"),
        ["dotnet.process.cpu.count"] = new(Name: "dotnet.process.cpus"),
        ["dotnet.thread_pool.thread.count"] = new(Name: "dotnet.thread_pool.threads", IsGauge: true),
        ["dotnet.thread_pool.queue.length"] = new(IsGauge: true),
        ["dotnet.timer.count"] = new(Name: "dotnet.timers"),
        [DatabaseConnections] = new([DatabaseConnectionState], "db.client.connections"),
        [DatabaseConnectionLimit] = NoLabels,
        ["db.client.connection.npgsql.create_time"] = NoLabels,
        ["db.client.connection.npgsql.pending_requests"] = NoLabels,
        ["db.client.connection.npgsql.timeouts"] = NoLabels,
        ["db.client.operation.duration"] = new([], Bounds: DefaultBounds),
        ["db.client.operation.failed"] = NoLabels,
        ["db.client.operation.npgsql.bytes_read"] = NoLabels,
        ["db.client.operation.npgsql.bytes_written"] = NoLabels,
        ["db.client.operation.npgsql.executing"] = NoLabels,
        ["db.client.operation.npgsql.prepared_ratio"] = NoLabels,
    };

    public static MetricRule RuleOf(string instrument) => Rules.GetValueOrDefault(instrument, Plain);
}
