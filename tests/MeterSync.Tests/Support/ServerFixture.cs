using MeterSync.Host;
using MeterSync.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace MeterSync.Tests.Support;

/// <summary>A whole server in the test's process on a real database of its own, with the demo accounts but without the demo data.</summary>
public abstract class ServerFixture : IAsyncLifetime
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "metersync-test-" + Guid.CreateVersion7().ToString("n"));
    private WebApplication? app;

    internal abstract StoreProvider Provider { get; }

    public IServiceProvider Services => Running.Services;

    internal DataDirectory Data => new(folder);

    /// <summary>Null where the fixture can serve; otherwise why its tests are skipped.</summary>
    protected virtual string? WhySkipped => null;

    private WebApplication Running
    {
        get
        {
            Assert.SkipWhen(WhySkipped is not null, WhySkipped ?? "");
            return app ?? throw new InvalidOperationException("The server did not start.");
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (WhySkipped is not null)
        {
            return;
        }

        var settings = await PrepareDatabaseAsync();
        Data.Create();
        app = MeterSyncServer.Create(new ServerStart(Data, null, Demo: true, null, []), builder =>
        {
            builder.Configuration.AddInMemoryCollection(settings);
            builder.Configuration.AddInMemoryCollection(Settings);
            builder.WebHost.UseTestServer();
            AdjustServices(builder.Services);
        });
        AdjustPipeline(app);
        await ServerStartUp.PrepareAsync(app, _ => { }, CancellationToken.None);
        await app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        await DropDatabaseAsync();
        await StopOthersAsync();
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A client nobody has signed in.</summary>
    public HttpClient Anonymous() => Running.GetTestServer().CreateClient();

    /// <summary>A client signed in as one of the demo accounts: admin, manager, viewer, agent1 ... agent5.</summary>
    public async Task<ApiClient> SignInAsync(string username)
    {
        var client = Anonymous();
        return await ApiClient.SignInAsync(client, username, "admin123");
    }

    /// <summary>Further configuration of a derived fixture.</summary>
    protected virtual Dictionary<string, string?> Settings => new() { ["Accounts:BcryptCost"] = "4", ["Demo:Data"] = "false", ["Logging:LogLevel:Default"] = "Warning", ["RateLimits:Enabled"] = "false" };

    protected virtual void AdjustServices(IServiceCollection services)
    {
    }

    /// <summary>What is added here runs between the server's own middleware and the routes.</summary>
    protected virtual void AdjustPipeline(IApplicationBuilder pipeline)
    {
    }

    /// <summary>Ends what a derived fixture started beside the server.</summary>
    protected virtual Task StopOthersAsync() => Task.CompletedTask;

    private protected abstract Task<Dictionary<string, string?>> PrepareDatabaseAsync();

    private protected virtual Task DropDatabaseAsync() => Task.CompletedTask;
}

public class SqliteServer : ServerFixture
{
    internal override StoreProvider Provider => StoreProvider.Sqlite;

    private protected override Task<Dictionary<string, string?>> PrepareDatabaseAsync() => Task.FromResult(new Dictionary<string, string?>());
}

/// <summary>Needs METERSYNC_TEST_POSTGRES: a connection string to a database from which others may be made. Tests are skipped without it.</summary>
public class PostgresServer : ServerFixture
{
    public const string Variable = "METERSYNC_TEST_POSTGRES";
    private readonly string database = "metersync_test_" + Guid.CreateVersion7().ToString("n");

    public static string? Admin => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? text : null;

    public string ConnectionString => new NpgsqlConnectionStringBuilder(Admin) { Database = database, MaxPoolSize = 20 }.ToString();

    internal override StoreProvider Provider => StoreProvider.Postgres;

    protected override string? WhySkipped => Admin is null ? $"{Variable} is not set." : null;

    private protected override async Task<Dictionary<string, string?>> PrepareDatabaseAsync()
    {
        await RunAsync($"create database {database}");
        return new() { ["Database:Provider"] = "postgres", ["Database:ConnectionString"] = ConnectionString };
    }

    private protected override async Task DropDatabaseAsync()
    {
        if (Admin is not null)
        {
            await RunAsync($"drop database if exists {database} with (force)");
        }
    }

    private static async Task RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Admin) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
