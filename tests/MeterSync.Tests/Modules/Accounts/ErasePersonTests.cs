using System.Data.Common;
using System.Net;
using System.Text.Json.Nodes;
using Dapper;
using MeterSync.Tests.Support;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xunit;

namespace MeterSync.Tests.Modules.Accounts;

public abstract class ErasePersonTests(ServerFixture server)
{
    [Fact]
    public async Task A_person_is_exported_and_forgotten_and_the_audit_chain_stays_whole()
    {
        var admin = await server.SignInAsync("admin");
        var made = await admin.PostAsync("/api/v1/users", new { email = "wilhelmina@example.org", username = "wilhelmina", name = "Wilhelmina Distinct", phone = "+44 5550199", department = "Quaint Department", role = "agent", password = AccountCalls.Password });
        var path = $"/api/v1/users/{made.Data["id"]}";
        var wil = await server.SignInWithAsync("wilhelmina");
        wil.Http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "PeculiarPhone/7");
        var meter = (await admin.PostAsync("/api/v1/meters", new { serial_number = "ER-1", type = "water" })).Data["id"];
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/agents", new { user_id = made.Data["id"], max_load = 10, avatar_url = "https://example.org/wilhelmina.png" })).Status);
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/assignments", new { meter_id = meter, agent_id = made.Data["id"] })).Status);
        await wil.PutAsync("/api/v1/agents/me/location", new { latitude = 48.4375, longitude = 22.7125 });
        var reading = await wil.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 12.5, notes = "behind the door" });
        await wil.PatchAsync("/api/v1/auth/me", new { phone = "+44 5550200" });

        using var file = await admin.Http.GetAsync($"{path}/personal-data");
        var told = JsonNode.Parse(await file.Content.ReadAsStringAsync())!;
        Assert.Equal(("wilhelmina@example.org", "+44 5550200"), ((string?)told["account"]!["email"], (string?)told["account"]!["phone"]));
        Assert.Contains((string)reading.Data["id"]!, told.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(1, (int)told["workforce"]!["assignments"]!);
        Assert.Equal((string?)reading.Data["id"], (string?)Assert.Single(told["workforce"]!["visits"]!.AsArray())!["reading_id"]);
        Assert.Contains("PeculiarPhone", told.ToJsonString(), StringComparison.Ordinal);

        (await admin.PostAsync($"{path}/erase", new { confirm_email = "somebody@example.org" })).Refused(HttpStatusCode.BadRequest, "request.invalid");
        Assert.NotEqual([], await PlacesOfAsync("wilhelmina", "Distinct"));
        Assert.Equal(HttpStatusCode.OK, (await admin.PostAsync($"{path}/erase", new { confirm_email = "Wilhelmina@example.org" })).Status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await wil.GetAsync("/api/v1/auth/me")).Status);
        (await server.TryLoginAsync("wilhelmina")).Refused(HttpStatusCode.Unauthorized, "auth.wrong_credentials");
        Assert.Equal([], await PlacesOfAsync("wilhelmina", "Wilhelmina", "Distinct", "5550199", "5550200", "Quaint", "PeculiarPhone"));

        var kept = (await admin.GetAsync($"/api/v1/readings/{reading.Data["id"]}")).Data;
        Assert.Equal((12.5m, "behind the door"), ((decimal)kept["values"]![0]!["value"]!, (string?)kept["notes"]));
        var entries = (await admin.GetAsync($"/api/v1/audit-logs?entity_id={made.Data["id"]}&limit=100")).Data["items"]!.AsArray();
        Assert.Contains(entries, entry => (string?)entry!["action"] == "erased");
        Assert.Contains("(erased)", entries.ToJsonString(), StringComparison.Ordinal);

        var job = await admin.PostAsync("/api/v1/audit-logs/verify", new { });
        var verified = await admin.WaitForJobAsync($"/api/v1/audit-logs/verify/{job.Data["id"]}");
        Assert.Equal("completed", (string?)verified["status"]);
        Assert.True((bool)verified["result"]!["unbroken"]!, verified.ToJsonString());

        // The address is nobody's now.
        await admin.MakeUserAsync("wilhelmina");
    }

    [Fact]
    public async Task Nobody_erases_himself_or_the_unknown()
    {
        var admin = await server.SignInAsync("admin");
        var me = (await admin.GetAsync("/api/v1/auth/me")).Data;
        (await admin.PostAsync($"/api/v1/users/{me["id"]}/erase", new { confirm_email = (string?)me["email"] })).Refused(HttpStatusCode.BadRequest, "request.invalid");
        (await admin.PostAsync($"/api/v1/users/{Guid.CreateVersion7()}/erase", new { confirm_email = "x@example.org" })).Refused(HttpStatusCode.NotFound, "user.not_found");
        (await admin.GetAsync($"/api/v1/users/{Guid.CreateVersion7()}/personal-data")).Refused(HttpStatusCode.NotFound, "user.not_found");
    }

    /// <summary>Columns of any table that hold one of the words, as text or as bytes.</summary>
    private async Task<IReadOnlyList<string>> PlacesOfAsync(params string[] words)
    {
        await using DbConnection connection = server is PostgresServer postgres
            ? new NpgsqlConnection(postgres.ConnectionString)
            : new SqliteConnection($"Data Source={server.Data.DatabaseFile};Mode=ReadOnly;Pooling=false");
        await connection.OpenAsync();
        var tables = await connection.QueryAsync<string>(server is PostgresServer
            ? "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'spatial_ref_sys'"
            : "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and sql not like 'create virtual%'");
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var looked = 0;
        foreach (var table in tables)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = server is PostgresServer ? $"select t::text as row from {table} t" : $"select * from {table}";
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                for (var index = 0; index < reader.FieldCount; index++)
                {
                    looked++;
                    var text = reader.GetValue(index) is byte[] bytes ? System.Text.Encoding.UTF8.GetString(bytes) : Convert.ToString(reader.GetValue(index), System.Globalization.CultureInfo.InvariantCulture) ?? "";
                    if (words.Any(word => text.Contains(word, StringComparison.Ordinal)))
                    {
                        found.Add($"{table}.{reader.GetName(index)}");
                    }
                }
            }
        }

        Assert.True(looked > 20, "Hardly anything was looked through.");
        return [.. found];
    }
}

public sealed class ErasePersonOnSqliteTests(SqliteServer server) : ErasePersonTests(server), IClassFixture<SqliteServer>;

public sealed class ErasePersonOnPostgresTests(PostgresServer server) : ErasePersonTests(server), IClassFixture<PostgresServer>;
