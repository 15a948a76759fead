using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
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

    public async Task ImportReadingsBeforeAsync(DateTimeOffset end)
    {
        var file = new StringBuilder("meter_number,reading_timestamp,reading_value\n");
        foreach (var home in homes)
        {
            foreach (var (at, value) in home.Readings().Where(reading => reading.At < end))
            {
                file.Append(CultureInfo.InvariantCulture, $"{home.SerialNumber},{at:yyyy-MM-ddTHH:mm:ssZ},{value}\n");
            }
        }

        var job = await office.RunFileJobAsync("/api/v1/readings/import", "older.csv", Encoding.UTF8.GetBytes(file.ToString()));
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
    }

    /// <summary>What is left to read, round by round: the instants of one local day, oldest first.</summary>
    public IEnumerable<IReadOnlyList<(RealHome Home, DateTimeOffset At, decimal Value)>> Rounds(DateTimeOffset from) => homes
        .SelectMany(home => home.Readings().Where(reading => reading.At >= from).Select(reading => (home, reading.At, reading.Value)))
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
            var verified = await office.PostAsync($"/api/v1/readings/{(string?)reading["id"]}/verify", new { notes = "Confirmed by the customer" });
            Assert.True(verified.Status == HttpStatusCode.OK, verified.Body.ToJsonString());
            Assert.Equal("accepted", (string?)verified.Data["state"]);
        }

        return reasons;
    }
}
