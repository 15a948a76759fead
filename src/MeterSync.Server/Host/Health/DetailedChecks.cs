using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Dapper;
using MeterSync.Host.Jobs;
using MeterSync.Host.Telemetry;
using MeterSync.Kernel;
using MeterSync.Store;
using MeterSync.Store.Backups;
using MeterSync.Store.Schema;
using Microsoft.Extensions.Options;

namespace MeterSync.Host.Health;

/// <summary>Puts together what an operator asks for when something is slow. Whatever the database must be asked is left out while it does not answer.</summary>
internal sealed class DetailedChecks(
    RecentHealth health, JobCensus jobs, MetricCollector metrics, Migrator migrator, PostgresSource postgres, DataDirectory data, BackupRecords backups, IOptions<HostOptions> host, IOptions<StoreOptions> store, TimeProvider clock, ILogger<DetailedChecks> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<DetailedReport> RunAsync(CancellationToken cancellationToken)
    {
        var (report, counts, size, backup, migrations) = (
            health.GetAsync(cancellationToken),
            jobs.GetAsync(cancellationToken),
            AskAsync<long?>(SizeAsync, cancellationToken),
            AskAsync<DateTimeOffset?>(backups.LastAsync, cancellationToken),
            AskAsync(async token => (IReadOnlyList<MigrationReport>?)[.. (await migrator.AppliedAsync(token)).Select(Of)], cancellationToken));
        var current = await report;
        var drive = new DriveInfo(data.Path);
        return new DetailedReport(
            current.Status,
            current.Version,
            health.UptimeSeconds,
            clock.GetUtcNow(),
            host.Value.Names,
            current.Dependencies,
            ProcessNow(),
            new DatabaseReport(SnakeCase.Of(store.Value.Kind.ToString()), await size, Pool(), await migrations),
            await counts is { } known ? new JobsReport(known.Waiting, known.Running) : null,
            new DiskReport(drive.AvailableFreeSpace, drive.TotalSize),
            await backup is { } last ? new BackupReport(last, Math.Round((clock.GetUtcNow() - last).TotalSeconds)) : null);
    }

    private ProcessReport ProcessNow()
    {
        using var process = Process.GetCurrentProcess();
        var memory = GC.GetGCMemoryInfo();
        return new ProcessReport(
            process.Id,
            new DateTimeOffset(process.StartTime).ToUniversalTime(),
            RuntimeInformation.FrameworkDescription,
            Environment.ProcessorCount,
            Math.Round(process.TotalProcessorTime.TotalSeconds, 2),
            process.Threads.Count,
            (long?)metrics.ValueOf(MetricSources.Connections),
            new MemoryReport(process.WorkingSet64, GC.GetTotalMemory(forceFullCollection: false), memory.TotalCommittedBytes, memory.TotalAvailableMemoryBytes),
            new GarbageReport([.. Enumerable.Range(0, GC.MaxGeneration + 1).Select(GC.CollectionCount)], Math.Round(GC.GetTotalPauseDuration().TotalSeconds, 3), memory.PauseTimePercentage),
            new ThreadPoolReport(ThreadPool.ThreadCount, ThreadPool.PendingWorkItemCount, ThreadPool.CompletedWorkItemCount));
    }

    private PoolReport? Pool() => postgres.Source is null ? null : new PoolReport(
        (long)(metrics.ValueOf(MetricSources.DatabaseConnections, "=\"used\"") ?? 0),
        (long)(metrics.ValueOf(MetricSources.DatabaseConnections, "=\"idle\"") ?? 0),
        (long)(metrics.ValueOf(MetricSources.DatabaseConnectionLimit) ?? 0));

    private async Task<long?> SizeAsync(CancellationToken cancellationToken)
    {
        if (postgres.Source is null)
        {
            return ((string[])[data.DatabaseFile, data.DatabaseFile + "-wal"]).Select(file => new FileInfo(file)).Where(file => file.Exists).Sum(file => file.Length);
        }

        await using var connection = await postgres.Source.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition("select pg_database_size(current_database())", cancellationToken: cancellationToken));
    }

    private async Task<T?> AskAsync<T>(Func<CancellationToken, Task<T?>> ask, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            return await ask(limit.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            log.LogWarning(exception, "A part of the detailed report is left out");
            return default;
        }
    }

    private static MigrationReport Of(AppliedMigration migration) =>
        new(migration.Number, migration.Name, DateTimeOffset.Parse(migration.AppliedAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
}
