using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MeterSync.Modules.Meters.Public;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Readings;

public abstract class ImportReadingsTests(ServerFixture server)
{
    private const string Path = "/api/v1/readings/import";
    private readonly ReadingScene scene = new(server);

    [Fact]
    public async Task Imports_in_any_order_and_measures_in_order_of_time()
    {
        var manager = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        var job = await RunAsync(manager, $"Serial No;Zählerstand;Datum\n{meter.SerialNumber};1200,5;31.03.2025\n{meter.SerialNumber};1000;31.01.2025\n{meter.SerialNumber};1100;28.02.2025\n");
        Assert.Equal(("completed", 3, 3, 0, 0), ((string?)job["status"], Number(job, "created"), Number(job, "accepted"), Number(job, "held"), Number(job, "refused")));

        var history = (await manager.GetAsync($"/api/v1/readings/meter/{meter.Id}")).Data["items"]!.AsArray();
        Assert.Equal([100.5m, 100m, null], history.Select(reading => reading!.Consumption()));
        Assert.Equal(["2025-03-31T00:00:00Z", "2025-02-28T00:00:00Z", "2025-01-31T00:00:00Z"], history.Select(reading => (string?)reading!["reading_timestamp"]));
        Assert.All(history, reading => Assert.Equal(("import", "accepted", null), ((string?)reading!["source"], reading.State(), (string?)reading["agent_id"])));
        Assert.Equal(1200.5m, (await LastAsync(meter))?.Value);
    }

    [Fact]
    public async Task Judges_like_any_other_reading_and_says_what_was_held_and_why()
    {
        var manager = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        var job = await RunAsync(manager, Table((meter, 1000, "2025-01-01"), (meter, 1100, "2025-02-01"), (meter, 1200, "2025-03-01"), (meter, 5000, "2025-04-01"), (meter, 1300, "2025-05-01"), (meter, 1290, "2025-05-15")));
        Assert.Equal((6, 4, 2, 1, 1), (Number(job, "created"), Number(job, "accepted"), Number(job, "held"), Number(job["result"]!["held_by_rule"]!, "VEE-105", bare: true), Number(job["result"]!["held_by_rule"]!, "VEE-103", bare: true)));
        Assert.Equal(2, (int?)(await manager.GetAsync($"/api/v1/readings?meter_id={meter.Id}&state=held")).Data["total"]);
        Assert.Equal(1300m, (await LastAsync(meter))?.Value);
    }

    [Fact]
    public async Task Late_history_measures_the_first_stored_value_again()
    {
        var manager = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        var stored = await ReadingScene.ReadAsync(manager, meter, 1300, ReadingScene.Day(0));
        var job = await RunAsync(manager, Table((meter, 1000, ReadingScene.Text(ReadingScene.Day(60))), (meter, 1150, ReadingScene.Text(ReadingScene.Day(30)))));
        Assert.Equal((2, 1), (Number(job, "created"), Number(job, "remeasured")));
        Assert.Equal(150m, (await ReadingScene.GetAsync(manager, stored)).Consumption());
        Assert.Equal(1300m, (await LastAsync(meter))?.Value);
    }

    [Fact]
    public async Task An_estimate_of_the_file_gives_way_to_the_actual_value_after_it()
    {
        var manager = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        var job = await RunAsync(manager, $"serial_number,reading_value,date,source\n{meter.SerialNumber},1000,2025-01-01,actual\n{meter.SerialNumber},1100,2025-02-01,\n{meter.SerialNumber},1260,2025-03-01,estimate\n{meter.SerialNumber},1250,2025-04-01,\n");
        Assert.True(Number(job, "held") == 0, job.ToJsonString());
        Assert.Equal(4, Number(job, "created"));
        var history = (await manager.GetAsync($"/api/v1/readings/meter/{meter.Id}")).Data["items"]!.AsArray();
        Assert.Equal(["accepted", "superseded", "accepted", "accepted"], history.Select(reading => reading!.State()));
        Assert.Equal(150m, history[0]!.Consumption());
    }

    [Fact]
    public async Task Repeats_are_unchanged_and_contradictions_are_problems()
    {
        var manager = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        var file = Table((meter, 1000, "2025-01-01"), (meter, 1100, "2025-02-01"), (meter, 1100, "2025-02-01"));
        Assert.Equal((2, 1), Both(await RunAsync(manager, file), "created", "unchanged"));
        Assert.Equal((0, 3), Both(await RunAsync(manager, file), "created", "unchanged"));

        var other = await RunAsync(manager, Table((meter, 1001, "2025-01-01"), (meter, 1200, "2025-03-01"), (meter, 1201, "2025-03-01")));
        Assert.Equal((0, false, 2), (Number(other, "created"), (bool?)other["result"]!["applied"], Number(other, "problems_total")));
        Assert.Equal([(2, "reading.differs_from_stored"), (4, "reading.twice_in_file")], Problems(other));
        Assert.Equal(2, (int?)(await manager.GetAsync($"/api/v1/readings?meter_id={meter.Id}")).Data["total"]);
    }

    [Fact]
    public async Task All_or_nothing_unless_partial()
    {
        var manager = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        var file = $"serial_number,register,value,date\n{meter.SerialNumber},,1000,2025-01-01\nMS-NOBODY,,1,2025-01-01\n{meter.SerialNumber},T9,1,2025-01-01\n{meter.SerialNumber},,many,2025-01-01\n{meter.SerialNumber},total,1100,2025-02-01\n{meter.SerialNumber},1,1200,2025-03-01\n";
        var refused = await RunAsync(manager, file);
        Assert.Equal(("completed", 0, 1), ((string?)refused["status"], Number(refused, "created"), Number(refused, "problems_total")));
        Assert.Equal(0, (int?)(await manager.GetAsync($"/api/v1/readings?meter_id={meter.Id}")).Data["total"]);

        var dry = await RunAsync(manager, file, ("partial", "true"), ("dry_run", "true"));
        Assert.Equal((3, 3), Both(dry, "created", "refused"));
        Assert.Equal(0, (int?)(await manager.GetAsync($"/api/v1/readings?meter_id={meter.Id}")).Data["total"]);

        var partial = await RunAsync(manager, file, ("partial", "true"));
        Assert.Equal((3, 3), Both(partial, "created", "refused"));
        Assert.Equal([(3, "reading.meter_not_found"), (4, "reading.unknown_register"), (5, "import.not_a_number")], Problems(partial));
        Assert.Equal(3, (int?)(await manager.GetAsync($"/api/v1/readings?meter_id={meter.Id}")).Data["total"]);
    }

    [Fact]
    public async Task Registers_of_one_instant_are_one_visit()
    {
        var manager = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync(registers: 2);
        var job = await RunAsync(manager, $"serial_number,obis,value,date,notes\n{meter.SerialNumber},1-0:1.8.1,20,2025-01-01,Day\n{meter.SerialNumber},TOTAL,10,2025-01-01,\n{meter.SerialNumber},2,25,2025-02-01,\n");
        Assert.Equal((3, 2), Both(job, "created", "readings"));
        var history = (await manager.GetAsync($"/api/v1/readings/meter/{meter.Id}")).Data["items"]!.AsArray();
        Assert.Equal([5m, null], history.Select(reading => LastOf(reading!)));
        Assert.Equal((10m, "Day"), ((decimal?)history[1]!["reading_value"], (string?)history[1]!["notes"]));
    }

    [Fact]
    public async Task Undoing_an_import_measures_the_rest_again()
    {
        var manager = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        await ReadingScene.ReadAsync(manager, meter, 1000, ReadingScene.Day(60));
        var newest = await ReadingScene.ReadAsync(manager, meter, 1300, ReadingScene.Day(0));
        var job = await RunAsync(manager, Table((meter, 1100, ReadingScene.Text(ReadingScene.Day(30)))));
        Assert.Equal(200m, (await ReadingScene.GetAsync(manager, newest)).Consumption());

        var undone = await manager.DeleteAsync($"{Path}/{(string?)job["id"]}");
        Assert.Equal((HttpStatusCode.OK, 1, 1), (undone.Status, (int?)undone.Data["deleted"], (int?)undone.Data["remeasured"]));
        Assert.Equal(300m, (await ReadingScene.GetAsync(manager, newest)).Consumption());
        Assert.Equal("reading.import_not_undoable", (await manager.DeleteAsync($"{Path}/{(string?)job["id"]}")).Code);
        Assert.Equal("reading.import_not_found", (await manager.DeleteAsync($"{Path}/{Guid.CreateVersion7()}")).Code);
    }

    [Fact]
    public async Task An_import_somebody_decided_about_stays()
    {
        var manager = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        var job = await RunAsync(manager, Table((meter, 1000, "2025-01-01")));
        var reading = (await manager.GetAsync($"/api/v1/readings?meter_id={meter.Id}")).Data["items"]![0]!;
        await manager.PostAsync($"/api/v1/readings/{(string?)reading["id"]}/verify");
        Assert.Equal((HttpStatusCode.Conflict, "reading.import_not_undoable"), (await manager.DeleteAsync($"{Path}/{(string?)job["id"]}")) is var answer ? (answer.Status, answer.Code) : default);
        Assert.Equal(1000m, (await LastAsync(meter))?.Value);
    }

    [Fact]
    public async Task Undoing_the_only_readings_leaves_the_meter_without_one()
    {
        var manager = await server.SignInAsync("manager");
        var meter = await scene.MeterAsync();
        var job = await RunAsync(manager, Table((meter, 1000, "2025-01-01"), (meter, 1100, "2025-02-01")));
        await manager.DeleteAsync($"{Path}/{(string?)job["result"]!["batch_id"]}");
        Assert.Null(await LastAsync(meter));
        Assert.Equal(0, (int?)(await manager.GetAsync($"/api/v1/readings?meter_id={meter.Id}")).Data["total"]);
    }

    [Fact]
    public async Task The_template_can_be_imported_and_agents_may_not()
    {
        var manager = await server.SignInAsync("manager");
        var template = await manager.Http.GetByteArrayAsync(Path + "/template");
        var job = await manager.RunFileJobAsync(Path, "template.csv", template);
        Assert.Equal(["reading.meter_not_found", "reading.meter_not_found"], Problems(job).Select(problem => problem.Code));
        Assert.Equal(HttpStatusCode.Forbidden, (await (await server.SignInAsync("agent1")).GetAsync($"{Path}/{(string?)job["id"]}")).Status);
        using var empty = new MultipartFormDataContent { { new StringContent("true"), "dry_run" } };
        Assert.Equal("reading.import_file_missing", (await manager.PostAsync(Path, empty)).Code);
        Assert.Equal("request.unsupported_media_type", (await manager.PostAsync(Path, new { file = "x" })).Code);
    }

    [Fact]
    public async Task The_sample_file_reads_without_a_refused_row()
    {
        var manager = await server.SignInAsync("manager");
        var file = await File.ReadAllBytesAsync(SampleFile());
        foreach (var serial in Encoding.UTF8.GetString(file).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')[0]).Distinct())
        {
            await scene.MeterAsync(registers: 2, digits: null, serial: serial);
        }

        var job = await manager.RunFileJobAsync(Path, "readings.csv", file);
        Assert.Equal((0, true), (Number(job, "problems_total"), (bool?)job["result"]!["applied"]));
    }

    private static decimal? LastOf(JsonNode reading) => reading.Consumption(reading["values"]!.AsArray().Count - 1);

    private static string SampleFile()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "MeterSync.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The repository is not above the test program.");
        }

        return System.IO.Path.Combine(folder.FullName, "samples", "readings.csv");
    }

    private static string Table(params (SceneMeter Meter, decimal Value, string At)[] rows) =>
        "serial_number,reading_value,reading_timestamp\n" + string.Join('\n', rows.Select(row => $"{row.Meter.SerialNumber},{row.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)},{row.At}"));

    private static Task<JsonNode> RunAsync(ApiClient client, string file, params (string Name, string Value)[] fields) => client.RunFileJobAsync(Path, "readings.csv", Encoding.UTF8.GetBytes(file), fields);

    private static int? Number(JsonNode job, string name, bool bare = false) => (int?)(bare ? job : job["result"]!)[name];

    private static (int?, int?) Both(JsonNode job, string first, string second) => (Number(job, first), Number(job, second));

    private static List<(int Row, string Code)> Problems(JsonNode job) => [.. job["result"]!["problems"]!.AsArray().Select(problem => ((int)problem!["row"]!, (string)problem["code"]!))];

    private async Task<LastReading?> LastAsync(SceneMeter meter)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<IMeterRegistry>().FindAsync(new MeterSync.Kernel.MeterId(meter.Id), default))?.Last;
    }
}

public sealed class ImportReadingsOnSqliteTests(SqliteServer server) : ImportReadingsTests(server), IClassFixture<SqliteServer>;

public sealed class ImportReadingsOnPostgresTests(PostgresServer server) : ImportReadingsTests(server), IClassFixture<PostgresServer>;
