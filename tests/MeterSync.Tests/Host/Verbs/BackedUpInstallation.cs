using System.Data.Common;
using System.Globalization;
using Dapper;
using MeterSync.Store;
using MeterSync.Tests.Support;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace MeterSync.Tests.Host.Verbs;

/// <summary>A data directory with either database behind it, the program to work on both, and a look into the database past the program.</summary>
internal sealed class BackedUpInstallation : IAsyncDisposable
{
    private readonly string database = "metersync_test_" + Guid.CreateVersion7().ToString("n");

    private BackedUpInstallation(StoreProvider provider) => Provider = provider;

    public StoreProvider Provider { get; }

    public Installation Program { get; } = new();

    public string Data => Program.Data;

    public string ConnectionString => Provider == StoreProvider.Postgres
        ? new NpgsqlConnectionStringBuilder(PostgresServer.Admin) { Database = database, MaxPoolSize = 10 }.ToString()
        : new SqliteConnectionStringBuilder { DataSource = Path.Combine(Data, "metersync.db"), Pooling = false }.ToString();

    /// <summary>The settings that <see cref="Program"/> has in its environment, for services in this process.</summary>
    public List<string> Settings => Provider == StoreProvider.Postgres ? ["--Database:Provider=postgres", $"--Database:ConnectionString={ConnectionString}"] : [];

    public static async Task<BackedUpInstallation> CreateAsync(StoreProvider provider)
    {
        var made = new BackedUpInstallation(provider);
        if (provider == StoreProvider.Postgres)
        {
            Assert.SkipWhen(PostgresServer.Admin is null, $"{PostgresServer.Variable} is not set.");
            await AdministerAsync($"create database {made.database}");
            made.Program.Variables["METERSYNC__Database__Provider"] = "postgres";
            made.Program.Variables["METERSYNC__Database__ConnectionString"] = made.ConnectionString;
        }

        return made;
    }

    public async Task<DbConnection> OpenAsync()
    {
        DbConnection connection = Provider == StoreProvider.Postgres
            ? new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ToString())
            : new SqliteConnection(ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public async Task<long> NumberAsync(string sql)
    {
        await using var connection = await OpenAsync();
        return Convert.ToInt64(await connection.ExecuteScalarAsync(sql), CultureInfo.InvariantCulture);
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await connection.ExecuteAsync(sql);
    }

    /// <summary>Nothing points to a row that is not there, and the file is whole.</summary>
    public async Task RequireConsistentAsync()
    {
        await using var connection = await OpenAsync();
        if (Provider == StoreProvider.Sqlite)
        {
            Assert.Equal("ok", await connection.ExecuteScalarAsync<string>("pragma integrity_check"));
            Assert.Empty(await connection.QueryAsync("pragma foreign_key_check"));
        }
        else
        {
            Assert.Equal(0, await connection.ExecuteScalarAsync<long>("select count(*) from pg_constraint where not convalidated"));
        }
    }

    /// <summary>Stores a file as the disk storage does. Returns its path.</summary>
    public string Store(byte[] content)
    {
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content));
        var path = Path.Combine(Data, "blobs", hash[..2], hash[2..4], hash);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        await Program.DisposeAsync();
        if (Provider == StoreProvider.Postgres)
        {
            await AdministerAsync($"drop database if exists {database} with (force)");
        }
    }

    private static async Task AdministerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(PostgresServer.Admin) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await connection.ExecuteAsync(sql);
    }
}
