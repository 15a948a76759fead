using System.Data.Common;
using Dapper;
using MeterSync.Kernel;
using MeterSync.Store;
using MeterSync.Store.Audit;
using MeterSync.Store.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MeterSync.Tests.Store.Audit;

/// <summary>A database with entries in its audit log, and hands that write past the program.</summary>
internal sealed class AuditScene : IAsyncDisposable
{
    private static readonly DateTimeOffset Beginning = new(2026, 3, 31, 8, 0, 0, TimeSpan.Zero);
    private readonly ScratchDatabase database;
    private int made;

    private AuditScene(ScratchDatabase database)
    {
        this.database = database;
        Services = database.Process();
    }

    public IServiceProvider Services { get; private set; }

    public DataDirectory Data => database.Data;

    public AuditSealer Sealer => Services.GetRequiredService<AuditSealer>();

    public static async Task<AuditScene> CreateAsync(StoreProvider provider)
    {
        var database = await ScratchDatabase.CreateAsync(provider, pooling: true);
        database.Data.Create();
        await database.UpgradeAsync(Migration.BuiltIn(provider));
        return new AuditScene(database);
    }

    public IServiceProvider AnotherProcess() => database.Process();

    /// <summary>From here on as after a restart.</summary>
    public void Restart() => Services = database.Process();

    /// <summary>Entries with every field filled, one second after the other.</summary>
    public async Task WriteAsync(int count)
    {
        await using var scope = Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        for (var index = 0; index < count; index++)
        {
            var number = ++made;
            db.Add(new AuditEntry
            {
                Id = Guid.CreateVersion7(),
                At = Beginning.AddSeconds(number),
                ActorId = new Guid(number, 0, 0, new byte[8]),
                Actor = "operator",
                Action = "updated",
                EntityType = "meter",
                EntityId = new Guid(number, 1, 0, new byte[8]),
                OldData = "{\"owner\":\"Grüße, 東京\",\"b\": 1}",
                NewData = "{\"b\":1.50,\"a\":[ ]}",
                IpAddress = "203.0.113.7",
                UserAgent = "agent \"7\"",
            });
        }

        await db.SaveChangesAsync();
    }

    public Task<int> SealAsync() => Sealer.SealAsync(wait: true, CancellationToken.None);

    public Task<AuditVerdict> VerifyAsync(AuditHead? expected = null) => Services.GetRequiredService<AuditVerifier>().VerifyAsync(expected, (_, _) => { }, CancellationToken.None);

    public async Task<List<AuditEntry>> EntriesAsync()
    {
        await using var scope = Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<AuditEntry>().AsNoTracking().OrderBy(entry => entry.At).ToListAsync();
    }

    public async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await database.OpenAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    /// <summary>As somebody who owns the database would.</summary>
    public async Task DropTriggersAsync()
    {
        await using var connection = await database.OpenAsync();
        string[] drops = database.Provider == StoreProvider.Postgres
            ? ["drop trigger audit_log_keeps_rows on audit_log", "drop trigger audit_log_keeps_all on audit_log"]
            : ["drop trigger audit_log_keeps_rows", "drop trigger audit_log_keeps_content"];
        foreach (var drop in drops)
        {
            await connection.ExecuteAsync(drop);
        }
    }

    /// <summary>A value of a column's type.</summary>
    public object Stored(object value) => (value, database.Provider) switch
    {
        (Guid id, StoreProvider.Sqlite) => id.ToByteArray(true),
        (DateTimeOffset at, StoreProvider.Sqlite) => at.ToUnixMicroseconds(),
        (DateTimeOffset at, _) => at.UtcDateTime,
        _ => value,
    };

    public Task<DbConnection> OpenAsync() => database.OpenAsync();

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
