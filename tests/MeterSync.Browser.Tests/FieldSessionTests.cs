using System.Text;
using MeterSync.Browser.Tests.Support;
using Microsoft.Playwright;

namespace MeterSync.Browser.Tests;

/// <summary>Sessions end, accounts are closed, phones change hands: the work stays, and says where it is.</summary>
public sealed class FieldSessionTests(Browsing browsing, FieldServer server) : IClassFixture<FieldServer>
{
    [Fact]
    public async Task A_session_that_ended_while_the_phone_was_offline_keeps_the_work_until_the_next_sign_in()
    {
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 8, Name: "threedays", FirstNumber: 560_001));
        await using var phone = await Phone.SwitchOnAsync(browsing.Playwright, server.BaseAddress);
        var app = new FieldApp(phone);
        await app.SignInAsync(scene.Agent);
        await phone.GoOfflineAsync();
        await app.ReadAsync(scene, scene.Meters[4]);
        await app.ReadAsync(scene, scene.Meters[5]);
        await scene.Office.DisableAsync(scene.Agent.Id);
        await scene.Office.EnableAsync(scene.Agent.Id);
        await phone.CloseAsync();
        await phone.ReopenAsync();
        await phone.GoOnlineAsync();
        await phone.GotoAsync(FieldApp.Home);
        await app.RouteSeenAsync();
        await phone.Page.GetByText("Signed out · 2 kept").First.WaitForAsync();
        Assert.Equal(2, await phone.CountAsync("outbox", "waiting"));
        Assert.Empty(await scene.Office.ReadingsOfAsync(scene.Agent.Id));
        await app.SignInAgainAsync(scene.Agent);
        await app.AllSafeAsync();
        Assert.Equal(2, (await scene.Office.ReadingsOfAsync(scene.Agent.Id)).Count);
    }

    [Fact]
    public async Task The_work_of_a_closed_account_can_be_saved_to_a_file_that_the_office_brings_in()
    {
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 8, Name: "leaver", FirstNumber: 562_001));
        await using var phone = await Phone.SwitchOnAsync(browsing.Playwright, server.BaseAddress);
        var app = new FieldApp(phone);
        await app.SignInAsync(scene.Agent);
        await phone.GoOfflineAsync();
        var photo = await CameraPhoto.TakeAsync(phone.Page, 800, 600, "831742");
        await app.ReadAsync(scene, scene.Meters[4], photo);
        await app.SkipAsync(scene.Meters[5], "Dog");
        await scene.Office.DisableAsync(scene.Agent.Id);
        await phone.GoOnlineAsync();
        await app.SendNowAsync();
        await phone.Page.GetByText("Signed out · 2 kept").First.WaitForAsync();
        var file = await app.SaveToFileAsync();
        var lines = Encoding.UTF8.GetString(file).TrimEnd().Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Contains("metersync.field-export", lines[0], StringComparison.Ordinal);
        await scene.Office.BringInAsync(file);
        var reading = Assert.Single(await scene.Office.ReadingsOfAsync(scene.Agent.Id));
        Assert.Equal("complete", reading.Evidence);
        Assert.Single(await scene.Office.SkipsOfAsync(scene.Agent.Id));
    }

    [Fact]
    public async Task Signing_out_keeps_unsent_work_for_its_owner_alone()
    {
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 8, Name: "owner", FirstNumber: 564_001));
        var colleague = await scene.Office.AddAgentAsync("colleague");
        await using var phone = await Phone.SwitchOnAsync(browsing.Playwright, server.BaseAddress);
        var app = new FieldApp(phone);
        await app.SignInAsync(scene.Agent);
        await phone.GoOfflineAsync();
        await app.ReadAsync(scene, scene.Meters[4]);
        await app.ShowAsync("/more");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out and keep 1 here" }).ClickAsync();
        await phone.Page.GetByText("Owner: 1 not sent yet, kept on this phone").WaitForAsync();
        await phone.GoOnlineAsync();
        await app.TypeCredentialsAsync(colleague.Username, colleague.Password);
        await phone.Page.GetByText("No work here yet").WaitForAsync();
        await app.ShowAsync("/queue");
        await phone.Page.GetByText("Nothing waits").First.WaitForAsync();
        await app.ShowAsync("/more");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await phone.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await app.TypeCredentialsAsync(scene.Agent.Username, scene.Agent.Password);
        await app.RouteSeenAsync();
        await app.AllSafeAsync();
        Assert.Single(await scene.Office.ReadingsOfAsync(scene.Agent.Id));
        Assert.Empty(await scene.Office.ReadingsOfAsync(colleague.Id));
    }

    [Fact]
    public async Task A_pin_opens_the_app_without_network()
    {
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 8, Name: "locker", FirstNumber: 566_001));
        await using var phone = await Phone.SwitchOnAsync(browsing.Playwright, server.BaseAddress);
        var app = new FieldApp(phone);
        await app.SignInAsync(scene.Agent);
        await phone.ServiceWorkerSeenAsync();
        await app.ShowAsync("/more");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Set a PIN" }).ClickAsync();
        await phone.Page.GetByLabel("New PIN, 4 digits").FillAsync("2580");
        await phone.Page.GetByLabel("The same PIN again").FillAsync("2580");
        await phone.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Remove the PIN" }).WaitForAsync();
        await phone.Page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => true)");
        await phone.CloseAsync();
        await phone.ReopenAsync();
        await phone.GoOfflineAsync();
        await phone.GotoAsync(FieldApp.Home);
        await phone.Page.GetByRole(AriaRole.Heading, new() { Name = "Hello, Locker" }).WaitForAsync();
        await phone.Page.Keyboard.TypeAsync("1111");
        await phone.Page.GetByText("Not this PIN").WaitForAsync();
        await phone.Page.Keyboard.TypeAsync("2580");
        await app.RouteSeenAsync();
        await app.ReadAsync(scene, scene.Meters[4]);
        Assert.Equal(1, await phone.CountAsync("outbox", "waiting"));
        await phone.GoOnlineAsync();
        await app.AllSafeAsync();
        Assert.Single(await scene.Office.ReadingsOfAsync(scene.Agent.Id));
    }
}
