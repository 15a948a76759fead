using System.Security.Cryptography;
using System.Text.Json;
using MeterSync.Browser.Tests.Support;
using Microsoft.Playwright;

namespace MeterSync.Browser.Tests;

/// <summary>The ground that tests of the field app stand on: what the office is asked for, and what happens to a server and a phone.</summary>
public sealed class FieldGroundTests(Browsing browsing, FieldServer server) : IClassFixture<FieldServer>
{
    [Fact]
    public async Task A_scene_is_told_to_its_reader_in_walking_order()
    {
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Name: "walker", FirstNumber: 400_001));
        await using var reader = await scene.SignInAgentAsync(browsing.Playwright, server.BaseAddress);
        var changes = (await reader.GetAsync("/api/v1/sync/changes")).GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("data")).ToList();
        var meters = changes.Where(data => data.TryGetProperty("registers", out _)).ToDictionary(meter => meter.GetProperty("id").GetString()!);
        var walk = changes.Where(data => data.TryGetProperty("meter_id", out _)).OrderBy(work => work.GetProperty("position").GetInt32()).Select(work => work.GetProperty("meter_id").GetString()!).ToList();

        Assert.Equal(20, meters.Count);
        Assert.Equal(scene.Meters.Select(meter => meter.Id), walk);
        Assert.Equal(4, scene.Meters.Select(meter => meter.Type).Distinct().Count());
        Assert.All(scene.Meters, meter => Assert.All(
            meters[meter.Id].GetProperty("registers").EnumerateArray().Select((register, at) => (Limits: register.GetProperty("limits"), Expected: scene.ExpectedNow(meter, at))),
            register =>
            {
                Assert.InRange(register.Expected, register.Limits.GetProperty("low_value").GetDecimal(), register.Limits.GetProperty("high_value").GetDecimal());
            }));
        Assert.Equal(["T1", "T2"], meters[scene.Meters[0].Id].GetProperty("registers").EnumerateArray().Select(register => register.GetProperty("label").GetString()));
        Assert.True(meters[scene.Meters[1].Id].GetProperty("requires_photo").GetBoolean());
        Assert.Equal(JsonValueKind.Null, meters[scene.Meters[2].Id].GetProperty("registers")[0].GetProperty("digits").ValueKind);
        Assert.Equal("Dog in the yard", meters[scene.Meters[3].Id].GetProperty("hazard_notes").GetString());
    }

    [Fact]
    public async Task The_office_sees_what_a_reader_brought_and_decides_about_it()
    {
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 8, Name: "rambler", FirstNumber: 410_001));
        await using var reader = await scene.SignInAgentAsync(browsing.Playwright, server.BaseAddress);
        await PushAsync(reader, Reading(scene, 4), Reading(scene, 5), Item("skip", new { meter_id = scene.Meters[6].Id, code = "dog", note = "It barks, \"loudly\"" }));

        var readings = await scene.Office.ReadingsOfAsync(scene.Agent.Id);
        Assert.Equal([scene.Meters[4].Id, scene.Meters[5].Id], readings.Select(reading => reading.MeterId).Order(StringComparer.Ordinal));
        Assert.All(readings, reading => Assert.Equal(scene.ExpectedNow(scene.Meters.Single(meter => meter.Id == reading.MeterId)), reading.Values["total"]));
        var skip = Assert.Single(await scene.Office.SkipsOfAsync(scene.Agent.Id));
        Assert.Equal((scene.Meters[6].Id, "dog"), (skip.MeterId, skip.Code));
        var exported = await scene.Office.ExportedReadingsAsync(scene.Agent.Id);
        Assert.Equal(
            readings.Select(reading => (reading.SerialNumber, reading.Values["total"])).Order(),
            exported.Select(row => (row["serial_number"], decimal.Parse(row["value"], System.Globalization.CultureInfo.InvariantCulture))).Order());

        await scene.Office.CorrectAsync(readings[0].Id, readings[0].Values["total"] + 1);
        await scene.Office.RejectAsync(readings[1].Id);
        var decided = (await scene.Office.ReadingsOfAsync(scene.Agent.Id)).ToDictionary(reading => reading.Id);
        Assert.Equal("rejected", decided[readings[1].Id].State);
        Assert.Contains(decided.Values, reading => reading.MeterId == readings[0].MeterId && reading.Values["total"] == readings[0].Values["total"] + 1);

        var other = await scene.Office.AddAgentAsync("other");
        await scene.Office.ReassignAsync(scene.Meters[7].Id, other.Id);
        Assert.Equal([scene.Meters[7].Id], (await scene.Office.AssignmentsOfAsync(other.Id)).Select(work => work.GetProperty("meter_id").GetString()));
        await scene.Office.RevokePhonesAsync(scene.Agent.Id);
        Assert.All(await scene.Office.PhonesOfAsync(scene.Agent.Id), phone => Assert.Equal(JsonValueKind.String, phone.GetProperty("revoked_at").ValueKind));
        await scene.Office.DisableAsync(scene.Agent.Id);
        await Assert.ThrowsAsync<InvalidOperationException>(() => scene.SignInAgentAsync(browsing.Playwright, server.BaseAddress));
    }

    [Fact]
    public async Task A_killed_server_is_back_with_its_data_and_a_restored_one_has_another_epoch()
    {
        await using var own = await RunningServer.StartAsync(browsing.Playwright, new() { DemoData = false });
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, own.BaseAddress, new(Meters: 4));
        var backup = Path.Combine(Directory.CreateTempSubdirectory("metersync-backup-").FullName, "backup");
        await own.RunAsync("backup", backup);
        var epoch = await scene.Office.EpochAsync();
        await using (var reader = await scene.SignInAgentAsync(browsing.Playwright, own.BaseAddress))
        {
            await PushAsync(reader, Reading(scene, 3));
        }

        await own.KillAsync();
        Assert.False(own.IsRunning);
        await own.StartAgainAsync();
        Assert.Single(await scene.Office.ReadingsOfAsync(scene.Agent.Id));
        Assert.Equal(epoch, await scene.Office.EpochAsync());

        await own.KillAsync();
        await own.RunAsync("restore", backup, "--replace");
        await own.StartAgainAsync();
        Assert.Empty(await scene.Office.ReadingsOfAsync(scene.Agent.Id));
        Assert.NotEqual(epoch, await scene.Office.EpochAsync());
        Directory.Delete(Path.GetDirectoryName(backup)!, recursive: true);
    }

    [Fact]
    public async Task What_a_camera_wrote_into_a_photo_is_read_by_the_server()
    {
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 4, Name: "stroller", FirstNumber: 420_001));
        await using var reader = await scene.SignInAgentAsync(browsing.Playwright, server.BaseAddress);
        await using var watched = await browsing.NewPageAsync();
        var taken = new DateTimeOffset(2026, 3, 31, 9, 30, 5, TimeSpan.FromHours(2));
        var photo = await CameraPhoto.TakeAsync(watched.Page, 1200, 900, "00123.4", taken, (55.3281, -8.7602));
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(photo));
        var reading = Reading(scene, 3, sha256);
        await PushAsync(reader, reading);
        var begun = await reader.SendAsync("POST", "/api/v1/photos/presigned-url", new { filename = "a.jpg", content_type = "image/jpeg", size = photo.Length, sha256, reading_client_id = reading["client_id"] });
        await using var requests = await browsing.Playwright.APIRequest.NewContextAsync();
        var sent = await requests.PutAsync(begun.GetProperty("upload_url").GetString()!, new()
        {
            DataByte = photo,
            Headers = begun.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString()!),
        });
        Assert.True(sent.Ok, await sent.TextAsync());

        var held = Assert.Single(await scene.Office.ReadingsOfAsync(scene.Agent.Id));
        var arrived = Assert.Single(await scene.Office.PhotosOfAsync(held.Id));
        Assert.Equal(("complete", sha256, 1200, 900), (arrived.State, arrived.Sha256, arrived.Width, arrived.Height));
        Assert.Equal(taken, arrived.TakenAt);
        Assert.Equal(55.3281, arrived.Latitude!.Value, 5);
        Assert.Equal(-8.7602, arrived.Longitude!.Value, 5);
        Assert.Equal(photo, await scene.Office.PhotoBytesAsync(arrived.Id));
    }

    private static Dictionary<string, object> Reading(FieldScene scene, int at, params string[] photos) => Item("reading", new
    {
        meter_id = scene.Meters[at].Id,
        reading_value = scene.ExpectedNow(scene.Meters[at]),
        reading_timestamp = TimeProvider.System.GetUtcNow(),
        photos,
    });

    private static Dictionary<string, object> Item(string entity, object payload) =>
        new() { ["client_id"] = Guid.CreateVersion7(), ["entity"] = entity, ["op"] = "create", ["payload"] = payload };

    private static async Task PushAsync(PersonCalls reader, params Dictionary<string, object>[] items)
    {
        var answer = await reader.SendAsync("POST", "/api/v1/readings/sync", new { device_id = "phone-1", items });
        Assert.All(answer.GetProperty("results").EnumerateArray(), result => Assert.True(result.GetProperty("status").GetString() == "applied", result.ToString()));
    }
}
