using MeterSync.Kernel;
using MeterSync.Store;
using MeterSync.Store.Backups;
using MeterSync.Store.Schema;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeterSync.Host;

/// <summary>What happens between building the server and its first request: schema, then the modules' start tasks in order.</summary>
internal static class ServerStartUp
{
    private const long StartTasksLock = 0x4d65746573; // "Metes", beside the migrator's own

    /// <summary>The schema alone: enough for a verb, which must not make the first account whose password the server prints.</summary>
    public static async Task UpgradeAsync(WebApplication app, CancellationToken cancellationToken)
    {
        app.Services.GetService<IStartupValidator>()?.Validate();
        var provider = app.Services.GetRequiredService<IOptions<StoreOptions>>().Value.Kind;
        await app.Services.GetRequiredService<ServingLock>().ShareAsync(cancellationToken);
        await app.Services.GetRequiredService<RestoreSettlement>().SettleAsync(cancellationToken);
        await app.Services.GetRequiredService<Migrator>().UpgradeAsync(Migration.BuiltIn(provider), cancellationToken);
    }

    public static async Task PrepareAsync(WebApplication app, Action<string> announce, CancellationToken cancellationToken)
    {
        var start = app.Services.GetRequiredService<ServerStart>();
        await UpgradeAsync(app, cancellationToken);
        await using var turn = await TakeTurnAsync(app.Services.GetRequiredService<PostgresSource>(), cancellationToken);
        var open = Listening.EndpointsOf(start.Urls).Exists(endpoint => !Listening.IsLoopback(endpoint));
        await using var scope = app.Services.CreateAsyncScope();
        foreach (var task in scope.ServiceProvider.GetServices<IStartTask>())
        {
            await task.RunAsync(new StartRequest(start.Demo, open, announce), cancellationToken);
        }
    }

    /// <summary>Processes that start together on one PostgreSQL run their start tasks one after the other: the first makes what the second finds. Null on SQLite.</summary>
    private static async Task<Turn?> TakeTurnAsync(PostgresSource postgres, CancellationToken cancellationToken)
    {
        if (postgres.Source is null)
        {
            return null;
        }

        var connection = await postgres.Source.OpenConnectionAsync(cancellationToken);
        try
        {
            await ExecuteAsync(connection, $"select pg_advisory_lock({StartTasksLock})", cancellationToken);
            return new Turn(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed class Turn(NpgsqlConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await ExecuteAsync(connection, $"select pg_advisory_unlock({StartTasksLock})", CancellationToken.None);
            await connection.DisposeAsync();
        }
    }
}
