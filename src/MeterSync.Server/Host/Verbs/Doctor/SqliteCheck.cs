using System.Data.Common;
using Dapper;
using MeterSync.Store;
using MeterSync.Store.Schema;
using Microsoft.Data.Sqlite;

namespace MeterSync.Host.Verbs.Doctor;

/// <summary>Is the file whole, and does its schema fit the program?</summary>
internal static class SqliteCheck
{
    private const string Check = "database";

    public static async IAsyncEnumerable<Finding> RunAsync(Patient patient, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var file = patient.Data.DatabaseFile;
        if (!File.Exists(file))
        {
            yield return Finding.Ok(Check, "SQLite; the first start makes the file.");
            yield break;
        }

        foreach (var finding in await ExamineQuietlyAsync(file, cancellationToken))
        {
            yield return finding;
        }
    }

    /// <summary>Looking leaves nothing behind: a file that no server has open is read as one that nobody changes, which makes no files beside it.
    /// Where a server began meanwhile, what was seen may be half of a change, so it is looked at again together with the server's files.</summary>
    private static async Task<IReadOnlyList<Finding>> ExamineQuietlyAsync(string file, CancellationToken cancellationToken)
    {
        var log = file + "-wal";
        if (!File.Exists(log))
        {
            var findings = await ExamineAsync(new Uri(file).AbsoluteUri + "?immutable=1", file, cancellationToken);
            if (!File.Exists(log))
            {
                return findings;
            }
        }

        return await ExamineAsync(file, file, cancellationToken);
    }

    private static async Task<IReadOnlyList<Finding>> ExamineAsync(string source, string file, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = source, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            await connection.OpenAsync(cancellationToken);
            var version = await connection.ExecuteScalarAsync<string>("select sqlite_version()");
            var fault = await connection.ExecuteScalarAsync<string>("pragma quick_check(1)");
            return
            [
                fault == "ok"
                    ? Finding.Ok(Check, $"SQLite {version}; the file is whole ({new FileInfo(file).Length / 1024 / 1024} MiB).")
                    : Finding.Fail(Check, $"{file} is damaged: {fault} Restore the last backup (docs/operations.md)."),
                await SchemaAsync(connection, StoreProvider.Sqlite),
            ];
        }
        catch (SqliteException exception)
        {
            return [Finding.Fail(Check, $"{file} cannot be read: {exception.Message}. If it is no database any more, restore the last backup (docs/operations.md).")];
        }
    }

    /// <summary>The same on both databases.</summary>
    public static async Task<Finding> SchemaAsync(DbConnection connection, StoreProvider provider)
    {
        const string check = "schema";
        var exists = provider == StoreProvider.Postgres
            ? await connection.ExecuteScalarAsync<bool>("select to_regclass('schema_migrations') is not null")
            : await connection.ExecuteScalarAsync<long>("select count(*) from sqlite_master where name = 'schema_migrations'") > 0;
        var applied = exists ? (await connection.QueryAsync<(int Number, string Checksum)>("select number, checksum from schema_migrations")).ToList() : [];
        var known = Migration.BuiltIn(provider);
        if (applied.FirstOrDefault(row => known.All(migration => migration.Number != row.Number)) is { Number: > 0 } newer)
        {
            return Finding.Fail(check, $"The database has migration {newer.Number:0000}, which this program does not know. Install the newer MeterSync.");
        }

        if (known.FirstOrDefault(migration => applied.Any(row => row.Number == migration.Number && row.Checksum != migration.Checksum)) is { } changed)
        {
            return Finding.Fail(check, $"Migration {changed.Number:0000}_{changed.Name} was changed after it had been applied here. Install the program as released.");
        }

        var pending = known.Where(migration => applied.All(row => row.Number != migration.Number)).Select(migration => $"{migration.Number:0000}_{migration.Name}").ToList();
        return pending.Count == 0
            ? Finding.Ok(check, "The schema is current.")
            : Finding.Warn(check, $"{string.Join(", ", pending)} will be applied at the next start, or by: metersync migrate");
    }
}
