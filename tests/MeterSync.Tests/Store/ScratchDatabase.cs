using System.Data.Common;
using Dapper;
using MeterSync.Host;
using MeterSync.Kernel;
using MeterSync.Store;
using MeterSync.Store.Schema;
using MeterSync.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace MeterSync.Tests.Store;

/// <summary>An empty database of its own, and the store's services on it.</summary>
internal sealed class ScratchDatabase : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("metersync-scratch-").FullName;
    private readonly string name = "metersync_scratch_" + Guid.CreateVersion7().ToString("n");
    private readonly List<ServiceProvider> providers = [];

    private readonly bool pooling;

    private ScratchDatabase(StoreProvider provider, bool pooling) => (Provider, this.pooling) = (provider, pooling);

    public StoreProvider Provider { get; }

    public DataDirectory Data => new(folder);

    public static async Task<ScratchDatabase> CreateAsync(StoreProvider provider, bool pooling = false)
    {
        if (provider == StoreProvider.Postgres)
        {
            Assert.SkipWhen(PostgresServer.Admin is null, $"{PostgresServer.Variable} is not set.");
        }

        var database = new ScratchDatabase(provider, pooling);
        if (provider == StoreProvider.Postgres)
        {
            await database.AdministerAsync($"create database {database.name}");
        }

        return database;
    }

    /// <summary>Services as a process of its own would build them.</summary>
    public ServiceProvider Process()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Provider"] = Provider == StoreProvider.Postgres ? "postgres" : "sqlite",
            ["Database:ConnectionString"] = ConnectionString,
        }).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton<IdSource>().AddSingleton<IEnumerable<IModule>>(ModuleCatalog.All).AddStore(configuration, new DataDirectory(folder)).BuildServiceProvider();
        providers.Add(services);
        return services;
    }

    public Task<IReadOnlyList<Migration>> UpgradeAsync(IEnumerable<Migration> migrations) =>
        Process().GetRequiredService<Migrator>().UpgradeAsync([.. migrations], CancellationToken.None);

    public async Task<DbConnection> OpenAsync()
    {
        DbConnection connection = Provider == StoreProvider.Postgres ? new NpgsqlConnection(ConnectionString) : new SqliteConnection($"Data Source={new DataDirectory(folder).DatabaseFile};Pooling=false;Foreign Keys=true");
        await connection.OpenAsync();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in providers)
        {
            await provider.DisposeAsync();
        }

        SqliteConnection.ClearAllPools();
        if (Provider == StoreProvider.Postgres)
        {
            await AdministerAsync($"drop database {name} with (force)");
        }

        Directory.Delete(folder, recursive: true);
    }

    private string ConnectionString => new NpgsqlConnectionStringBuilder(PostgresServer.Admin) { Database = name, Pooling = pooling }.ToString();

    private async Task AdministerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(PostgresServer.Admin) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await connection.ExecuteAsync(sql);
    }
}
