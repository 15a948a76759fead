using System.Diagnostics;
using MeterSync.Kernel;
using MeterSync.Kernel.Telemetry;
using MeterSync.Kernel.Web;
using MeterSync.Store;
using MeterSync.Store.Audit;
using MeterSync.Store.Schema;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Host.Health;

/// <summary>Checks what the server depends on, each within five seconds, and says the fix in words.</summary>
internal sealed class HealthChecks(IServiceScopeFactory scopes, Migrator migrator, DataDirectory data, AuditSealing sealing, IEnumerable<IHealthProbe> probes, TimeProvider clock, ILogger<HealthChecks> log)
{
    private const long LowDiskBytes = 200L * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly long startedAt = clock.GetTimestamp();

    /// <summary>Everything the server needs and does.</summary>
    public Task<HealthReport> RunAsync(CancellationToken cancellationToken) => RunAsync(probes, cancellationToken);

    /// <summary>Only what it needs to serve requests: work that stands still is no reason to send them elsewhere.</summary>
    public Task<HealthReport> RunNeededAsync(CancellationToken cancellationToken) => RunAsync([], cancellationToken);

    private async Task<HealthReport> RunAsync(IEnumerable<IHealthProbe> looked, CancellationToken cancellationToken)
    {
        var (database, disk, schema) = (CheckAsync(DatabaseAsync, cancellationToken), CheckAsync(DiskAsync, cancellationToken), CheckAsync(SchemaAsync, cancellationToken));
        var dependencies = new SortedDictionary<string, DependencyHealth>(StringComparer.Ordinal)
        {
            ["audit"] = Audit(),
            ["database"] = await database,
            ["disk"] = await disk,
            ["schema"] = await schema,
        };
        foreach (var probe in looked)
        {
            var (isHealthy, message) = probe.Look();
            dependencies[probe.Name] = new DependencyHealth(isHealthy ? HealthReport.Healthy : HealthReport.Unhealthy, message, 0);
        }

        var healthy = dependencies.Values.All(dependency => dependency.Status == HealthReport.Healthy);
        return new HealthReport(healthy ? HealthReport.Healthy : HealthReport.Unhealthy, ProgramVersion.Text, UptimeSeconds, dependencies);
    }

    /// <summary>Since this process began to serve.</summary>
    public double UptimeSeconds => Math.Round(clock.GetElapsedTime(startedAt).TotalSeconds, 1);

    private async Task<DependencyHealth> CheckAsync(Func<CancellationToken, Task<(bool Healthy, string Message)>> check, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        (bool Healthy, string Message) seen;
        try
        {
            seen = await check(limit.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            log.LogWarning(exception, "A health check failed");
            seen = (false, Explain(exception));
        }

        return new DependencyHealth(seen.Healthy ? HealthReport.Healthy : HealthReport.Unhealthy, seen.Message, Math.Round(watch.Elapsed.TotalMilliseconds, 1));
    }

    private static string Explain(Exception exception) =>
        exception is OperationCanceledException ? $"No answer within {Patience.TotalSeconds:0} s. Check that it runs and is not overloaded."
        : StoreFaults.IsUnavailable(exception) ? "Cannot be reached or is out of space. Check that it runs, its address and its disk."
        : "The check itself failed; the log says why.";

    private async Task<(bool Healthy, string Message)> DatabaseAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        await db.Database.ExecuteSqlRawAsync("select 1", cancellationToken);
        return (true, db.IsSqlite ? "SQLite answers." : "PostgreSQL answers.");
    }

    private async Task<(bool Healthy, string Message)> SchemaAsync(CancellationToken cancellationToken)
    {
        var pending = await migrator.PendingAsync(cancellationToken);
        return pending.Count == 0 ? (true, "The schema is current.") : (false, $"Run metersync migrate: {string.Join(", ", pending)} is missing.");
    }

    private DependencyHealth Audit() => sealing.Trouble is { } trouble
        ? new DependencyHealth("unhealthy", $"Entries of the audit log have not been sealed for more than a minute: {trouble}", 0)
        : new DependencyHealth("healthy", sealing.IsAtWork ? "The audit log is sealed as it grows." : "The audit log is sealed by a process with the worker role, not by this one.", 0);

    private Task<(bool Healthy, string Message)> DiskAsync(CancellationToken cancellationToken)
    {
        var free = new DriveInfo(data.Path).AvailableFreeSpace;
        return Task.FromResult(free >= LowDiskBytes
            ? (true, $"{free / 1024 / 1024} MiB free.")
            : (false, $"Only {free / 1024 / 1024} MiB free where the data lives: make room or move the data directory."));
    }
}

/// <summary>The release this program is.</summary>
internal static class ProgramVersion
{
    public static string Text { get; } = typeof(ProgramVersion).Assembly.GetName().Version?.ToString(3) ?? "0";
}
