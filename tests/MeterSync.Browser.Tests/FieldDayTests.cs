using System.Globalization;
using MeterSync.Browser.Tests.Support;

namespace MeterSync.Browser.Tests;

/// <summary>A reader's day with the field app, from the sign-in to the office's export.</summary>
public sealed class FieldDayTests(Browsing browsing, FieldServer server) : IClassFixture<FieldServer>
{
    [Fact]
    public async Task A_reading_typed_on_the_phone_is_in_the_office()
    {
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 12, Name: "firstday", FirstNumber: 500_001));
        await using var phone = await Phone.SwitchOnAsync(browsing.Playwright, server.BaseAddress);
        var app = new FieldApp(phone);
        await app.SignInAsync(scene.Agent);
        await app.ReadAsync(scene, scene.Meters[4]);
        await app.AllSafeAsync();

        var reading = Assert.Single(await scene.Office.ReadingsOfAsync(scene.Agent.Id));
        Assert.Equal((scene.Meters[4].SerialNumber, scene.ExpectedNow(scene.Meters[4])), (reading.SerialNumber, Assert.Single(reading.Values).Value));
        Assert.Empty(phone.Errors);
    }

    [Fact]
    public async Task A_whole_day_offline_with_a_killed_browser_is_in_the_office_once()
    {
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 58, Name: "wholeday", FirstNumber: 502_001));
        await using var phone = await Phone.SwitchOnAsync(browsing.Playwright, server.BaseAddress);
        var app = new FieldApp(phone);
        await app.SignInAsync(scene.Agent);
        await phone.ServiceWorkerSeenAsync();
        var read = scene.Meters.Skip(3).Take(50).ToList();
        var skipped = scene.Meters.Skip(53).Take(5).ToList();
        var photos = new List<byte[]>();
        for (var index = 0; index < 50; index++)
        {
            photos.Add(await CameraPhoto.TakeAsync(phone.Page, 640, 480, scene.TypedNow(read[index]), TimeProvider.System.GetUtcNow(), (read[index].Latitude, read[index].Longitude)));
        }

        await phone.GoOfflineAsync();
        for (var index = 0; index < 25; index++)
        {
            await app.ReadAsync(scene, read[index], photos[index]);
        }

        foreach (var meter in skipped)
        {
            await app.SkipAsync(meter, "No access", "Rang twice, nobody opens");
        }

        await phone.Kill9Async();
        await phone.ReopenAsync();
        await phone.GoOfflineAsync();
        await phone.GotoAsync(FieldApp.Home);
        await app.RouteSeenAsync();
        Assert.Equal(30, await phone.CountAsync("outbox", "waiting"));
        for (var index = 25; index < 50; index++)
        {
            await app.ReadAsync(scene, read[index], photos[index]);
        }

        await phone.Kill9Async();
        await phone.ReopenAsync();
        await phone.GoOnlineAsync();
        await app.ComeBackAsync(scene.Agent);
        await app.AllSafeAsync(120);

        var exported = await scene.Office.ExportedReadingsAsync(scene.Agent.Id);
        Assert.Equal(
            read.Select(meter => (meter.SerialNumber, scene.ExpectedNow(meter))).Order(),
            exported.Select(row => (row["serial_number"], decimal.Parse(row["value"], CultureInfo.InvariantCulture))).Order());
        Assert.Equal(skipped.Select(meter => (meter.SerialNumber, "no_access")).Order(), (await scene.Office.SkipsOfAsync(scene.Agent.Id)).Select(skip => (skip.SerialNumber, skip.Code)).Order());
        var kept = await phone.StoredAsync("photos");
        foreach (var reading in await scene.Office.ReadingsOfAsync(scene.Agent.Id))
        {
            var photo = Assert.Single(await scene.Office.PhotosOfAsync(reading.Id));
            Assert.Equal("complete", photo.State);
            Assert.Contains(kept, row => row.GetProperty("sha256").GetString() == photo.Sha256);
            Assert.NotNull(photo.TakenAt);
            Assert.NotNull(photo.Latitude);
        }

        Assert.Empty(phone.ErrorsOfTheApp);
    }
}
