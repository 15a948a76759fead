using System.Diagnostics;
using MeterSync.Kernel;
using MeterSync.Kernel.Telemetry;
using MeterSync.Store.Audit;
using MeterSync.Store.Backups;
using MeterSync.Store.Blobs;
using MeterSync.Store.Bulk;
using MeterSync.Store.Events;
using MeterSync.Store.Idempotency;
using MeterSync.Store.Imports;
using MeterSync.Store.Jobs;
using MeterSync.Store.Schema;
using MeterSync.Store.Secrets;
using MeterSync.Store.Vision;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeterSync.Store;

internal static class StoreRegistration
{
    private const int PreparedStatements = 200;
    private const string NoJit = "set jit = off";

    public static IServiceCollection AddStore(this IServiceCollection services, IConfiguration configuration, DataDirectory data)
    {
        SqliteLibrary.SetUp();
        services.AddOptions<StoreOptions>().Bind(configuration.GetSection(StoreOptions.Section)).ValidateDataAnnotations()
            .Validate(options => options.Kind == StoreProvider.Sqlite || !string.IsNullOrWhiteSpace(options.ConnectionString), "Database:ConnectionString is missing: with Database:Provider=postgres set METERSYNC__Database__ConnectionString.")
            .ValidateOnStart();
        services.AddSingleton(data);
        services.AddSingleton<SqliteWriteGate>();
        services.AddSingleton<JobSignal>();
        services.AddSingleton<JobProgressBoard>();
        services.AddSingleton<SqlitePragmas>();
        services.AddSingleton<StoreConnections>();
        services.AddSecrets(data);
        services.AddBlobs(configuration);
        services.AddAuditLog();
        services.AddVision(configuration);
        services.AddBackups();
        services.AddSingleton<Migrator>();
        services.AddSingleton(provider => DataSourceOf(provider.GetRequiredService<IOptions<StoreOptions>>().Value, provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(provider => new DbContextOptionsBuilder<MeterSyncDb>().Configure(provider, data).Options);
        services.AddSingleton<MeterSyncDbFactory>();
        services.AddScoped<CallerAccessor>();
        services.AddScoped<IdempotencyScope>();
        services.AddScoped<StoreSession>();
        services.AddScoped(provider => provider.GetRequiredService<MeterSyncDbFactory>().Create(provider.GetRequiredService<StoreSession>()));
        services.AddScoped<WriteTransactions>();
        services.AddScoped<BulkStore>();
        services.AddScoped<ImportDesk>();
        services.AddOptions<OutboxOptions>().Bind(configuration.GetSection(OutboxOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped<Outbox>();
        services.AddScoped<OutboxQueue>();
        services.AddScoped<Epochs>();
        services.AddSingleton<IGaugeSource, OutboxGauges>();
        services.AddScoped<IJobQueue, JobQueue>();
        services.AddScoped<IPersonalData, JobPersonalData>();
        services.AddScoped<IPersonalData, ImportPersonalData>();
        services.AddScoped<IPersonalData, IdempotencyPersonalData>();
        return services;
    }

    /// <summary>Null on SQLite.</summary>
    private static PostgresSource DataSourceOf(StoreOptions options, ILoggerFactory log)
    {
        if (options.Kind != StoreProvider.Postgres)
        {
            return new PostgresSource(null);
        }

        // Named, because the name stands in metrics and spans, and would else be the connection string.
        var builder = new NpgsqlDataSourceBuilder(Tuned(options.ConnectionString!)) { Name = "metersync" };

        // What belongs to no request and no job is a look at the queue: nobody wants a trace of that every two seconds.
        builder.ConfigureTracing(tracing => tracing.ConfigureCommandFilter(_ => Activity.Current is not null).ConfigureBatchFilter(_ => Activity.Current is not null));
        if (new NpgsqlConnectionStringBuilder(options.ConnectionString).Options?.Contains("jit", StringComparison.OrdinalIgnoreCase) is not true)
        {
            builder.UsePhysicalConnectionInitializer(WithoutJit, WithoutJitAsync);
        }

        return new PostgresSource((options.Echo ? builder.UseLoggerFactory(log) : builder).Build());
    }

    /// <summary>PostgreSQL compiles a statement whose cost it guesses to be high, on each run anew: 25 ms for one that takes 3, where a table was just filled and not yet counted.</summary>
    private static void WithoutJit(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(NoJit, connection);
        command.ExecuteNonQuery();
    }

    private static async Task WithoutJitAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(NoJit, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Unless the connection string decides otherwise, statements used again are prepared on the server (a pooler in transaction mode needs
    /// Max Auto Prepare=0), and connections go back to the pool as they are: nothing here leaves a setting, a lock or a temporary table behind,
    /// and resetting one costs PostgreSQL seven statements.</summary>
    internal static string Tuned(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        if (!connectionString.Contains("prepare", StringComparison.OrdinalIgnoreCase))
        {
            builder.MaxAutoPrepare = PreparedStatements;
            builder.AutoPrepareMinUsages = 2;
        }

        if (!connectionString.Replace(" ", "", StringComparison.Ordinal).Contains("NoResetOnClose", StringComparison.OrdinalIgnoreCase)) // the builder knows the keyword, said or not
        {
            builder.NoResetOnClose = true;
        }

        return builder.ToString();
    }

    private static DbContextOptionsBuilder<MeterSyncDb> Configure(this DbContextOptionsBuilder<MeterSyncDb> builder, IServiceProvider provider, DataDirectory data)
    {
        var options = provider.GetRequiredService<IOptions<StoreOptions>>().Value;
        ((IDbContextOptionsBuilderInfrastructure)builder).AddOrUpdateExtension(new StoreModel([.. provider.GetRequiredService<IEnumerable<IModule>>()], options.Kind));
        builder.UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>())
            .ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.RowLimitingOperationWithoutOrderByWarning)); // counts are capped without an order
        if (options.Kind == StoreProvider.Postgres)
        {
            builder.UseNpgsql(provider.GetRequiredService<PostgresSource>().Source!);
        }
        else
        {
            builder.UseSqlite(SqliteConnectionString(data, options)).AddInterceptors(provider.GetRequiredService<SqlitePragmas>());
        }

        return builder;
    }

    public static string SqliteConnectionString(DataDirectory data, StoreOptions options) => new SqliteConnectionStringBuilder
    {
        DataSource = data.DatabaseFile,
        ForeignKeys = true,
        DefaultTimeout = options.WaitSeconds,
    }.ToString();
}

/// <summary>The pool of connections to PostgreSQL; holds nothing on SQLite.</summary>
internal sealed record PostgresSource(NpgsqlDataSource? Source) : IDisposable
{
    public void Dispose() => Source?.Dispose();
}
