using System.Net;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Meters;

public abstract class ListMetersTests(ServerFixture server)
{
    [Fact]
    public async Task Searches_serial_address_and_owner_in_any_script_and_case()
    {
        var client = await server.SignInAsync("manager");
        var mark = MeterCalls.NewSerial("S");
        await client.MakeMeterAsync(new { serial_number = mark, meter_type = "electric", address = "вул. Корятовича, 12, Мукачево", owner = "Квартира 3" });
        await client.MakeMeterAsync(new { serial_number = mark + "B", meter_type = "water", address = "100% Discount_Road", owner = "Shop" });
        Assert.Equal([mark], await client.SerialsAsync($"search={Uri.EscapeDataString("КОРЯТОВИЧА 12")}"));
        Assert.Equal([mark], await client.SerialsAsync($"search={Uri.EscapeDataString("квартира " + mark.ToLowerInvariant())}"));
        Assert.Empty(await client.SerialsAsync($"search={Uri.EscapeDataString("Корятовича Shop")}"));
        Assert.Equal([mark + "B"], await client.SerialsAsync($"search={Uri.EscapeDataString("00% discount_")}"));
        Assert.Empty(await client.SerialsAsync($"search={Uri.EscapeDataString("0%disc")}"));
        Assert.Empty(await client.SerialsAsync($"search={Uri.EscapeDataString("' or 1=1 --")}"));
        Assert.Equal([mark, mark + "B"], await client.SerialsAsync($"search={mark}&sort=serial_number"));
    }

    [Fact]
    public async Task Filters_and_sorts()
    {
        var client = await server.SignInAsync("manager");
        var mark = MeterCalls.NewSerial("F");
        var a = await client.MakeMeterAsync(new { serial_number = mark + "a", meter_type = "electric", address = "B street", location_id = mark, priority = "critical" });
        var b = await client.MakeMeterAsync(new { serial_number = mark + "b", meter_type = "water", address = "A street", location_id = mark, status = "maintenance" });
        await client.MakeMeterAsync(new { serial_number = mark + "c", meter_type = "gas", location_id = mark });
        await MeterRows.AddReadingAsync(server, a, held: false, MeterRows.ReadAt);
        await MeterRows.AddReadingAsync(server, b, held: false, MeterRows.ReadAt.AddDays(10));

        async Task<string> Ends(string query) => string.Concat((await client.SerialsAsync($"location_id={mark}&{query}")).Select(serial => serial[^1]));
        Assert.Equal("cba", await Ends(""));
        Assert.Equal("abc", await Ends("sort=created_at"));
        Assert.Equal("abc", await Ends("sort=serial_number"));
        Assert.Equal("cba", await Ends("sort=-serial_number"));
        Assert.Equal("cab", await Ends("sort=last_reading_at"));
        Assert.Equal("bac", await Ends("sort=-last_reading_at"));
        Assert.Equal("cba", await Ends("sort=address"));
        Assert.Equal("abc", await Ends("sort=-address"));
        Assert.Equal("b", await Ends("meter_type=water"));
        Assert.Equal("b", await Ends("status=maintenance"));
        Assert.Equal("a", await Ends("priority=CRITICAL"));
        Assert.Equal("ab", await Ends($"sort=serial_number&read_since={Uri.EscapeDataString("2026-03-31T10:00:00+02:00")}"));
        Assert.Equal("ac", await Ends("sort=serial_number&no_reading_since=2026-03-31T08:00:01Z"));
        var last = (await client.GetAsync($"/api/v1/meters/{(string?)a["id"]}")).Data["last_reading"]!;
        Assert.Equal((1234.5m, "2026-03-31T08:00:00Z", "kWh"), ((decimal?)last["value"], (string?)last["at"], (string?)last["unit"]));
    }

    [Fact]
    public async Task Walks_everything_by_cursor_once_while_rows_are_added()
    {
        var client = await server.SignInAsync("manager");
        var mark = MeterCalls.NewSerial("W");
        for (var number = 0; number < 7; number++)
        {
            await client.MakeMeterAsync(new { serial_number = $"{mark}{number}", meter_type = "gas", location_id = mark });
        }

        foreach (var sort in new[] { "created_at", "-created_at" })
        {
            var seen = new List<string>();
            var cursor = "";
            while (cursor is not null)
            {
                var page = (await client.GetAsync($"/api/v1/meters?location_id={mark}&sort={sort}&limit=3&cursor={cursor}")).Data;
                Assert.Null(page["total"]);
                seen.AddRange(page["items"]!.AsArray().Select(item => (string)item!["serial_number"]!));
                cursor = (string?)page["next_cursor"];
            }

            Assert.Equal(7, seen.Distinct().Count());
            Assert.Equal(7, seen.Count);
        }

        var first = (await client.GetAsync($"/api/v1/meters?location_id={mark}&limit=3")).Data;
        Assert.Equal((7, 3, true), ((int?)first["total"], (int?)first["pages"], (bool?)first["has_next"]));
        var second = await client.SerialsAsync($"location_id={mark}&limit=3&cursor={(string?)first["next_cursor"]}");
        Assert.Equal([$"{mark}3", $"{mark}2", $"{mark}1"], second);
        Assert.Equal(second, await client.SerialsAsync($"location_id={mark}&limit=3&page=2"));
    }

    [Fact]
    public async Task Refuses_a_binary_zero_in_a_search()
    {
        var client = await server.SignInAsync("viewer");
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/api/v1/meters?search=%00")).Status);
    }

    [Theory]
    [InlineData("sort=color", "sort")]
    [InlineData("cursor=abc", "cursor")]
    [InlineData("cursor=&sort=address", "cursor")]
    [InlineData("limit=101", "limit")]
    [InlineData("status=broken", "status")]
    public async Task Refuses_a_list_it_cannot_make(string query, string field)
    {
        var client = await server.SignInAsync("viewer");
        var answer = await client.GetAsync("/api/v1/meters?" + query);
        Assert.Equal((HttpStatusCode.BadRequest, "request.invalid"), (answer.Status, answer.Code));
        Assert.NotNull(answer.Body["error"]!["details"]![field]);
    }
}

public sealed class ListMetersOnSqliteTests(SqliteServer server) : ListMetersTests(server), IClassFixture<SqliteServer>;

public sealed class ListMetersOnPostgresTests(PostgresServer server) : ListMetersTests(server), IClassFixture<PostgresServer>;
