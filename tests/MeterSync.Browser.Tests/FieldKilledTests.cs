using MeterSync.Browser.Tests.Support;

namespace MeterSync.Browser.Tests;

/// <summary>A browser that is killed in the middle of something loses nothing that it said is kept, and doubles nothing.</summary>
public sealed class FieldKilledTests(Browsing browsing, FieldServer server) : IClassFixture<FieldServer>
{
    [Theory]
    [InlineData(350)]
    [InlineData(900)]
    public async Task Killed_in_the_middle_of_saving_a_visit_is_whole_or_not_there(int afterMilliseconds)
    {
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 30, Name: $"saver{afterMilliseconds}", FirstNumber: 530_001 + afterMilliseconds));
        await using var network = FaultyNetwork.Open(server.BaseAddress);
        await using var phone = await Phone.SwitchOnAsync(browsing.Playwright, network);
        var app = new FieldApp(phone);
        await app.SignInAsync(scene.Agent);
        await phone.GoOfflineAsync();
        var said = 0;
        var saving = Task.Run(async () =>
        {
            foreach (var meter in scene.Meters.Skip(4))
            {
                await app.ReadAsync(scene, meter);
                said++;
            }
        }, TestContext.Current.CancellationToken);
        while (said < 3)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);
        }

        await Task.Delay(TimeSpan.FromMilliseconds(afterMilliseconds), TestContext.Current.CancellationToken);
        await phone.Kill9Async();
        await Assert.ThrowsAnyAsync<Exception>(() => saving);
        await phone.ReopenAsync();
        await phone.GoOnlineAsync();
        await app.ComeBackAsync(scene.Agent);

        var visits = (await phone.StoredAsync("visits")).Select(visit => visit.GetProperty("client_id").GetString()).Order().ToList();
        var items = (await phone.StoredAsync("outbox")).Select(item => item.GetProperty("client_id").GetString()).Order().ToList();
        Assert.Equal(visits, items);
        Assert.InRange(visits.Count, said, said + 1);
        await app.AllSafeAsync();
        Assert.Equal(visits, (await scene.Office.ReadingsOfAsync(scene.Agent.Id)).Select(reading => reading.ClientId).Order());
    }

    [Fact]
    public async Task Killed_three_times_in_the_middle_of_syncing_all_is_sent_once()
    {
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 210, Name: "syncer", FirstNumber: 540_001));
        await using var network = FaultyNetwork.Open(server.BaseAddress);
        await using var phone = await Phone.SwitchOnAsync(browsing.Playwright, network);
        var app = new FieldApp(phone);
        await app.SignInAsync(scene.Agent);
        await phone.GoOfflineAsync();
        var photo = await CameraPhoto.TakeAsync(phone.Page, 800, 600, "1");
        await app.ReadAsync(scene, scene.Meters[5], photo);
        var pattern = (await phone.StoredAsync("outbox"))[0].GetProperty("client_id").GetString()!;
        await FullQueue.FillAsync(phone, scene, pattern, scene.Meters.Skip(6).Take(200), withPhotos: 5);
        foreach (var wait in (int[])[60, 400, 900])
        {
            var slow = network.On(_ => true, new NetworkFault.Delay(TimeSpan.FromMilliseconds(80)));
            await phone.GoOnlineAsync();
            await app.ComeBackAsync(scene.Agent);
            await Task.Delay(TimeSpan.FromMilliseconds(wait), TestContext.Current.CancellationToken);
            await phone.Kill9Async();
            network.Heal(slow);
            await phone.ReopenAsync();
        }

        await app.ComeBackAsync(scene.Agent);
        await app.AllSafeAsync(120);
        var readings = await scene.Office.ReadingsOfAsync(scene.Agent.Id);
        Assert.Equal((await phone.StoredAsync("outbox")).Select(item => item.GetProperty("client_id").GetString()).Order(), readings.Select(reading => reading.ClientId).Order());
        Assert.Equal(201, readings.Count);
        Assert.Equal(6, readings.Count(reading => reading.Evidence == "complete"));
    }
}
