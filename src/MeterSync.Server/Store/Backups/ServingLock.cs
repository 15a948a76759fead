using Dapper;
using MeterSync.Kernel;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeterSync.Store.Backups;

/// <summary>Keeps servers and a restore apart on PostgreSQL: every process that works on the database holds a share of one advisory lock, a restore holds it alone.
/// On SQLite the data directory's own lock does that.</summary>
internal sealed class ServingLock(IOptions<StoreOptions> options) : IAsyncDisposable, IDisposable
{
    private const long AdvisoryLock = 0x4d657453657276; // "MetServ"
    private const int KeepAliveSeconds = 30;
    private const string Patience = "10s";
    private NpgsqlConnection? held;

    public bool IsNeeded => options.Value.Kind == StoreProvider.Postgres;

    /// <summary>Shares the lock until this is disposed or the connection is lost.</summary>
    /// <exception cref="StartRefusedException">A backup is being restored.</exception>
    public async Task ShareAsync(CancellationToken cancellationToken)
    {
        if (!IsNeeded || held is { State: System.Data.ConnectionState.Open })
        {
            return;
        }

        if (held is not null)
        {
            await held.DisposeAsync();
            held = null;
        }

        var connection = await OpenAsync(options.Value, cancellationToken);
        try
        {
            await connection.ExecuteAsync(new CommandDefinition($"set lock_timeout = '{Patience}'; select pg_advisory_lock_shared({AdvisoryLock})", commandTimeout: 0, cancellationToken: cancellationToken));
            held = connection;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await connection.DisposeAsync();
            throw new StartRefusedException("A backup is being restored into this database. Wait until that has ended.");
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Over the connection that holds the share: the epoch that the last restore began; the empty id where nothing was restored.</summary>
    public async Task<Guid> LastRestoredAsync(CancellationToken cancellationToken)
    {
        var connection = held ?? throw new InvalidOperationException("The lock is not shared.");
        return await connection.ExecuteScalarAsync<Guid?>(new CommandDefinition("select id from store_epochs where reason = 'restored' order by number desc limit 1", cancellationToken: cancellationToken)) ?? Guid.Empty;
    }

    /// <summary>Returns when the connection that holds the share is lost.</summary>
    public async Task WaitUntilLostAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (held is { State: System.Data.ConnectionState.Open } connection)
            {
                await connection.WaitAsync(cancellationToken);
            }
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException && !cancellationToken.IsCancellationRequested)
        {
            await held!.CloseAsync();
        }
    }

    /// <summary>A connection that has the lock alone for as long as it is open; null where a server works on the database.</summary>
    public static async Task<NpgsqlConnection?> TakeAloneAsync(StoreOptions options, CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(options, cancellationToken);
        try
        {
            if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition($"select pg_try_advisory_lock({AdvisoryLock})", cancellationToken: cancellationToken)))
            {
                return connection;
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    public void Dispose()
    {
        held?.Dispose();
        held = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (held is not null)
        {
            await held.DisposeAsync();
            held = null;
        }
    }

    /// <summary>Of its own: what goes back to a pool keeps its locks.</summary>
    private static async Task<NpgsqlConnection> OpenAsync(StoreOptions options, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(options.ConnectionString) { Pooling = false, KeepAlive = KeepAliveSeconds, CommandTimeout = 0, IncludeErrorDetail = true }.ToString());
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
