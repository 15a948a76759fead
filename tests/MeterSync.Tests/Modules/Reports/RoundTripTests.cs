using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MeterSync.Tests.Modules.Meters;
using MeterSync.Tests.Modules.Readings;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Reports;

/// <summary>What was exported can be imported: here it changes nothing, elsewhere it makes the same.</summary>
public abstract class RoundTripTests(ServerFixture server)
{
    private static int made;

    [Theory]
    [InlineData("csv")]
    [InlineData("excel")]
    public async Task Exported_meters_change_nothing_here_and_are_the_same_elsewhere(string format)
    {
        var client = await server.SignInAsync("manager");
        var place = NewPlace();
        var meters = new[]
        {
            await client.MakeMeterAsync(new
            {
                serial_number = $"{place}-1", meter_type = "electric", status = "maintenance", priority = "high", address = "1 Mill Lane, \"back\"", owner = "=SUM(A1)", location_id = place, latitude = 48.441, longitude = -22.7, position_source = "surveyed",
                installed_at = "2021-05-04T08:30:00Z", time_zone = "Europe/Kyiv", access_notes = "Ring\ntwice", hazard_notes = "Dog", key_number = "007", estimated_time = 12, external_id = "62Z1",
                registers = new object[]
                {
                    new { label = "T1", quantity = "kwh", unit = "kWh", digits = 6, decimals = 1, multiplier = 0.333333m, obis_code = "1-0:1.8.1" },
                    new { label = "out", quantity = "kwh", unit = "kWh", digits = 5, decimals = 0, direction = "export" },
                    new { label = "peak", quantity = "kw_max", unit = "kW", kind = "maximum_demand" },
                },
            }),
            await client.MakeMeterAsync(new { serial_number = $"{place}-2", meter_type = "water", location_id = place }),
        };
        var export = new { type = "meters", location_id = place };
        var (name, file) = await ExportAsync(client, format, export);
        var again = await ImportAsync(client, "meters", name, file);
        Assert.Equal((0, 0, 2, 0), (Count(again, "created"), Count(again, "updated"), Count(again, "unchanged"), Count(again, "refused")));

        var before = await RowsAsync(client, export);
        Assert.Equal(("2021-05-04T08:30:00Z", "", "surveyed", "12", "cumulative", "import"), (before[0]["installed_at"], before[0]["removed_at"], before[0]["position_source"], before[0]["estimated_time"], before[0]["register_kind"], before[0]["direction"]));
        Assert.Equal("", before[3]["installed_at"]);
        foreach (var meter in meters)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.DeleteAsync($"/api/v1/meters/{meter["id"]}")).Status);
        }

        var fresh = await ImportAsync(client, "meters", name, file);
        Assert.Equal((2, 4, 0), (Count(fresh, "created"), Count(fresh, "rows"), Count(fresh, "refused")));
        var after = await RowsAsync(client, export);
        Assert.Equal(before.Select(Without("meter_id")), after.Select(Without("meter_id")));
    }

    [Fact]
    public async Task A_meter_in_store_comes_back_in_store()
    {
        var client = await server.SignInAsync("manager");
        var scene = await ExchangeScene.MakeAsync(client);
        await scene.ExchangeAsync();
        var (name, file) = await ExportAsync(client, "csv", new { type = "meters", meter_id = scene.Id });
        Assert.Equal(1, Count(await ImportAsync(client, "meters", name, file), "unchanged"));
        var text = Encoding.UTF8.GetString(file).Replace(scene.Serial("A"), scene.Serial("X"), StringComparison.Ordinal);
        Assert.Equal(1, Count(await ImportAsync(client, "meters", name, Encoding.UTF8.GetBytes(text)), "created"));
        var found = (await client.GetAsync($"/api/v1/meters?search={scene.Serial("X")}")).Data["items"]![0]!;
        Assert.Equal(("out_of_service", null), ((string?)found["status"], (string?)found["service_point_id"]));
        var row = Assert.Single(await RowsAsync(client, new { type = "meters", meter_id = (string?)found["id"] }));
        Assert.Equal((ReadingScene.Text(ReadingScene.Day(15)), ""), (row["removed_at"], row["installed_at"]));

        // It can be put somewhere, and a list that says it is at a place and in store at once is refused.
        var other = await ExchangeScene.MakeAsync(client);
        Assert.Equal((string?)found["id"], ExchangeScene.NewId(await other.ExchangeAsync(body: new
        {
            serial_number = scene.Serial("X"),
            exchanged_at = ReadingScene.Day(5),
            removal_readings = new[] { new { ordinal = 1, value = 1480m } },
            install_readings = new[] { new { ordinal = 1, value = 7m } },
        })));
        var both = await ImportAsync(client, "meters", "meters.csv", Encoding.UTF8.GetBytes($"serial_number,type,address,removed_at\n{scene.Tag}-Y,electric,1 Mill Lane,2026-01-01\n"));
        Assert.Equal("meter.in_store", (string?)both["result"]!["problems"]![0]!["code"]);
    }

    [Theory]
    [InlineData("S,electric,,T1,1 Mill Lane\nS,electric,,T1,", "meter.serial_twice")]
    [InlineData("S,electric,,T1,1 Mill Lane\nS,electric,,T2,2 Mill Lane", "meter.serial_twice")]
    [InlineData("S,electric,,T1,\nR,electric,,T1,\nS,electric,,T2,", "meter.serial_twice")]
    [InlineData("S,electric,,,\nS,electric,,T2,", "meter.serial_twice")]
    [InlineData("S,electric,,T1,\nS,gas,,T2,", "meter.serial_twice")]
    [InlineData("S,electric,sideways,T1,", "import.unknown_value")]
    public async Task Rows_of_one_meter_must_be_about_its_registers_and_agree(string rows, string code)
    {
        var client = await server.SignInAsync("manager");
        var place = NewPlace();
        var text = "serial_number,type,direction,register,address\n" + rows.Replace("S,", place + "-S,", StringComparison.Ordinal).Replace("R,", place + "-R,", StringComparison.Ordinal) + "\n";
        var job = await ImportAsync(client, "meters", "meters.csv", Encoding.UTF8.GetBytes(text));
        Assert.Equal((code, false), ((string?)job["result"]!["problems"]![0]!["code"], (bool)job["result"]!["applied"]!));
    }

    [Fact]
    public async Task A_row_about_a_further_register_of_a_known_meter_leaves_the_main_one()
    {
        var client = await server.SignInAsync("manager");
        var place = NewPlace();
        var meter = await client.MakeMeterAsync(new { serial_number = $"{place}-1", meter_type = "electric", registers = new object[] { new { label = "T1", digits = 6 }, new { label = "T2", digits = 5 } } });
        var job = await ImportAsync(client, "meters", "meters.csv", Encoding.UTF8.GetBytes($"serial_number,type,register,digits\n{place}-1,electric,T2,4\n"));
        Assert.Equal(1, Count(job, "unchanged"));
        job = await ImportAsync(client, "meters", "meters.csv", Encoding.UTF8.GetBytes($"serial_number,type,register,digits\n{place}-1,electric,T1,7\n{place}-1,electric,T2,4\n"));
        Assert.Equal(1, Count(job, "updated"));
        Assert.Equal([7, 5], (await client.GetAsync($"/api/v1/meters/{meter["id"]}")).Data["registers"]!.AsArray().Select(register => (int)register!["digits"]!));
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("excel")]
    public async Task Exported_readings_change_nothing_here(string format)
    {
        var client = await server.SignInAsync("manager");
        var meter = await MeterWithAllQualitiesAsync(client);
        var (name, file) = await ExportAsync(client, format, new { type = "readings", meter_id = meter.Id });
        var job = await ImportAsync(client, "readings", name, file);
        Assert.True(Count(job, "problems_total") == 0, job.ToJsonString());
        Assert.Equal((0, 9, 9, 0), (Count(job, "created"), Count(job, "rows"), Count(job, "unchanged"), Count(job, "refused")));
        Assert.Contains("reading.rejected_left_out", job["result"]!["assumptions"]!.AsArray().Select(note => (string?)note!["code"]));
    }

    [Fact]
    public async Task Exported_readings_are_judged_anew_elsewhere_and_what_was_rejected_stays_away()
    {
        var client = await server.SignInAsync("manager");
        var meter = await MeterWithAllQualitiesAsync(client);
        var other = await new ReadingScene(server).MeterAsync();
        var (name, file) = await ExportAsync(client, "csv", new { type = "readings", meter_id = meter.Id });
        var job = await ImportAsync(client, "readings", name, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(file).Replace(meter.SerialNumber, other.SerialNumber, StringComparison.Ordinal)));
        Assert.True(Count(job, "problems_total") == 0, job.ToJsonString());
        Assert.Equal((8, 7, 1, 1), (Count(job, "created"), Count(job, "accepted"), Count(job, "held"), Count(job, "unchanged")));
        List<(string?, string?, string?, string?)> Of(List<Dictionary<string, string>> rows) => [.. rows.Where(row => row["quality"] != "rejected")
            .Select(row => ((string?)row["reading_timestamp"], (string?)row["value"], (string?)row["source"], (string?)row["state"]))];
        Assert.Equal(Of(await RowsAsync(client, new { type = "readings", meter_id = meter.Id })), Of(await RowsAsync(client, new { type = "readings", meter_id = other.Id })));
    }

    /// <summary>Nine values: five that were read, one of them to the microsecond; one corrected, one rejected, one held, and an estimate after the last.</summary>
    private async Task<SceneMeter> MeterWithAllQualitiesAsync(ApiClient client)
    {
        var meter = await new ReadingScene(server).MeterAsync();
        await ReadingScene.MonthlyAsync(client, meter, 1000, 100, 4);
        var edited = await ReadingScene.ReadAsync(client, meter, 1325, ReadingScene.Day(24));
        var corrected = await client.PostAsync($"/api/v1/readings/{(string?)edited["id"]}/correct", new { reading_value = 1320, reason = "Misread" });
        Assert.True(corrected.Status == HttpStatusCode.OK, corrected.Body.ToJsonString());
        var wrong = await ReadingScene.ReadAsync(client, meter, 1345, ReadingScene.Day(18));
        await client.PostAsync($"/api/v1/readings/{(string?)wrong["id"]}/reject", new { reason = "Wrong house" });
        await ReadingScene.ReadAsync(client, meter, 1340.5m, ReadingScene.Day(17).AddMicroseconds(123_456));
        var held = await ReadingScene.ReadAsync(client, meter, 900, ReadingScene.Day(10));
        Assert.Equal("held", (string?)held["state"]);
        await ReadingScene.ReadAsync(client, meter, 1370, ReadingScene.Day(5), "estimate");
        var qualities = (await RowsAsync(client, new { type = "readings", meter_id = meter.Id })).Select(row => row["quality"]).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(["edited", "estimated", "rejected", "suspect", "valid"], qualities);
        return meter;
    }

    private static async Task<(string Name, byte[] File)> ExportAsync(ApiClient client, string format, object request)
    {
        var accepted = await client.PostAsync($"/api/v1/export/{format}", request);
        Assert.True(accepted.Status == HttpStatusCode.Accepted, accepted.Body.ToJsonString());
        var export = await client.WaitForJobAsync($"/api/v1/export/status/{(string?)accepted.Data["id"]}");
        return ((string)export["file_name"]!, await client.Http.GetByteArrayAsync((string)export["download_url"]!));
    }

    private static async Task<JsonNode> ImportAsync(ApiClient client, string what, string name, byte[] file)
    {
        var job = await client.RunFileJobAsync($"/api/v1/{what}/import", name, file, ("decimal_sign", "point"));
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        return job;
    }

    /// <summary>The rows of a text table, by heading.</summary>
    private static async Task<List<Dictionary<string, string>>> RowsAsync(ApiClient client, object request)
    {
        var (_, file) = await ExportAsync(client, "csv", request);
        var rows = new List<List<string>> { new() };
        var (cell, quoted) = (new StringBuilder(), false);
        foreach (var letter in Encoding.UTF8.GetString(file).Replace("\r\n", "\r", StringComparison.Ordinal))
        {
            quoted ^= letter == '"';
            if (quoted || letter is not (',' or '\r'))
            {
                cell.Append(letter);
                continue;
            }

            rows[^1].Add(cell.ToString());
            cell.Clear();
            if (letter == '\r')
            {
                rows.Add([]);
            }
        }

        return [.. rows.Skip(1).Where(row => row.Count > 1).Select(row => rows[0].Zip(row).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    private static Func<Dictionary<string, string>, string> Without(string column) => row => string.Join('|', row.Where(pair => pair.Key != column).Select(pair => $"{pair.Key}={pair.Value}"));

    private static int Count(JsonNode job, string name) => (int)job["result"]![name]!;

    private static string NewPlace() => $"trip{Interlocked.Increment(ref made):000}x";
}

public sealed class RoundTripOnSqliteTests(SqliteServer server) : RoundTripTests(server), IClassFixture<SqliteServer>;

public sealed class RoundTripOnPostgresTests(PostgresServer server) : RoundTripTests(server), IClassFixture<PostgresServer>;
