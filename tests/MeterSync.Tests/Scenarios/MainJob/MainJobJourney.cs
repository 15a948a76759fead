using System.Globalization;
using System.Net;
using System.Text;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Scenarios.MainJob;

/// <summary>The steps of the main job, through the API only.</summary>
internal sealed class MainJobJourney(ApiClient office, ApiClient agent, IReadOnlyList<RealHome> homes)
{
    private readonly Dictionary<RealHome, string> meterIds = [];

    public async Task ImportMetersAsync()
    {
        var file = new StringBuilder("meter_number,type,digits,decimals,unit,owner,address,time_zone\n");
        foreach (var home in homes)
        {
            file.Append(CultureInfo.InvariantCulture, $"{home.SerialNumber},electric,6,3,kWh,Home {home.Id},\"Newcastle, New South Wales\",{RealHome.Zone.Id}\n");
        }

        var job = await office.RunFileJobAsync("/api/v1/meters/import", "homes.csv", Encoding.UTF8.GetBytes(file.ToString()));
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        foreach (var home in homes)
        {
            var found = Assert.Single((await office.GetAsync($"/api/v1/meters?search={home.SerialNumber}")).Data["items"]!.AsArray());
            meterIds[home] = (string)found!["id"]!;
        }
    }

    /// <summary>The agent gets all homes. The assignments of a round end with its first readings; whoever had a meter may bring its readings later, too.</summary>
    public async Task AssignMetersAsync()
    {
        var me = (await agent.GetAsync("/api/v1/auth/me")).Data["id"];
        Assert.Equal(HttpStatusCode.Created, (await office.PostAsync("/api/v1/agents", new { user_id = me })).Status);
        var given = await office.PostAsync("/api/v1/assignments/bulk", new { meter_ids = meterIds.Values, agent_id = me });
        Assert.True(given.Status == HttpStatusCode.Created, given.Body.ToJsonString());
    }

    public async Task ImportReadingsBeforeAsync(DateTimeOffset end)
    {
        var file = new StringBuilder("meter_number,reading_timestamp,reading_value\n");
        foreach (var home in homes)
        {
            foreach (var (at, value) in home.Readings.Where(reading => reading.At < end))
            {
                file.Append(CultureInfo.InvariantCulture, $"{home.SerialNumber},{at:yyyy-MM-ddTHH:mm:ssZ},{value}\n");
            }
        }

        var job = await office.RunFileJobAsync("/api/v1/readings/import", "older.csv", Encoding.UTF8.GetBytes(file.ToString()));
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
    }

    /// <summary>What is left to read, round by round: the instants of one local day, oldest first.</summary>
    public IEnumerable<IReadOnlyList<(RealHome Home, DateTimeOffset At, decimal Value)>> Rounds(DateTimeOffset from) => homes
        .SelectMany(home => home.Readings.Where(reading => reading.At >= from).Select(reading => (home, reading.At, reading.Value)))
        .GroupBy(visit => DateOnly.FromDateTime(visit.At.UtcDateTime))
        .OrderBy(round => round.Key)
        .Select(round => round.ToList());

    public async Task EnterReadingsAsync(IEnumerable<(RealHome Home, DateTimeOffset At, decimal Value)> visits)
    {
        foreach (var (home, at, value) in visits)
        {
            var answer = await agent.PostAsync("/api/v1/readings", new { meter_id = meterIds[home], reading_value = value, reading_timestamp = at, client_id = Guid.CreateVersion7() });
            Assert.True(answer.Status == HttpStatusCode.Created, $"{home.Id} {at:O}: {answer.Body.ToJsonString()}");
        }
    }

    /// <summary>Verifies what is held, oldest first. Returns why it was: home, instant, and the rules' own words.</summary>
    public async Task<List<string>> VerifyHeldAsync()
    {
        var reasons = new List<string>();
        var held = (await office.GetAsync("/api/v1/readings?state=held&limit=100")).Data["items"]!.AsArray();
        foreach (var reading in held.OrderBy(reading => (DateTimeOffset)reading!["reading_timestamp"]!))
        {
            var findings = reading!["values"]!.AsArray().SelectMany(value => value!["verdict"]!["findings"]!.AsArray());
            reasons.Add($"{(string?)reading["serial_number"]} {(string?)reading["reading_timestamp"]}: {string.Join(' ', findings.Select(finding => (string?)finding!["message"]))}");
            var verified = await office.PostAsync($"/api/v1/readings/{(string?)reading["id"]}/verify", new { note = "Confirmed by the customer" });
            Assert.True(verified.Status == HttpStatusCode.OK, verified.Body.ToJsonString());
            Assert.Equal("accepted", (string?)verified.Data["state"]);
        }

        return reasons;
    }

    /// <summary>Freezes and exports every month there is. Each line must say what the half-hours of its interval sum to. Returns what all lines bill together.</summary>
    public async Task<decimal> BillEveryMonthAsync()
    {
        var byInstant = homes.SelectMany(home => home.Readings).Select(reading => TimeZoneInfo.ConvertTime(reading.At, RealHome.Zone)).Order().ToList();
        var billed = 0m;
        for (var month = FirstOf(byInstant[0]); month <= FirstOf(byInstant[^1]); month = month.AddMonths(1))
        {
            billed += CheckBill(month, await ExportAsync(await FreezeAsync(month)));
        }

        return billed;
    }

    private decimal CheckBill(DateOnly month, IReadOnlyList<Dictionary<string, string>> bill)
    {
        Assert.Equal(homes.Count, bill.Count);
        var billed = 0m;
        foreach (var home in homes)
        {
            var line = Assert.Single(bill, line => line["serial_number"] == home.SerialNumber);
            var visits = home.Readings.Where(reading => FirstOf(TimeZoneInfo.ConvertTime(reading.At, RealHome.Zone)) == month).ToList();
            Assert.Equal(visits.Count > 0 ? "billable" : "missing", line["state"]);
            Assert.Equal("0", line["held_count"]);
            if (visits.Count == 0)
            {
                continue;
            }

            Assert.Equal(visits[^1].At, Instant(line["current_at"]));
            Assert.Equal(visits[^1].Value, Number(line["current_value"]));
            var from = line["previous_at"].Length > 0 ? Instant(line["previous_at"]) : home.Start;
            var counted = line["consumption"].Length > 0 ? Number(line["consumption"]) : 0m;
            Assert.True(home.Use(from, visits[^1].At) == counted, $"{home.Id} {month:yyyy-MM}: billed {counted}, the half-hours after {from:O} sum to {home.Use(from, visits[^1].At)}.");
            billed += counted;
        }

        return billed;
    }

    private async Task<string> FreezeAsync(DateOnly month)
    {
        var frozen = await office.PostAsync("/api/v1/billing-runs", new { name = $"{month:yyyy-MM}", period_from = $"{month:yyyy-MM-dd}", period_to = $"{month.AddMonths(1):yyyy-MM-dd}" });
        Assert.True(frozen.Status == HttpStatusCode.Accepted, frozen.Body.ToJsonString());
        var job = await office.WaitForJobAsync($"/api/v1/billing-runs/jobs/{(string?)frozen.Data["id"]}");
        return (string?)job["result"]?["billing_run_id"] ?? throw new InvalidOperationException(job.ToJsonString());
    }

    private async Task<IReadOnlyList<Dictionary<string, string>>> ExportAsync(string billingRun)
    {
        var started = await office.PostAsync("/api/v1/export/csv", new { type = "billing", billing_run_id = billingRun });
        Assert.True(started.Status == HttpStatusCode.Accepted, started.Body.ToJsonString());
        var job = await office.WaitForJobAsync($"/api/v1/export/status/{(string?)started.Data["id"]}");
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        return CsvText.Rows(await office.Http.GetStringAsync((string)job["download_url"]!));
    }

    private static DateOnly FirstOf(DateTimeOffset local) => new(local.Year, local.Month, 1);

    private static decimal Number(string cell) => decimal.Parse(cell, CultureInfo.InvariantCulture);

    private static DateTimeOffset Instant(string cell) => DateTimeOffset.Parse(cell, CultureInfo.InvariantCulture);
}
