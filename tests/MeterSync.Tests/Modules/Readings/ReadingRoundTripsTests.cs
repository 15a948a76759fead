using MeterSync.Tests.Support;
using Npgsql;
using Xunit;

namespace MeterSync.Tests.Modules.Readings;

/// <summary>How often a request asks the database. The last question of a new reading is for the work it ends.</summary>
public abstract class ReadingRoundTripsTests(ServerFixture server, int pastTrips)
{
    private readonly ReadingScene scene = new(server);

    [Fact]
    public async Task No_request_about_readings_asks_more_than_five_times()
    {
        var client = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync(registers: 2);
        await ReadingScene.ReadAsync(client, meter, 1000, ReadingScene.Day(90));
        var newest = await ReadingScene.ReadAsync(client, meter, 1200, ReadingScene.Day(10));

        using var count = await QueryCount.StartAsync(server is PostgresServer postgres ? new NpgsqlConnectionStringBuilder(postgres.ConnectionString).Database! : server.Data.DatabaseFile);
        Assert.Equal(3 + pastTrips, await TripsAsync(count, () => client.PostAsync("/api/v1/readings", new { meter_id = meter.Id, reading_value = 1230, client_id = Guid.CreateVersion7() })));
        Assert.Equal(5, await TripsAsync(count, () => client.PostAsync("/api/v1/readings", new { meter_id = meter.Id, registers = new[] { new { ordinal = 1, value = 1230.5m }, new { ordinal = 2, value = 40m } } })));
        Assert.Equal(5, await TripsAsync(count, () => client.PostAsync("/api/v1/readings", new { meter_id = meter.Id, reading_value = 1100, reading_timestamp = ReadingScene.Day(50) })));
        Assert.Equal(4 + pastTrips, await TripsAsync(count, () => client.PostAsync("/api/v1/readings", new { serial_number = meter.SerialNumber, reading_value = 1231 })));
        var verify = await TripsAsync(count, () => client.PostAsync($"/api/v1/readings/{(string?)newest["id"]}/verify"));
        Assert.InRange(verify, 3, 5);
        Assert.InRange(await TripsAsync(count, () => client.GetAsync($"/api/v1/readings?meter_id={meter.Id}&limit=2")), 1, 3);
        Assert.InRange(await TripsAsync(count, () => client.GetAsync($"/api/v1/readings/{(string?)newest["id"]}")), 1, 2);
    }

    private static async Task<int> TripsAsync(QueryCount count, Func<Task<ApiAnswer>> request)
    {
        var before = count.Statements.Count;
        var answer = await request();
        Assert.True((int)answer.Status < 300, answer.Body.ToJsonString());
        return count.Statements.Skip(before).Count(statement => !IsKeyRings(statement));
    }

    /// <summary>Keys and ended sessions are read again every ten seconds, whoever asks what meanwhile.</summary>
    private static bool IsKeyRings(string statement) => statement.Contains("signing_keys", StringComparison.Ordinal) || statement.Contains("revoked_at", StringComparison.Ordinal);
}

public sealed class ReadingRoundTripsOnSqliteTests(SqliteServer server) : ReadingRoundTripsTests(server, pastTrips: 1), IClassFixture<SqliteServer>;

/// <summary>The main register's past comes along with the locked meter.</summary>
public sealed class ReadingRoundTripsOnPostgresTests(PostgresServer server) : ReadingRoundTripsTests(server, pastTrips: 0), IClassFixture<PostgresServer>;
