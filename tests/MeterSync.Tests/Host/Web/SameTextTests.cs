using System.Text.RegularExpressions;
using MeterSync.Tests.Modules.Reports;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Host.Web;

/// <summary>Callers cannot tell by an answer which database is behind it: numbers have the same digits on both.</summary>
public sealed partial class SameTextTests(SqliteServer sqlite, PostgresServer postgres) : IClassFixture<SqliteServer>, IClassFixture<PostgresServer>
{
    private const string Meters = "serial_number,type,location_id,unit,digits,decimals,multiplier,registers\nST-1,electric,same,kWh,6,1,40,T1\nST-2,water,same,m3,5,3,0.125,total\n";

    private const string Readings = """
        serial_number,register,reading_timestamp,reading_value
        ST-1,T1,2025-01-01,83044.9
        ST-1,T1,2025-02-01,83150.0
        ST-1,T1,2025-03-01,83260.35
        ST-2,total,2025-01-01,100
        ST-2,total,2025-02-01,104.125
        ST-2,total,2025-03-01,108.250

        """;

    [Fact]
    public async Task Both_databases_answer_with_the_same_text()
    {
        var answers = await TellAsync(sqlite);
        Assert.Equal(answers, await TellAsync(postgres));
        Assert.All(answers, answer => Assert.DoesNotMatch(SpareZero(), answer));
        Assert.Contains(answers, answer => answer.Contains(":83044.9,", StringComparison.Ordinal));
        Assert.Contains(answers, answer => answer.Contains(",0.125,", StringComparison.Ordinal));
    }

    private static async Task<List<string>> TellAsync(ServerFixture server)
    {
        var client = await server.SignInAsync("admin");
        await client.RunFileJobAsync("/api/v1/meters/import", "meters.csv", System.Text.Encoding.UTF8.GetBytes(Meters));
        await client.RunFileJobAsync("/api/v1/readings/import", "readings.csv", System.Text.Encoding.UTF8.GetBytes(Readings));
        var meter = (string)(await client.GetAsync("/api/v1/meters?search=ST-1")).Data["items"]![0]!["id"]!;
        var reading = (string)(await client.PostAsync("/api/v1/readings", $$"""{"meter_id":"{{meter}}","reading_value":"83300.500","reading_timestamp":"2025-04-01T00:00:00Z"}""")).Data["id"]!;
        var accepted = await client.PostAsync("/api/v1/billing-runs", new { name = "Same", period_from = "2025-01-15", period_to = "2025-03-15", location_id = "same" });
        var job = await client.WaitForJobAsync($"/api/v1/billing-runs/jobs/{(string?)accepted.Data["id"]}");
        var run = (string)job["result"]!["billing_run_id"]!;
        var corrected = (string)(await client.GetAsync($"/api/v1/readings/meter/{meter}")).Data["items"]![1]!["id"]!;
        var answers = new List<string>
        {
            await TextAsync(client.PostAsync($"/api/v1/readings/{corrected}/correct", """{"reading_value":"83261.50","reason":"misread"}""")),
            await TextAsync(client.PostAsync($"/api/v1/readings/{reading}/verify")),
        };
        foreach (var path in (string[])[
            "/api/v1/meters?search=ST-", $"/api/v1/meters/{meter}", $"/api/v1/meters/{meter}/registers", "/api/v1/readings?sort=reading_timestamp", $"/api/v1/readings/meter/{meter}", $"/api/v1/readings/{reading}",
            "/api/v1/billing-rows?from=2025-01-15&to=2025-03-15&location_id=same", $"/api/v1/billing-runs/{run}", $"/api/v1/billing-runs/{run}/lines", $"/api/v1/billing-runs/{run}/adjustments"])
        {
            answers.Add(await TextAsync(client.GetAsync(path)));
        }

        foreach (var export in (object[])[
            new { type = "meters" }, new { type = "readings", from = "2025-01-01", to = "2025-05-01" }, new { type = "billing", from = "2025-01-15", to = "2025-03-15", location_id = "same" }, new { type = "billing", billing_run_id = run }])
        {
            answers.Add(Masked(await Exports.TextAsync(client, export)));
        }

        return answers;
    }

    private static async Task<string> TextAsync(Task<ApiAnswer> asking)
    {
        var answer = await asking;
        Assert.True((int)answer.Status < 300, answer.Body.ToJsonString());
        return Masked(answer.Data.ToJsonString());
    }

    /// <summary>Without what differs between any two servers.</summary>
    private static string Masked(string text) => Age().Replace(Recent().Replace(Id().Replace(text, "id"), "now"), "days old");

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Id();

    [GeneratedRegex(@"20(2[6-9]|[3-9]\d)-\d\d-\d\dT[\d:.]+Z")]
    private static partial Regex Recent();

    [GeneratedRegex(@"[\d.]+ days old")]
    private static partial Regex Age();

    /// <summary>A number of its own, in JSON or CSV, that ends in a zero behind its point.</summary>
    [GeneratedRegex(@"(?<=[:,\[])-?\d+\.\d*0(?=[,}\]\r\n])")]
    private static partial Regex SpareZero();
}
