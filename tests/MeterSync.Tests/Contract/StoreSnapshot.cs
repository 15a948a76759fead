using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using MeterSync.Tests.Support;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xunit;

namespace MeterSync.Tests.Contract;

/// <summary>What every table holds: rows and a checksum. Sessions are left out, since each check signs in anew; so is the time a user last did, and the seal an audit entry gets in the background.</summary>
public sealed record StoreSnapshot(IReadOnlyDictionary<string, string> Tables)
{
    // Of phones it is kept that they were in touch, and what was refused.
    private static readonly string[] LeftOut = ["sessions", "schema_migrations", "spatial_ref_sys", "audit_keys", "field_devices", "field_device_sessions", "receipt_keys", "sync_faults"];

    public static async Task<StoreSnapshot> TakeAsync(ServerFixture server)
    {
        await using DbConnection connection = server is PostgresServer postgres
            ? new NpgsqlConnection(postgres.ConnectionString)
            : new SqliteConnection($"Data Source={server.Data.DatabaseFile};Mode=ReadOnly;Pooling=false");
        await connection.OpenAsync();
        var names = await connection.QueryAsync<string>(server is PostgresServer
            ? "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'"
            : "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and sql not like 'create virtual%' and name not like 'service_point_positions_%'");
        var tables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names.Except(LeftOut))
        {
            tables[name] = await ChecksumAsync(connection, name);
        }

        Assert.True(tables.Count >= 10, "The snapshot saw too few tables.");
        return new StoreSnapshot(tables);
    }

    /// <summary>The tables that differ.</summary>
    public IEnumerable<string> ChangesSince(StoreSnapshot before) => Tables.Where(table => before.Tables[table.Key] != table.Value).Select(table => $"{table.Key}: {before.Tables[table.Key]} became {table.Value}");

    private static async Task<string> ChecksumAsync(DbConnection connection, string table)
    {
        var rows = new List<string>();
        await using var command = connection.CreateCommand();
        command.CommandText = $"select * from {table}";
        await using var reader = await command.ExecuteReaderAsync();
        var columns = Enumerable.Range(0, reader.FieldCount).Where(index => reader.GetName(index) is not ("last_login_at" or "position") && (table != "audit_log" || reader.GetName(index) is not ("seq" or "hash"))).ToList();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join('|', columns.Select(index => Text(reader.GetValue(index)))));
        }

        rows.Sort(StringComparer.Ordinal);
        return $"{rows.Count} rows {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', rows))))[..12]}";
    }

    private static string Text(object value) => value is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "";
}
