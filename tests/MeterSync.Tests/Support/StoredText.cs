using System.Data.Common;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xunit;

namespace MeterSync.Tests.Support;

/// <summary>Looks for a text in everything the database holds.</summary>
internal static class StoredText
{
    /// <summary>The columns where it stands, in any row: as text, or as UTF-8 in bytes.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(ServerFixture server, string text)
    {
        await using DbConnection connection = server is PostgresServer postgres
            ? new NpgsqlConnection(postgres.ConnectionString)
            : new SqliteConnection($"Data Source={server.Data.DatabaseFile};Mode=ReadOnly;Pooling=false");
        await connection.OpenAsync();
        var tables = (await connection.QueryAsync<string>(server is PostgresServer
            ? "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'spatial_ref_sys'"
            : "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and sql not like 'create virtual%'")).ToList();
        Assert.True(tables.Count >= 10, "Hardly a table was seen.");
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var table in tables)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = server is PostgresServer && table == "service_points" ? "select address, owner, access_notes, hazard_notes from service_points" : $"select * from {table}";
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
            {
                for (var column = 0; column < rows.FieldCount; column++)
                {
                    var value = rows.GetValue(column) is byte[] bytes ? Encoding.UTF8.GetString(bytes) : Convert.ToString(rows.GetValue(column), System.Globalization.CultureInfo.InvariantCulture);
                    if (value?.Contains(text, StringComparison.OrdinalIgnoreCase) == true)
                    {
                        found.Add($"{table}.{rows.GetName(column)}");
                    }
                }
            }
        }

        return [.. found];
    }
}
