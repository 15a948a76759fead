using MeterSync.Browser.Tests.Support;
using Microsoft.Playwright;

namespace MeterSync.Browser.Tests;

/// <summary>What the office does meanwhile, two windows of the app, and wrong clocks.</summary>
public sealed class FieldOfficeTests(Browsing browsing, FieldServer server) : IClassFixture<FieldServer>
{
    [Fact]
    public async Task A_meter_that_went_to_somebody_else_is_read_and_counts_and_leaves_the_list()
    {
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 8, Name: "former", FirstNumber: 570_001));
        var next = await scene.Office.AddAgentAsync("latter");
        await using var phone = await Phone.SwitchOnAsync(browsing.Playwright, server.BaseAddress);
        var app = new FieldApp(phone);
        await app.SignInAsync(scene.Agent);
        await phone.GoOfflineAsync();
        await app.ReadAsync(scene, scene.Meters[4]);
        await scene.Office.ReassignAsync(scene.Meters[4].Id, next.Id);
        await phone.GoOnlineAsync();
        await app.AllSafeAsync();
        var reading = Assert.Single(await scene.Office.ReadingsOfAsync(scene.Agent.Id));
        Assert.Equal(scene.Meters[4].Id, reading.MeterId);
        await app.SendNowAsync();
        await phone.Page.WaitForTimeoutAsync(1_500);
        Assert.DoesNotContain(await phone.StoredAsync("meters"), meter => meter.GetProperty("id").GetString() == scene.Meters[4].Id);
        await app.ShowAsync($"/visit/{reading.ClientId}");
        await phone.Page.GetByText("Safe at the office since").WaitForAsync();
    }

    [Fact]
    public async Task Two_windows_send_each_item_once()
    {
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 60, Name: "twowindows", FirstNumber: 572_001));
        await using var network = FaultyNetwork.Open(server.BaseAddress);
        await using var phone = await Phone.SwitchOnAsync(browsing.Playwright, network);
        var app = new FieldApp(phone);
        await app.SignInAsync(scene.Agent);
        await phone.GoOfflineAsync();
        await app.ReadAsync(scene, scene.Meters[4]);
        var pattern = (await phone.StoredAsync("outbox"))[0].GetProperty("client_id").GetString()!;
        await FullQueue.FillAsync(phone, scene, pattern, scene.Meters.Skip(5).Take(50));
        var first = phone.Page;
        await phone.GoOnlineAsync();
        var second = await phone.NewTabAsync();
        await second.GotoAsync(new Uri(network.Address, FieldApp.Home).ToString());
        await first.EvaluateAsync("() => window.dispatchEvent(new Event('online'))");
        await app.NothingWaitsAsync();
        Assert.Equal(51, (await scene.Office.ReadingsOfAsync(scene.Agent.Id)).Count);
        Assert.All(await phone.StoredAsync("outbox"), item => Assert.Equal(("applied", 1), (item.GetProperty("outcome").GetString(), item.GetProperty("attempts").GetInt32())));
        foreach (var page in (IPage[])[first, second])
        {
            await page.GetByText("All safe at the office").First.WaitForAsync();
        }
    }

    [Theory]
    [InlineData(24, 574_001)]
    [InlineData(-24, 575_001)]
    public async Task A_clock_that_is_wrong_by_a_day_neither_holds_nor_misdates_a_reading(int hours, int firstNumber)
    {
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 8, Name: $"clock{hours + 24}", FirstNumber: firstNumber));
        await using var phone = await Phone.SwitchOnAsync(browsing.Playwright, server.BaseAddress);
        var app = new FieldApp(phone);
        await app.SignInAsync(scene.Agent);
        await phone.GoOfflineAsync();
        await phone.SetClockOffAsync(TimeSpan.FromHours(hours));
        await app.ReadAsync(scene, scene.Meters[4]);
        await app.ReadAsync(scene, scene.Meters[5]);
        await phone.SetClockOffAsync(TimeSpan.Zero);
        await app.ReadAsync(scene, scene.Meters[6]);
        await phone.GoOnlineAsync();
        await app.AllSafeAsync();
        var readings = await scene.Office.ReadingsOfAsync(scene.Agent.Id);
        Assert.Equal(3, readings.Count);
        var now = TimeProvider.System.GetUtcNow();
        Assert.All(readings, reading => Assert.InRange(reading.ReadAt, now.AddMinutes(-10), now.AddMinutes(1)));
    }
}
