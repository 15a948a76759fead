using System.Globalization;
using MeterSync.Browser.Tests.Support;

namespace MeterSync.Browser.Tests;

/// <summary>Whatever the network and the server do, what is saved arrives once.</summary>
public sealed class FieldNetworkTests(Browsing browsing, FieldServer server) : IClassFixture<FieldServer>
{
    private const string Push = "/api/v1/readings/sync";

    [Theory]
    [InlineData("gone", 1)]
    [InlineData("500", 2)]
    [InlineData("503", 3)]
    [InlineData("401", 4)]
    [InlineData("lost", 5)]
    [InlineData("slow", 6)]
    [InlineData("portal", 7)]
    public async Task What_the_server_does_to_a_push_neither_loses_nor_doubles(string what, int at)
    {
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 8, Name: $"net{what}", FirstNumber: 550_001 + (at * 20)));
        await using var network = FaultyNetwork.Open(server.BaseAddress);
        await using var phone = await Phone.SwitchOnAsync(browsing.Playwright, network);
        var app = new FieldApp(phone);
        await app.SignInAsync(scene.Agent);
        NetworkFault fault = what switch
        {
            "gone" => NetworkFault.Gone,
            "500" => new NetworkFault.Answer(500, "{}"),
            "503" => new NetworkFault.Answer(503, """{"success":false,"error":{"code":"store.busy","message":"Busy.","details":null},"trace_id":"0"}""", "application/json", RetryAfterSeconds: 1),
            "401" => new NetworkFault.Answer(401, """{"success":false,"error":{"code":"auth.required","message":"Sign in.","details":null},"trace_id":"0"}""", "application/json"),
            "lost" => NetworkFault.LoseAnswer,
            "slow" => new NetworkFault.DelayAnswer(TimeSpan.FromSeconds(3)),
            _ => new NetworkFault.Answer(200, "<html>Pay for the network</html>", "text/html"),
        };
        var rule = network.On("POST", Push, fault, times: 2);
        await app.ReadAsync(scene, scene.Meters[4]);
        await app.SkipAsync(scene.Meters[5], "Vacant");
        await app.ShowAsync("/queue");
        for (var tries = 0; tries < 3 && await phone.CountAsync("outbox", "waiting") > 0; tries++)
        {
            await app.SendNowAsync();
            await phone.Page.WaitForTimeoutAsync(1_500);
        }

        await app.NothingWaitsAsync();
        Assert.True(rule.Used > 0);
        Assert.Single(await scene.Office.ReadingsOfAsync(scene.Agent.Id));
        Assert.Single(await scene.Office.SkipsOfAsync(scene.Agent.Id));
        Assert.Equal(0, await phone.CountAsync("outbox", "needs_you"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_photo_whose_piece_is_cut_or_whose_answers_are_lost_arrives_whole(bool isCut)
    {
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 6, Name: isCut ? "photocut" : "photolost", FirstNumber: isCut ? 552_001 : 552_101));
        await using var network = FaultyNetwork.Open(server.BaseAddress);
        await using var phone = await Phone.SwitchOnAsync(browsing.Playwright, network);
        var app = new FieldApp(phone);
        await app.SignInAsync(scene.Agent);
        await phone.GoOfflineAsync();
        var photo = await CameraPhoto.TakeAsync(phone.Page, 2400, 1800, "831742");
        await app.ReadAsync(scene, scene.Meters[4], photo);
        var size = (await phone.StoredAsync("photos"))[0].GetProperty("size").GetInt64();
        var cut = network.On(request => request.Method == "PATCH", isCut ? new NetworkFault.CutRequest((int)(size / 2)) : NetworkFault.LoseAnswer, times: 1);
        var lost = network.On("POST", "/api/v1/photos/complete", NetworkFault.LoseAnswer, times: 1);
        await phone.GoOnlineAsync();
        for (var tries = 0; tries < 8 && await phone.CountAsync("photos", "waiting") > 0; tries++)
        {
            await app.SendNowAsync();
            await phone.Page.WaitForTimeoutAsync(1_200);
        }

        await app.NothingWaitsAsync();
        Assert.Equal((1, 1), (cut.Used, lost.Used));
        // What the server has is asked for, and not sent again.
        Assert.InRange(network.Exchanges.Count(exchange => exchange.Request.Method == "PATCH"), 1, isCut ? 3 : 1);
        Assert.True(network.CountOf("HEAD", "/uploads/") > 0);
        if (isCut)
        {
            var offsets = network.Exchanges.Where(exchange => exchange.Request.Method == "PATCH").Select(exchange => long.Parse(exchange.Request.Headers["upload-offset"], CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(0, offsets[0]);
            Assert.True(offsets[1] > 0, "What came through before the cut is sent again.");
            Assert.Equal(size, network.Exchanges.Where(exchange => exchange.Request.Method == "PATCH" && exchange.Status is not null).Sum(exchange => exchange.Request.BodyBytes) + offsets[1]);
        }

        var held = Assert.Single(await scene.Office.PhotosOfAsync(Assert.Single(await scene.Office.ReadingsOfAsync(scene.Agent.Id)).Id));
        Assert.Equal(("complete", size), (held.State, held.Size));
    }
}
