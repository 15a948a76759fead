using MeterSync.Browser.Tests.Support;
using Microsoft.Playwright;

namespace MeterSync.Browser.Tests;

/// <summary>The office lost its newest data and put a backup back; a phone was lost and shut out.</summary>
public sealed class FieldRestoreTests(Browsing browsing)
{
    [Fact]
    public async Task What_a_restore_took_away_comes_again_from_the_phone()
    {
        await using var server = await RunningServer.StartAsync(browsing.Playwright, new() { DemoData = false });
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 16, Name: "restored", FirstNumber: 600_001));
        await using var phone = await Phone.SwitchOnAsync(browsing.Playwright, server.BaseAddress);
        var app = new FieldApp(phone);
        await app.SignInAsync(scene.Agent);
        var photo = await CameraPhoto.TakeAsync(phone.Page, 800, 600, "831742");
        await app.ReadAsync(scene, scene.Meters[4], photo);
        await app.AllSafeAsync();
        var backup = Path.Combine(Path.GetTempPath(), $"{Guid.CreateVersion7():N}.tar.gz");
        try
        {
            await server.RunAsync("backup", backup);
            await app.ReadAsync(scene, scene.Meters[5], await CameraPhoto.TakeAsync(phone.Page, 800, 600, "12"));
            await app.ReadAsync(scene, scene.Meters[6]);
            await app.AllSafeAsync();
            var before = await scene.Office.EpochAsync();
            await phone.GoOfflineAsync();
            await app.SkipAsync(scene.Meters[7], "Dog");
            await server.KillAsync();
            await server.RunAsync("restore", backup, "--replace");
            await server.StartAgainAsync();
            Assert.NotEqual(before, await scene.Office.EpochAsync());
            Assert.Single(await scene.Office.ReadingsOfAsync(scene.Agent.Id));
        }
        finally
        {
            File.Delete(backup);
        }

        await phone.GoOnlineAsync();
        await app.SignInAgainAsync(scene.Agent);
        await app.AllSafeAsync();
        var readings = await scene.Office.ReadingsOfAsync(scene.Agent.Id);
        Assert.Equal((await phone.StoredAsync("visits")).Where(visit => visit.GetProperty("kind").GetString() == "reading").Select(visit => visit.GetProperty("client_id").GetString()).Order(), readings.Select(reading => reading.ClientId).Order());
        Assert.Equal((3, 2), (readings.Count, readings.Count(reading => reading.Photos.Count > 0 && reading.Evidence == "complete")));
        Assert.Single(await scene.Office.SkipsOfAsync(scene.Agent.Id));
        Assert.Equal(0, await phone.CountAsync("outbox", "needs_you"));
    }

    [Fact]
    public async Task A_phone_that_was_shut_out_shows_nothing_and_hands_its_work_over_as_a_file()
    {
        await using var server = await RunningServer.StartAsync(browsing.Playwright, new() { DemoData = false });
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 8, Name: "shutout", FirstNumber: 610_001));
        await using var phone = await Phone.SwitchOnAsync(browsing.Playwright, server.BaseAddress);
        var app = new FieldApp(phone);
        await app.SignInAsync(scene.Agent);
        await app.ReadAsync(scene, scene.Meters[4]);
        await app.AllSafeAsync();
        await phone.GoOfflineAsync();
        await app.ReadAsync(scene, scene.Meters[5]);
        await app.SkipAsync(scene.Meters[6], "Vacant");
        await scene.Office.RevokePhonesAsync(scene.Agent.Id);
        await phone.GoOnlineAsync();
        await ShutOutAsync(phone, scene);
        await app.PictureAsync("field-shut-out");
        Assert.Equal(2, await phone.CountAsync("outbox", "waiting"));

        // Signing in does not let it in again: the office said so of the phone, not of the person.
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).First.ClickAsync();
        await phone.Page.GetByLabel("Password", new() { Exact = true }).FillAsync(scene.Agent.Password);
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await ShutOutAsync(phone, scene);
        await phone.GotoAsync(FieldApp.Home);
        await ShutOutAsync(phone, scene);

        var file = await phone.SavedFileAsync(() => phone.Page.GetByRole(AriaRole.Button, new() { Name = "Save everything unsent to a file" }).ClickAsync());
        await scene.Office.BringInAsync(file);
        Assert.Equal(2, (await scene.Office.ReadingsOfAsync(scene.Agent.Id)).Count);
        Assert.Single(await scene.Office.SkipsOfAsync(scene.Agent.Id));
    }

    private static async Task ShutOutAsync(Phone phone, FieldScene scene)
    {
        await phone.Page.GetByText("This phone was shut out by the office").WaitForAsync();
        await phone.Page.GetByText("2 not sent yet").WaitForAsync();
        Assert.DoesNotContain(scene.Meters[4].Address, await phone.Page.InnerTextAsync("body"), StringComparison.Ordinal);
    }
}
