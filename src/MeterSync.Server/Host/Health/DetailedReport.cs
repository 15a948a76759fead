namespace MeterSync.Host.Health;

/// <summary>Everything the server knows about how it is doing.</summary>
/// <param name="Status">healthy or unhealthy.</param>
/// <param name="Version">Of the program.</param>
/// <param name="UptimeSeconds">Since this process began to serve.</param>
/// <param name="ServerTime">The server's clock.</param>
/// <param name="Roles">What this process does.</param>
/// <param name="Dependencies">Name to state, as /health tells them.</param>
/// <param name="Jobs">The queue of all processes; null while the database does not answer.</param>
/// <param name="Backup">Null where the database knows of none, or does not answer.</param>
internal sealed record DetailedReport(
    string Status,
    string Version,
    double UptimeSeconds,
    DateTimeOffset ServerTime,
    IReadOnlyList<string> Roles,
    IReadOnlyDictionary<string, DependencyHealth> Dependencies,
    ProcessReport Process,
    DatabaseReport Database,
    JobsReport? Jobs,
    DiskReport Disk,
    BackupReport? Backup);

/// <param name="Id">The operating system's.</param>
/// <param name="Runtime">For example .NET 10.0.12.</param>
/// <param name="Processors">That the process may use.</param>
/// <param name="CpuSeconds">Used since the start.</param>
/// <param name="Threads">Of the operating system.</param>
/// <param name="OpenConnections">To this server now; null where it does not listen itself.</param>
internal sealed record ProcessReport(int Id, DateTimeOffset StartedAt, string Runtime, int Processors, double CpuSeconds, int Threads, long? OpenConnections, MemoryReport Memory, GarbageReport Garbage, ThreadPoolReport ThreadPool);

/// <param name="WorkingSetBytes">Of the process in memory.</param>
/// <param name="HeapBytes">Managed objects, dead ones included until they are collected.</param>
/// <param name="CommittedBytes">Taken from the system for managed objects.</param>
/// <param name="LimitBytes">What the machine or container has.</param>
internal sealed record MemoryReport(long WorkingSetBytes, long HeapBytes, long CommittedBytes, long LimitBytes);

/// <param name="Collections">By generation.</param>
/// <param name="PauseSeconds">All pauses since the start.</param>
/// <param name="PausePercent">Of the time since the start.</param>
internal sealed record GarbageReport(IReadOnlyList<int> Collections, double PauseSeconds, double PausePercent);

/// <param name="Threads">That run work items.</param>
/// <param name="Queued">Work items that wait for a thread.</param>
/// <param name="Completed">Since the start.</param>
internal sealed record ThreadPoolReport(int Threads, long Queued, long Completed);

/// <param name="Provider">sqlite or postgres.</param>
/// <param name="SizeBytes">Of the file with its log, or of the PostgreSQL database; null while it does not answer.</param>
/// <param name="Pool">Connections to PostgreSQL; null on SQLite.</param>
/// <param name="Migrations">Applied ones; null while it does not answer.</param>
internal sealed record DatabaseReport(string Provider, long? SizeBytes, PoolReport? Pool, IReadOnlyList<MigrationReport>? Migrations);

/// <param name="Used">By requests and jobs now.</param>
/// <param name="Idle">Open and waiting.</param>
/// <param name="Maximum">As many may be open.</param>
internal sealed record PoolReport(long Used, long Idle, long Maximum);

/// <param name="Number">In order, from 1.</param>
internal sealed record MigrationReport(int Number, string Name, DateTimeOffset AppliedAt);

/// <param name="Waiting">For a worker.</param>
/// <param name="Running">Under way.</param>
internal sealed record JobsReport(int Waiting, int Running);

/// <param name="FreeBytes">For this program, where the data directory is.</param>
internal sealed record DiskReport(long FreeBytes, long TotalBytes);

/// <param name="LastAt">When the last one was completed.</param>
/// <param name="AgeSeconds">Since then.</param>
internal sealed record BackupReport(DateTimeOffset LastAt, double AgeSeconds);
