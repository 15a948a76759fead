using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Meters.Store;
using MeterSync.Store.Imports;
using MeterSync.Tests.Contract;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Meters;

public abstract class ImportMetersTests(ServerFixture server)
{
    private const string Path = "/api/v1/meters/import";

    [Fact]
    public async Task Imports_the_sample_and_finds_nothing_to_change_the_second_time()
    {
        var client = await server.SignInAsync("manager");
        var sample = await File.ReadAllBytesAsync(System.IO.Path.Combine(Repository.Root, "samples", "meters.csv"));
        var first = await ResultAsync(client, sample);
        Assert.Equal((true, 12, 0, 0, 0), Counts(first));
        var again = await ResultAsync(client, sample);
        Assert.Equal((true, 0, 0, 12, 0), Counts(again));
        var workbook = await ResultAsync(client, await File.ReadAllBytesAsync(System.IO.Path.Combine(Repository.Root, "samples", "meters.xlsx")));
        Assert.Equal((true, 0, 0, 12, 0), Counts(workbook));
        var meter = await FindAsync(client, "EL-500017");
        Assert.Equal(("electric", "high", "Bakery", "CENTRE-2", "Europe/Kyiv", 10, "0", "2019-11-18T00:00:00Z"), ((string?)meter["meter_type"], (string?)meter["priority"], (string?)meter["owner"], (string?)meter["location_id"], (string?)meter["time_zone"], (int?)meter["estimated_time"], (string?)meter["metadata"]!["floor"], (string?)meter["installed_at"]));
        var register = meter["registers"]![0]!;
        Assert.Equal(("kWh", "kwh", 5, 2, 40m), ((string?)register["unit"], (string?)register["quantity"], (int?)register["digits"], (int?)register["decimals"], (decimal?)register["multiplier"]));
        Assert.Equal((48.44262, "geocoded"), ((double?)meter["coordinates"]!["latitude"], (string?)meter["position_source"]));
    }

    [Fact]
    public async Task Imports_what_a_western_spreadsheet_writes_in_Cyrillic()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var client = await server.SignInAsync("manager");
        var serial = MeterCalls.NewSerial("C");
        var text = $"Номер лічильника;Тип;Адреса;Споживач;Широта;Довгота;Коефіцієнт;Одиниця;Примітка\r\n{serial};електроенергія;вул. Духновича, 5;Квартира 12;48,4412;22,7178;1,5;кВт·год;зайве\r\n";
        var result = await ResultAsync(client, Encoding.GetEncoding(1251).GetBytes(text));
        Assert.Equal((true, 1, 0, 0, 0), Counts(result));
        Assert.Equal(["Примітка"], result["ignored_columns"]!.AsArray().Select(name => (string?)name));
        Assert.Contains("import.encoding_guessed", result["assumptions"]!.AsArray().Select(note => (string?)note!["code"]));
        var meter = await FindAsync(client, serial);
        Assert.Equal(("вул. Духновича, 5", "Квартира 12", 48.4412), ((string?)meter["address"], (string?)meter["owner"], (double?)meter["coordinates"]!["latitude"]));
        Assert.Equal((1.5m, "kWh"), ((decimal?)meter["registers"]![0]!["multiplier"], (string?)meter["registers"]![0]!["unit"]));
        Assert.Equal([serial], await client.SerialsAsync($"search={Uri.EscapeDataString("духновича " + serial)}"));
    }

    [Fact]
    public async Task Makes_a_register_for_each_label_and_leaves_those_of_a_known_meter()
    {
        var client = await server.SignInAsync("manager");
        var serial = MeterCalls.NewSerial("R");
        var result = await ResultAsync(client, $"serial_number,type,registers,digits,decimals\n{serial}1,electric,T1; T2,6,0\n{serial}2,electric,,6,0\n{serial}3,electric,1.8.1/1.8.2/1.8.3,5,1\n");
        Assert.Equal((true, 3, 0, 0, 0), Counts(result));
        Assert.Equal(["1 T1 kWh 6 0", "2 T2 kWh 6 0"], await LabelsAsync(serial + "1"));
        Assert.Equal(["1 total kWh 6 0"], await LabelsAsync(serial + "2"));
        Assert.Equal(["1 1.8.1 kWh 5 1", "2 1.8.2 kWh 5 1", "3 1.8.3 kWh 5 1"], await LabelsAsync(serial + "3"));

        Assert.Equal((true, 0, 0, 1, 0), Counts(await ResultAsync(client, $"serial_number,type,registers\n{serial}2,electric,A;B\n")));
        Assert.Equal(["1 total kWh 6 0"], await LabelsAsync(serial + "2"));

        var refused = await ResultAsync(client, $"serial_number,type,registers\n{serial}4,electric,T1;t1\n");
        Assert.Equal("registers import.unknown_value", $"{(string?)refused["problems"]![0]!["column"]} {(string?)refused["problems"]![0]!["code"]}");

        async Task<IEnumerable<string>> LabelsAsync(string meter) => (await FindAsync(client, meter))["registers"]!.AsArray()
            .Select(register => $"{(int?)register!["ordinal"]} {(string?)register["label"]} {(string?)register["unit"]} {(int?)register["digits"]} {(int?)register["decimals"]}");
    }

    [Fact]
    public async Task A_row_with_a_problem_refuses_the_whole_file_unless_it_is_partial()
    {
        var client = await server.SignInAsync("manager");
        var serial = MeterCalls.NewSerial("P");
        var csv = $"serial,type,digits,lat,lng\n{serial}1,water,5,,\n{serial}2,steam,5,,\n,gas,99,,\n{serial}1,gas,,,\n{serial}5,power,,1.5,\n";
        var refused = await ResultAsync(client, csv);
        Assert.Equal((false, 0, 0, 0, 4), Counts(refused));
        Assert.Null(refused["batch_id"]);
        Assert.Equal(
            ["3 type import.unknown_value", "4 serial import.cell_missing", "4 digits import.out_of_range", "5 serial meter.serial_twice", "6 lng meter.position_incomplete"],
            refused["problems"]!.AsArray().Select(problem => $"{(int?)problem!["row"]} {(string?)problem["column"]} {(string?)problem["code"]}"));
        Assert.Contains("row 2", (string)refused["problems"]![3]!["message"]!, StringComparison.Ordinal);
        Assert.Contains("row 5", (string)refused["problems"]![3]!["message"]!, StringComparison.Ordinal);
        Assert.Empty(await client.SerialsAsync($"search={serial}"));

        var dry = await ResultAsync(client, csv, ("dry_run", "true"), ("partial", "true"));
        Assert.Equal((false, 1, 0, 0, 4), Counts(dry));
        Assert.Empty(await client.SerialsAsync($"search={serial}"));

        var partial = await ResultAsync(client, csv, ("partial", "true"));
        Assert.Equal((true, 1, 0, 0, 4), Counts(partial));
        Assert.Equal([serial + "1"], await client.SerialsAsync($"search={serial}"));
    }

    [Fact]
    public async Task A_known_meter_is_changed_in_the_filled_cells_of_the_columns_the_file_has()
    {
        var client = await server.SignInAsync("manager");
        var serial = MeterCalls.NewSerial("U");
        var made = await client.MakeMeterAsync(new { serial_number = serial, meter_type = "electric", owner = "Flat 7", address = "Old lane 1", digits = 5, metadata = new { zone = "A", n = 1 } });
        var result = await ResultAsync(client, $"serial_number;type;address;owner;digits;meta.zone;meta.note\n{serial};electric;New lane 2;;6;B;x\n");
        Assert.Equal((true, 0, 1, 0, 0), Counts(result));
        var meter = await FindAsync(client, serial);
        Assert.Equal(("New lane 2", "Flat 7", 6, 2), ((string?)meter["address"], (string?)meter["owner"], (int?)meter["registers"]![0]!["digits"], (int?)meter["version"]));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"zone":"B","n":1,"note":"x"}"""), meter["metadata"]), meter["metadata"]!.ToJsonString());
        Assert.Equal((string?)made["id"], (string?)meter["id"]);
        Assert.Equal([serial], await client.SerialsAsync($"search={Uri.EscapeDataString("new lane " + serial)}"));

        var otherType = await ResultAsync(client, $"serial_number;type\n{serial};water\n");
        Assert.Equal((false, 0, 0, 0, 1), Counts(otherType));
        Assert.Equal("meter.type_differs", (string?)otherType["problems"]![0]!["code"]);
    }

    [Fact]
    public async Task Undoing_deletes_what_the_import_made_and_restores_what_it_changed()
    {
        var client = await server.SignInAsync("manager");
        var serial = MeterCalls.NewSerial("Z");
        await client.MakeMeterAsync(new { serial_number = serial, meter_type = "electric", owner = "Flat 7", digits = 5, lat = 1.5, lng = 2.5, position_source = "surveyed", metadata = new { zone = "A" } });
        var before = await FindAsync(client, serial);
        var job = await client.RunFileJobAsync(Path, "undo.csv", Encoding.UTF8.GetBytes($"serial_number;type;owner;digits;lat;lng;meta.zone\n{serial};electric;Flat 8;6;3;4;B\n{serial}n;gas;Flat 9;;;;\n"));
        Assert.Equal((true, 1, 1, 0, 0), Counts(job["result"]!));
        var undone = await client.DeleteAsync($"{Path}/{(string?)job["id"]}");
        Assert.True(undone.Status == HttpStatusCode.OK, undone.Body.ToJsonString());
        Assert.Equal((1, 1), ((int?)undone.Data["deleted"], (int?)undone.Data["restored"]));
        var after = await FindAsync(client, serial);
        Assert.Equal(3, (int?)after["version"]);
        foreach (var moving in new[] { "version", "updated_at" })
        {
            before.AsObject().Remove(moving);
            after.AsObject().Remove(moving);
        }

        Assert.True(JsonNode.DeepEquals(before, after), after.ToJsonString());
        Assert.Equal([serial], await client.SerialsAsync($"search={serial}"));
        Assert.Empty(await client.SerialsAsync($"search={serial}n"));
        var twice = await client.DeleteAsync($"{Path}/{(string?)job["result"]!["batch_id"]}");
        Assert.Equal((HttpStatusCode.Conflict, "import.already_undone"), (twice.Status, twice.Code));
        Assert.Equal("import.not_found", (await client.DeleteAsync($"{Path}/{Guid.CreateVersion7()}")).Code);
    }

    [Theory]
    [InlineData("accepted reading", "has readings")]
    [InlineData("held reading", "have readings")]
    [InlineData("change of a new one", "was changed")]
    [InlineData("change of a known one", "was changed")]
    [InlineData("reading with a changed register", "has later readings")]
    public async Task Undoing_is_refused_while_something_depends_on_the_import(string what, string why)
    {
        var client = await server.SignInAsync("manager");
        var serial = MeterCalls.NewSerial("D");
        await client.MakeMeterAsync(new { serial_number = serial, meter_type = "electric", digits = 5 });
        var job = await client.RunFileJobAsync(Path, "undo.csv", Encoding.UTF8.GetBytes($"serial_number;type;digits\n{serial};electric;6\n{serial}n;gas;\n"));
        var (known, made) = (await FindAsync(client, serial), await FindAsync(client, serial + "n"));
        await (what switch
        {
            "accepted reading" => MeterRows.AddReadingAsync(server, made, held: false),
            "held reading" => MeterRows.AddReadingAsync(server, made, held: true),
            "change of a new one" => client.PatchAsync($"/api/v1/meters/{(string?)made["id"]}", new { owner = "Flat 1" }),
            "change of a known one" => client.PatchAsync($"/api/v1/meters/{(string?)known["id"]}", new { owner = "Flat 1" }),
            _ => MeterRows.AddReadingAsync(server, known, held: false),
        });
        var refused = await client.DeleteAsync($"{Path}/{(string?)job["id"]}");
        Assert.Equal((HttpStatusCode.Conflict, "import.in_use"), (refused.Status, refused.Code));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await client.SerialsAsync($"search={serial}")).Count);
        Assert.Equal(6, (int?)(await FindAsync(client, serial))["registers"]![0]!["digits"]);
    }

    [Fact]
    public async Task Keeps_hostile_text_as_text()
    {
        var client = await server.SignInAsync("manager");
        var serial = MeterCalls.NewSerial("H");
        var owner = "=cmd|' /C calc'!A0";
        var address = "'); drop table meters; -- <script>alert(1)</script>";
        Assert.Equal((true, 1, 0, 0, 0), Counts(await ResultAsync(client, $"serial,type,owner,address\n{serial},gas,\"{owner}\",\"{address}\"\n")));
        var meter = await FindAsync(client, serial);
        Assert.Equal((owner, address), ((string?)meter["owner"], (string?)meter["address"]));
    }

    [Fact]
    public async Task A_broken_file_is_refused_in_words_and_changes_nothing()
    {
        var client = await server.SignInAsync("manager");
        var serial = MeterCalls.NewSerial("B");
        async Task RefusedAsync(string code, byte[] file)
        {
            var result = await ResultAsync(client, file, ("partial", "true"));
            Assert.False((bool)result["applied"]! && (int)result["refused"]! == 0, result.ToJsonString());
            Assert.Contains(code, result["problems"]!.AsArray().Select(problem => (string?)problem!["code"]));
        }

        await RefusedAsync("import.column_missing", Encoding.UTF8.GetBytes($"serial,colour\n{serial},red\n"));
        await RefusedAsync("import.unclosed_quote", Encoding.UTF8.GetBytes($"serial,type,owner\n{serial},gas,ok\n{serial}2,gas,\"cut o"));
        await RefusedAsync("import.empty_file", []);
        await RefusedAsync("import.workbook_damaged", [0x50, 0x4B, 3, 4, .. new byte[600]]);
        Assert.Empty(await client.SerialsAsync($"search={serial}"));
        await RefusedAsync("import.cell_too_large", Encoding.UTF8.GetBytes($"serial,type,owner\n{serial}3,gas,\"{new string('x', 10 * 1024 * 1024)}\"\n{serial}4,gas,ok\n"));
        Assert.Equal([serial + "4"], await client.SerialsAsync($"search={serial}"));
    }

    [Fact]
    public async Task An_import_stopped_midway_leaves_nothing_and_the_same_job_imports_once()
    {
        var client = await server.SignInAsync("manager");
        var serial = MeterCalls.NewSerial("K");
        var csv = Encoding.UTF8.GetBytes("serial,type\n" + string.Concat(Enumerable.Range(0, 12_000).Select(number => $"{serial}-{number},gas\n")));
        var job = new JobId(Guid.CreateVersion7());
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(csv, job, (_, _) => stop.Cancel(), stop.Token));
        Assert.Empty(await client.SerialsAsync($"search={serial}"));

        var first = await RunAsync(csv, job, (_, _) => { }, CancellationToken.None);
        var again = await RunAsync(csv, job, (_, _) => { }, CancellationToken.None);
        Assert.Equal((true, 12_000, first.Value!.BatchId), (again.Value!.Applied, again.Value.Created, again.Value.BatchId));
        Assert.Equal(12_000, (int?)(await client.GetAsync($"/api/v1/meters?search={serial}&limit=1")).Data["total"]);
        Assert.Equal(1, await MeterRows.WithDbAsync(server, (db, _) => db.Set<ImportBatch>().CountAsync(batch => batch.JobId == job)));
        Assert.Equal(["meters.imported"], await MeterRows.AuditActionsAsync(server, "import_batch", first.Value.BatchId.ToString()!));
    }

    [Fact]
    public async Task Imported_meters_are_found_by_place_in_large_and_small_files_and_after_a_move()
    {
        var client = await server.SignInAsync("manager");
        var serial = MeterCalls.NewSerial("P");
        string Rows(int from, int count, double latitude) => "serial_number,type,latitude,longitude\n" + string.Concat(Enumerable.Range(from, count).Select(number => FormattableString.Invariant($"{serial}{number},water,{latitude + (number * 0.00001):F6},-30.5\n")));
        Assert.Equal((true, 900, 0, 0, 0), Counts(await ResultAsync(client, Rows(0, 900, -61))));
        Assert.Equal(900, await CountAsync(-61));
        Assert.Equal((true, 3, 0, 0, 0), Counts(await ResultAsync(client, Rows(900, 3, -61))));
        Assert.Equal(903, await CountAsync(-61));
        Assert.Equal((true, 0, 2, 0, 0), Counts(await ResultAsync(client, Rows(901, 2, -62))));
        Assert.Equal((901, 2), (await CountAsync(-61), await CountAsync(-62)));
        var large = await client.RunFileJobAsync(Path, "meters.csv", Encoding.UTF8.GetBytes(Rows(1_000, 600, -63)), []);
        Assert.Equal(600, await CountAsync(-63));
        Assert.Equal(HttpStatusCode.OK, (await client.DeleteAsync($"{Path}/{(string?)large["id"]}")).Status);
        Assert.Equal((901, 2, 0), (await CountAsync(-61), await CountAsync(-62), await CountAsync(-63)));

        async Task<int> CountAsync(double latitude)
        {
            await using var scope = server.Services.CreateAsyncScope();
            var found = await scope.ServiceProvider.GetRequiredService<MeterDistances>().NearestAsync(new GeoPoint(latitude, -30.5), 5_000, 2_000, null, CancellationToken.None);
            return found.Count;
        }
    }

    [Fact]
    public async Task Gives_a_template_that_can_be_imported()
    {
        var client = await server.SignInAsync("manager");
        var template = await client.Http.GetAsync(Path + "/template");
        Assert.Equal("text/csv", template.Content.Headers.ContentType?.MediaType);
        var result = await ResultAsync(client, await template.Content.ReadAsByteArrayAsync(), ("dry_run", "1"));
        Assert.Equal((false, 2, 0, 0, 0), Counts(result));
        Assert.Empty(result["ignored_columns"]!.AsArray());
    }

    [Fact]
    public async Task Refuses_a_form_that_is_none_and_leaves_no_file()
    {
        var client = await server.SignInAsync("manager");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await client.PostAsync(Path, new { file = "x" })).Status);
        using var empty = new MultipartFormDataContent { { new StringContent("true"), "dry_run" } };
        Assert.Equal("import.file_missing", (await client.PostAsync(Path, empty)).Code);
        using var wrong = new MultipartFormDataContent { { new ByteArrayContent([1]), "file", "a.csv" }, { new StringContent("perhaps"), "dry_run" } };
        Assert.Equal("request.invalid", (await client.PostAsync(Path, wrong)).Code);
        using var cut = new ByteArrayContent(Encoding.UTF8.GetBytes("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nserial,ty"));
        cut.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");
        Assert.Equal("request.malformed", (await client.PostAsync(Path, cut)).Code);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await server.SignInAsync("agent1")).PostAsync(Path, new MultipartFormDataContent { { new ByteArrayContent([1]), "file", "a.csv" } })).Status);
        Assert.Equal("import.not_found", (await client.GetAsync($"{Path}/{Guid.CreateVersion7()}")).Code);
    }

    private async Task<Outcome<MeterImportResult>> RunAsync(byte[] csv, JobId job, Action<double, string> report, CancellationToken cancellationToken)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IMeterImport>().RunAsync(new MemoryStream(csv), "test.csv", new ImportSettings(), job, report, cancellationToken);
    }

    private static Task<JsonNode> ResultAsync(ApiClient client, string csv, params (string, string)[] fields) => ResultAsync(client, Encoding.UTF8.GetBytes(csv), fields);

    private static async Task<JsonNode> ResultAsync(ApiClient client, byte[] csv, params (string, string)[] fields)
    {
        var job = await client.RunFileJobAsync(Path, "meters.csv", csv, fields);
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        return job["result"]!;
    }

    private static (bool Applied, int Created, int Updated, int Unchanged, int Refused) Counts(JsonNode result) =>
        ((bool)result["applied"]!, (int)result["created"]!, (int)result["updated"]!, (int)result["unchanged"]!, (int)result["refused"]!);

    private static async Task<JsonNode> FindAsync(ApiClient client, string serial)
    {
        var items = (await client.GetAsync($"/api/v1/meters?sort=serial_number&search={Uri.EscapeDataString(serial)}")).Data["items"]!.AsArray();
        var id = (string?)items.Single(item => (string?)item!["serial_number"] == serial)!["id"];
        return (await client.GetAsync($"/api/v1/meters/{id}")).Data;
    }
}

public sealed class ImportMetersOnSqliteTests(SqliteServer server) : ImportMetersTests(server), IClassFixture<SqliteServer>;

public sealed class ImportMetersOnPostgresTests(PostgresServer server) : ImportMetersTests(server), IClassFixture<PostgresServer>;
