using System.Net;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using MeterSync.Store.Bulk;
using MeterSync.Tests.Modules.Billing;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static MeterSync.Tests.Modules.Billing.BillingScene;

namespace MeterSync.Tests.Modules.Reports;

public abstract class ExportCsvTests(ServerFixture server)
{
    private readonly BillingScene scene = new(server);

    [Fact]
    public async Task Writes_readings_oldest_first_and_exactly()
    {
        var register = await scene.AddMeterAsync("A");
        var second = await scene.AddValueAsync(register, Day(3, 31), 1150.5m, 150.5m, flags: "VEE-106,VEE-110", notes: "=cmd|' /C calc'!A0");
        var first = await scene.AddValueAsync(register, Day(2, 28), -5, notes: "gate, \"locked\"", state: ReadingState.Held, quality: Quality.Suspect);
        var client = await server.SignInAsync("manager");
        var text = await Exports.TextAsync(client, new { type = "readings", location_id = scene.Location });
        Assert.Equal(
            "reading_id,serial_number,register,reading_timestamp,value,unit,consumption,days,quality,state,flags,source,verified,agent_id,received_at,notes\r\n"
            + $"{first.ReadingId.Value},{scene.Serial("A")},total,2026-02-28T09:00:00Z,-5,kWh,,,suspect,held,,manual,no,,2026-02-28T09:05:00Z,\"gate, \"\"locked\"\"\"\r\n"
            + $"{second.ReadingId.Value},{scene.Serial("A")},total,2026-03-31T09:00:00Z,1150.5,kWh,150.5,30,valid,accepted,\"VEE-106,VEE-110\",manual,no,,2026-03-31T09:05:00Z,'=cmd|' /C calc'!A0\r\n",
            text);
    }

    [Fact]
    public async Task A_file_of_everything_is_oldest_first_in_whatever_order_it_came()
    {
        var register = await scene.AddMeterAsync("A");
        int[] days = [28, 3, 17, 9, 22, 1, 14, 30];
        foreach (var day in days)
        {
            await scene.AddValueAsync(register, Day(1, day), 100 + day);
        }

        var rows = (await Exports.TextAsync(await server.SignInAsync("viewer"), new { type = "readings" })).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(row => row.Split(',')).ToList();
        Assert.Equal(days.Order().Select(day => (100 + day).ToString(System.Globalization.CultureInfo.InvariantCulture)), rows.Where(row => row[1] == scene.Serial("A")).Select(row => row[4]));
        Assert.Equal(rows.Select(row => row[3]).Order(StringComparer.Ordinal), rows.Select(row => row[3]));
    }

    [Fact]
    public async Task Guards_an_owner_that_looks_like_a_formula_and_looks_as_asked()
    {
        var register = await scene.AddMeterAsync("A", multiplier: 1.5m, owner: "=HYPERLINK(\"http://x\")");
        await scene.AddValueAsync(register, Day(3, 31), 1150.5m);
        var client = await server.SignInAsync("viewer");
        var export = await Exports.RunAsync(client, new { export_type = "meters", location_id = scene.Location, delimiter = ";", decimal_comma = true, bom = true });
        var bytes = await client.Http.GetByteArrayAsync((string)export["download_url"]!);
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        Assert.Equal(
            "serial_number;meter_type;status;priority;address;owner;location_id;external_id;latitude;longitude;register;obis_code;quantity;unit;digits;decimals;multiplier;last_reading_at;last_reading_value;meter_id;region;position_source;installed_at;removed_at;time_zone;access_notes;hazard_notes;key_number;estimated_time;register_kind;direction\r\n"
            + $"{scene.Serial("A")};electric;active;medium;12 Mill Lane;\"'=HYPERLINK(\"\"http://x\"\")\";{scene.Location};NMI-A;;;total;1.8.1;kwh;kWh;5;1;1,5;2026-03-31T09:00:00Z;1150,5;{register.MeterId.Value};;;;;;;;;;cumulative;import\r\n",
            System.Text.Encoding.UTF8.GetString(bytes[3..]));
        Assert.Equal(("meters", 1, bytes.Length), ((string?)export["result"]!["type"], (int)export["result"]!["rows"]!, (int)export["result"]!["bytes"]!));
    }

    [Fact]
    public async Task Filters_readings_by_period_meter_state_and_source()
    {
        var register = await scene.AddMeterAsync("A");
        var other = await scene.AddMeterAsync("B");
        var february = await scene.AddValueAsync(register, Day(2, 28), 1000);
        var march = await scene.AddValueAsync(register, Day(3, 31, 23), 1100, 100);
        var held = await scene.AddValueAsync(register, Day(4, 1, 0), 1200, 100, ReadingState.Held);
        await scene.AddValueAsync(other, Day(3, 15), 5);
        var corrected = await scene.CorrectAsync(february, 1010, null);
        var client = await server.SignInAsync("manager");

        Assert.Equal([march], await ExportedAsync(new { type = "readings", meter_id = register.MeterId.Value, from = "2026-03-01", to = "2026-04-01" }));
        Assert.Equal([corrected, march], await ExportedAsync(new { type = "readings", filters = new { meter_id = register.MeterId.Value, start_date = "2026-02-28", end_date = "2026-03-31" } }));
        Assert.Equal([held], await ExportedAsync(new { type = "readings", meter_id = register.MeterId.Value, state = "held", source = "manual" }));
        Assert.Equal([february], await ExportedAsync(new { type = "readings", meter_id = register.MeterId.Value, state = "superseded" }));
        Assert.Equal([], await ExportedAsync(new { type = "readings", meter_id = register.MeterId.Value, source = "ocr" }));

        async Task<IReadOnlyList<ReadingValue>> ExportedAsync(object request)
        {
            var rows = Exports.Rows(await Exports.TextAsync(client, request));
            return [.. rows.Select(row => new[] { february, march, held, corrected }.Single(value => value.ReadingId.Value.ToString() == row["reading_id"] && value.Value.ToString(System.Globalization.CultureInfo.InvariantCulture) == row["value"]))];
        }
    }

    [Fact]
    public async Task Exports_a_frozen_run_with_each_adjustment_once()
    {
        var register = await scene.AddMeterAsync("A", owner: "North Mill Ltd");
        var value = await scene.AddValueAsync(register, Day(3, 31), 1150, 150);
        var second = await scene.AddMeterAsync("B");
        var other = await scene.AddValueAsync(second, Day(3, 31), 300, 30);
        var client = await server.SignInAsync("manager");
        var run = await scene.FreezeAsync(client, "2026-03-01", "2026-04-01");
        value = await scene.CorrectAsync(value, 1160, 160);
        await client.PostAsync($"/api/v1/billing-runs/{run}/adjustments");
        await scene.CorrectAsync(other, 290, 20);
        await client.PostAsync($"/api/v1/billing-runs/{run}/adjustments");

        var all = Exports.Rows(await Exports.TextAsync(client, new { type = "billing", billing_run_id = run }));
        Assert.Equal([("A", "0", "150", "150"), ("B", "0", "30", "30"), ("A", "1", "160", "10"), ("B", "2", "20", "-10")], all.Select(row => (row["serial_number"][^1..], row["adjustment"], row["consumption"], row["billed_consumption"])));
        Assert.Equal("North Mill Ltd", all[0]["owner"]);
        Assert.Equal(value.Id.Value.ToString(), all[2]["current_value_id"]);

        // The next export holds only what is new.
        var latest = Assert.Single(Exports.Rows(await Exports.TextAsync(client, new { type = "billing", billing_run_id = run, adjustment = 2 })));
        Assert.Equal(("-10", $"Reading {other.ReadingId.Value} of 2026-03-31 09:00 UTC was corrected: 290 instead of 300."), (latest["billed_consumption"], latest["reason"]));

        // A period as it is now knows nothing of runs.
        var now = Exports.Rows(await Exports.TextAsync(client, new { type = "billing", from = "2026-03-01", to = "2026-04-01", location_id = scene.Location }));
        Assert.Equal([("160", ""), ("20", "")], now.Select(row => (row["consumption"], row["adjustment"])));
    }

    [Theory]
    [InlineData("""{"type":"billing"}""", "from")]
    [InlineData("""{"type":"billing","from":"2026-03-01"}""", "to")]
    [InlineData("""{"type":"billing","billing_run_id":"01890000-0000-7000-8000-000000000000"}""", "billing_run_id")]
    [InlineData("""{"type":"readings","from":"2026-03-01","to":"2026-03-01"}""", "to")]
    [InlineData("""{"type":"readings","state":"billable"}""", "state")]
    [InlineData("""{"type":"invoices"}""", "type")]
    [InlineData("{}", "type")]
    [InlineData("""{"type":"readings","delimiter":"-"}""", "delimiter")]
    public async Task Refuses_what_it_cannot_export(string body, string field)
    {
        var client = await server.SignInAsync("manager");
        var answer = await client.PostAsync("/api/v1/export/csv", body);
        Assert.Equal((HttpStatusCode.BadRequest, "request.invalid"), (answer.Status, answer.Code));
        Assert.NotNull(answer.Body["error"]!["details"]![field]);
    }

    [Fact]
    public async Task A_hundred_thousand_rows_pass_without_being_kept()
    {
        const int rows = 100_000;
        var register = await scene.AddMeterAsync("A");
        await FillAsync(register, rows);
        var handedOut = new List<WeakReference>();
        var ledger = server.Services.GetRequiredService<IReadingLedger>();
        var passed = 0;
        await foreach (var value in ledger.ValuesAsync(new LedgerFilter(null, MeterId: register.MeterId), CancellationToken.None))
        {
            if (passed % 100 == 0)
            {
                handedOut.Add(new WeakReference(value));
            }

            passed++;
            if (passed == rows)
            {
                GC.Collect();
                Assert.InRange(handedOut.Count(reference => reference.IsAlive), 0, 5);
            }
        }

        Assert.Equal(rows, passed);
        var client = await server.SignInAsync("manager");
        var export = await Exports.RunAsync(client, new { type = "readings", meter_id = register.MeterId.Value });
        Assert.Equal(rows, (int)export["result"]!["rows"]!);
        Assert.Empty(Directory.EnumerateFiles(server.Data.Exports, "*.part"));
    }

    [Fact]
    public async Task Agents_export_nothing_and_nobody_without_signing_in()
    {
        var agent = await server.SignInAsync("agent1");
        Assert.Equal(HttpStatusCode.Forbidden, (await agent.PostAsync("/api/v1/export/csv", new { type = "readings" })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await agent.GetAsync("/api/v1/export/history")).Status);
        using var nobody = server.Anonymous();
        Assert.Equal(HttpStatusCode.Unauthorized, (await new ApiClient(nobody).PostAsync("/api/v1/export/csv", new { type = "readings" })).Status);
    }

    private async Task FillAsync(Register register, int rows)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var bulk = scope.ServiceProvider.GetRequiredService<BulkStore>();
        var start = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var readings = Enumerable.Range(0, rows).Select(index => new Reading { Id = scene.Id<ReadingId>(), MeterId = register.MeterId, ReadingAt = start.AddMinutes(index), ReceivedAt = start.AddMinutes(index + 1), Source = ReadingSource.Telemetry, State = ReadingState.Accepted }).ToList();
        var values = readings.Select((reading, index) => new ReadingValue { Id = scene.Id<ReadingValueId>(), ReadingId = reading.Id, MeterId = register.MeterId, RegisterId = register.Id, ReadingAt = reading.ReadingAt, Value = index, State = ReadingState.Accepted, Consumption = 1, Days = 0 });
        await scope.ServiceProvider.GetRequiredService<WriteTransactions>().RunAsync<Done>(
            async stop =>
            {
                await bulk.InsertAsync(readings, stop);
                await bulk.InsertAsync(values, stop);
                return Done.It;
            },
            CancellationToken.None);
    }
}

public sealed class ExportCsvOnSqliteTests(SqliteServer server) : ExportCsvTests(server), IClassFixture<SqliteServer>;

public sealed class ExportCsvOnPostgresTests(PostgresServer server) : ExportCsvTests(server), IClassFixture<PostgresServer>;
