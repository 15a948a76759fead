using System.Globalization;
using Dapper;
using MeterSync.Store;
using Npgsql;

namespace MeterSync.Host.Verbs.Doctor;

/// <summary>Does PostgreSQL answer, is it new enough, has it what we need, and does it agree about the time?</summary>
internal static class PostgresCheck
{
    private const string Check = "database";
    private const int OldestVersion = 130000;
    private const int PatienceSeconds = 5;
    private static readonly string[] Extensions = ["postgis", "pg_trgm"];
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    public static async IAsyncEnumerable<Finding> RunAsync(Patient patient, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var finding in await ExamineAsync(patient, cancellationToken))
        {
            yield return finding;
        }
    }

    private static async Task<IReadOnlyList<Finding>> ExamineAsync(Patient patient, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(patient.Store.ConnectionString))
        {
            return [Finding.Fail(Check, "Database:ConnectionString is missing: set METERSYNC__Database__ConnectionString.")];
        }

        try
        {
            var address = new NpgsqlConnectionStringBuilder(patient.Store.ConnectionString) { Timeout = PatienceSeconds, CommandTimeout = PatienceSeconds, Pooling = false };
            await using var connection = new NpgsqlConnection(address.ToString());
            await connection.OpenAsync(cancellationToken);
            return [await VersionAsync(connection), .. await ExtensionsAsync(connection), await SqliteCheck.SchemaAsync(connection, StoreProvider.Postgres), await ClockAsync(connection, patient.Clock)];
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            return [Finding.Fail(Check, $"PostgreSQL does not serve: {exception.Message} Check that it runs, and host, user, password and database in Database:ConnectionString.")];
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return [Finding.Fail(Check, $"Database:ConnectionString cannot be read: {exception.Message}")];
        }
    }

    private static async Task<Finding> VersionAsync(NpgsqlConnection connection)
    {
        var number = int.Parse((await connection.ExecuteScalarAsync<string>("show server_version_num"))!, CultureInfo.InvariantCulture);
        return number >= OldestVersion
            ? Finding.Ok(Check, $"PostgreSQL {connection.ServerVersion} answers.")
            : Finding.Fail(Check, $"PostgreSQL {connection.ServerVersion} is too old: MeterSync needs 13 or newer.");
    }

    private static async Task<IReadOnlyList<Finding>> ExtensionsAsync(NpgsqlConnection connection)
    {
        var available = (await connection.QueryAsync<(string Name, string? Installed)>("select name, installed_version from pg_available_extensions where name = any(@Extensions)", new { Extensions })).ToDictionary(row => row.Name, row => row.Installed);
        return [.. Extensions.Select(name => available.TryGetValue(name, out var installed)
            ? Finding.Ok(name, installed is null ? "Available; the first migration installs it, for which the user needs the right to create extensions." : $"{installed} is installed.")
            : Finding.Fail(name, $"The extension {name} is not available. Install it on the database server (Debian: {(name == "postgis" ? "postgresql-NN-postgis-3" : "postgresql-contrib")})."))];
    }

    private static async Task<Finding> ClockAsync(NpgsqlConnection connection, TimeProvider clock)
    {
        var theirs = new DateTimeOffset(DateTime.SpecifyKind(await connection.ExecuteScalarAsync<DateTime>("select clock_timestamp() at time zone 'UTC'"), DateTimeKind.Utc));
        var apart = (theirs - clock.GetUtcNow()).Duration();
        return apart <= Skew
            ? Finding.Ok("database clock", "Agrees with this machine's.")
            : Finding.Warn("database clock", $"The database's clock and this machine's are {apart.TotalSeconds:0} s apart. Run a time service (chrony, systemd-timesyncd) on both.");
    }
}
