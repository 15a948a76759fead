using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using MeterSync.Tests.Support;
using Npgsql;
using Xunit;

namespace MeterSync.Tests.Modules.Meters;

/// <summary>On PostgreSQL an import that waited for a meter goes on from what the other left, registers included. SQLite has one writer at a time.</summary>
public sealed class MeterImportLocksTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private const string Path = "/api/v1/meters/import";

    [Fact]
    public async Task A_list_imported_over_a_change_under_way_keeps_the_change()
    {
        var client = await server.SignInAsync("manager");
        var meter = await client.MakeMeterAsync(new { serial_number = MeterCalls.NewSerial("L"), meter_type = "electric", digits = 5 });
        var job = await WhileChangingAsync(meter, () => client.RunFileJobAsync(Path, "list.csv", Encoding.UTF8.GetBytes($"serial_number;type;digits\n{(string?)meter["serial_number"]};electric;6\n")));
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        var after = (await client.GetAsync($"/api/v1/meters/{(string?)meter["id"]}")).Data;
        Assert.Equal(("night", 6, 3), ((string?)after["registers"]![0]!["label"], (int?)after["registers"]![0]!["digits"], (int?)after["version"]));
    }

    [Fact]
    public async Task An_import_undone_over_a_change_under_way_is_refused()
    {
        var client = await server.SignInAsync("manager");
        var meter = await client.MakeMeterAsync(new { serial_number = MeterCalls.NewSerial("L"), meter_type = "electric", digits = 5 });
        var job = await client.RunFileJobAsync(Path, "list.csv", Encoding.UTF8.GetBytes($"serial_number;type;digits\n{(string?)meter["serial_number"]};electric;6\n"));
        var undone = await WhileChangingAsync(meter, () => client.DeleteAsync($"{Path}/{(string?)job["id"]}"));
        Assert.Equal((HttpStatusCode.Conflict, "import.in_use"), (undone.Status, undone.Code));
        var after = (await client.GetAsync($"/api/v1/meters/{(string?)meter["id"]}")).Data;
        Assert.Equal(("night", 6, 3), ((string?)after["registers"]![0]!["label"], (int?)after["registers"]![0]!["digits"], (int?)after["version"]));
    }

    /// <summary>Begins to rename the meter's register, starts <paramref name="work"/>, and commits once that waits.</summary>
    private async Task<T> WhileChangingAsync<T>(JsonNode meter, Func<Task<T>> work)
    {
        var id = Guid.Parse((string)meter["id"]!);
        await using var other = new NpgsqlConnection(server.ConnectionString);
        await other.OpenAsync();
        await using var change = await other.BeginTransactionAsync();
        await other.ExecuteAsync("update meters set version = version + 1 where id = @id; update registers set label = 'night' where meter_id = @id", new { id }, change);
        var working = work();
        for (var attempt = 0; await other.ExecuteScalarAsync<long>("select count(*) from pg_locks where not granted", transaction: change) == 0; attempt++)
        {
            Assert.True(attempt < 400 && !working.IsCompleted, "It did not wait for the meter.");
            await Task.Delay(50);
        }

        await change.CommitAsync();
        return await working;
    }
}
