using System.Text.Json;
using MeterSync.Browser.Tests.Support;
using Microsoft.Playwright;

namespace MeterSync.Browser.Tests;

/// <summary>A phone and the network before it do what tests of the field app take for granted. The pages here come from the network itself.</summary>
public sealed class FieldPhoneTests(Browsing browsing, FieldServer server) : IClassFixture<FieldServer>
{
    private const string Echo = "/ground/echo";
    private const string Worker = """
        self.addEventListener("install", () => self.skipWaiting());
        self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
        self.addEventListener("fetch", (event) => { if (event.request.mode === "navigate") event.respondWith(fetch(event.request)); });
        self.addEventListener("message", async (event) => {
          const reached = await fetch("/ground/echo").then((answer) => answer.status, () => 0);
          event.ports[0].postMessage({ reached, onLine: navigator.onLine, now: Date.now() });
        });
        """;

    private const string AskWorker = """
        async () => {
          const { active } = await navigator.serviceWorker.ready;
          const channel = new MessageChannel();
          const answered = new Promise((resolve) => { channel.port1.onmessage = (event) => resolve(event.data); });
          active.postMessage("ask", [channel.port2]);
          return answered;
        }
        """;

    private const string Fetched = """
        async ([method, path, size]) => {
          try {
            const answer = await fetch(path, { method, body: size > 0 ? new Uint8Array(size) : undefined });
            return `${answer.status} ${answer.headers.get("Retry-After") ?? ""} ${(await answer.text()).length > 0}`;
          } catch {
            return "failed";
          }
        }
        """;

    [Fact]
    public async Task A_network_passes_cuts_delays_and_answers_as_it_is_told()
    {
        await using var network = Ground();
        await using var phone = await SwitchOnAsync(network);
        Assert.Equal("200  true", await FetchAsync(phone, "GET", "/health"));

        network.On("GET", "/health", new NetworkFault.Answer(503, "{}", RetryAfterSeconds: 7), times: 1);
        Assert.Equal("503 7 true", await FetchAsync(phone, "GET", "/health"));
        Assert.Equal("200  true", await FetchAsync(phone, "GET", "/health"));

        var gone = network.On("GET", "/health", NetworkFault.Gone);
        Assert.Equal("failed", await FetchAsync(phone, "GET", "/health"));
        network.Heal(gone);
        Assert.Equal(1, gone.Used);

        network.On("GET", "/health", NetworkFault.LoseAnswer, times: 1);
        Assert.Equal("failed", await FetchAsync(phone, "GET", "/health"));
        Assert.Equal(200, network.Exchanges[^1].Status);

        network.On("POST", "/api/v1/auth/login", new NetworkFault.CutRequest(1000), times: 1);
        Assert.Equal("failed", await FetchAsync(phone, "POST", "/api/v1/auth/login", 100_000));
        Assert.Null(network.Exchanges[^1].Status);

        // The browser took the head for a success; the body breaks off.
        network.On("GET", "/openapi/v1.json", new NetworkFault.CutAnswer(5000), times: 1);
        Assert.Equal("failed", await FetchAsync(phone, "GET", "/openapi/v1.json"));

        network.On("GET", "/health", new NetworkFault.DelayAnswer(TimeSpan.FromMilliseconds(300)), times: 1);
        network.On("GET", "/health/live", new NetworkFault.Delay(TimeSpan.FromMilliseconds(300)), times: 1);
        Assert.Equal("200  true", await FetchAsync(phone, "GET", "/health"));
        Assert.Equal("200  true", await FetchAsync(phone, "GET", "/health/live"));
        Assert.Equal(1, network.CountOf("POST", "/api/v1/auth/"));
    }

    [Fact]
    public async Task A_sign_in_by_cookie_goes_through_the_network_and_is_renewed()
    {
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 1, Name: "cookie", FirstNumber: 430_001));
        await using var network = Ground();
        await using var phone = await SwitchOnAsync(network);
        var statuses = await phone.Page.EvaluateAsync<int[]>(
            """
            async ([username, password]) => {
              const post = (path, body) => fetch(`/api/v1/auth/${path}`, { method: "POST", headers: { "Content-Type": "application/json", "X-Requested-With": "metersync" }, body: JSON.stringify(body) }).then((answer) => answer.status);
              return [await post("login", { username, password, cookie: true }), await post("refresh", {})];
            }
            """,
            new[] { scene.Agent.Username, scene.Agent.Password });
        Assert.Equal([200, 200], statuses);
    }

    [Fact]
    public async Task What_was_stored_is_there_after_a_kill()
    {
        await using var network = Ground();
        await using var phone = await SwitchOnAsync(network);
        await phone.Page.EvaluateAsync(
            """
            () => new Promise((resolve, reject) => {
              const opening = indexedDB.open("metersync-field-somebody", 1);
              opening.onerror = () => reject(opening.error);
              opening.onupgradeneeded = () => opening.result.createObjectStore("outbox", { keyPath: "client_id" });
              opening.onsuccess = () => {
                const saving = opening.result.transaction("outbox", "readwrite", { durability: "strict" });
                saving.objectStore("outbox").put({ client_id: "a", saved_at: 7, photo: new Blob([new Uint8Array(3000)], { type: "image/jpeg" }) });
                saving.oncomplete = resolve;
                saving.onerror = () => reject(saving.error);
              };
            })
            """);
        var before = phone.Page;
        await phone.Kill9Async();
        await Assert.ThrowsAnyAsync<PlaywrightException>(() => before.EvaluateAsync("1"));

        await phone.ReopenAsync();
        await phone.GotoAsync("/ground/");
        var row = Assert.Single(await phone.StoredAsync("outbox"));
        Assert.Equal(("a", 3000), (row.GetProperty("client_id").GetString(), row.GetProperty("photo").GetProperty("size").GetInt32()));
        Assert.Equal(["metersync-field-somebody"], await phone.DatabasesAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_a_network_neither_page_nor_service_worker_reaches_anything(bool isNetworkCut)
    {
        await using var network = Ground();
        // Without the network: what the browser's own switch does.
        await using var phone = isNetworkCut ? await SwitchOnAsync(network) : await SwitchOnAsync(Phone.SwitchOnAsync(browsing.Playwright, network.Address));
        await phone.Page.EvaluateAsync("async () => { await navigator.serviceWorker.register('/ground/worker.js'); await navigator.serviceWorker.ready; }");
        Assert.Equal(200, (await AskAsync(phone)).GetProperty("reached").GetInt32());

        await phone.GoOfflineAsync();
        Assert.Equal(isNetworkCut, network.IsGone);
        Assert.Equal("failed", await FetchAsync(phone, "GET", Echo));
        Assert.False(await phone.Page.EvaluateAsync<bool>("navigator.onLine"));
        var cut = await AskAsync(phone);
        Assert.Equal((0, false), (cut.GetProperty("reached").GetInt32(), cut.GetProperty("onLine").GetBoolean()));

        await phone.GoOnlineAsync();
        Assert.Equal("200  true", await FetchAsync(phone, "GET", Echo));
        var back = await AskAsync(phone);
        Assert.Equal((200, true), (back.GetProperty("reached").GetInt32(), back.GetProperty("onLine").GetBoolean()));
    }

    [Fact]
    public async Task A_clock_that_is_set_is_off_in_pages_and_service_workers_also_after_a_kill()
    {
        await using var network = Ground();
        await using var phone = await SwitchOnAsync(network);
        await phone.Page.EvaluateAsync("async () => { await navigator.serviceWorker.register('/ground/worker.js'); await navigator.serviceWorker.ready; }");
        await phone.ServiceWorkerSeenAsync();
        await phone.SetClockOffAsync(TimeSpan.FromDays(1));
        await AssertClockAsync(phone, TimeSpan.FromDays(1));
        await phone.Kill9Async();
        await phone.ReopenAsync();
        await phone.GotoAsync("/ground/");
        await phone.ServiceWorkerSeenAsync();
        await AssertClockAsync(phone, TimeSpan.FromDays(1));
        await phone.SetClockOffAsync(TimeSpan.FromDays(-1));
        await AssertClockAsync(phone, TimeSpan.FromDays(-1));
    }

    [Fact]
    public async Task A_phone_has_a_camera_a_place_and_a_touch_screen()
    {
        await using var network = Ground();
        await using var phone = await SwitchOnAsync(network, new() { Width = 360, Height = 740 });
        var seen = await phone.Page.EvaluateAsync<JsonElement>(
            """
            async () => {
              const stream = await navigator.mediaDevices.getUserMedia({ video: true });
              const video = Object.assign(document.createElement("video"), { srcObject: stream, muted: true });
              await video.play();
              const size = video.videoWidth;
              stream.getTracks().forEach((track) => track.stop());
              const { coords } = await new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject));
              return { size, latitude: coords.latitude, accuracy: coords.accuracy, width: innerWidth, touch: navigator.maxTouchPoints > 0, coarse: matchMedia("(pointer: coarse)").matches };
            }
            """);
        Assert.True(seen.GetProperty("size").GetInt32() > 0);
        Assert.Equal(FieldScene.Latitude, seen.GetProperty("latitude").GetDouble(), 4);
        Assert.Equal((8, 360), (seen.GetProperty("accuracy").GetInt32(), seen.GetProperty("width").GetInt32()));
        Assert.True(seen.GetProperty("touch").GetBoolean() && seen.GetProperty("coarse").GetBoolean());
    }

    private static async Task AssertClockAsync(Phone phone, TimeSpan off)
    {
        var worker = await AskAsync(phone);
        var page = await phone.Page.EvaluateAsync<long>("Date.now()");
        var now = TimeProvider.System.GetUtcNow();
        Assert.All(
            (long[])[page, (long)worker.GetProperty("now").GetDouble()],
            told => Assert.InRange(DateTimeOffset.FromUnixTimeMilliseconds(told) - now - off, TimeSpan.FromHours(-1), TimeSpan.FromHours(1)));
    }

    private static Task<JsonElement> AskAsync(Phone phone) => phone.Page.EvaluateAsync<JsonElement>(AskWorker);

    private static Task<string> FetchAsync(Phone phone, string method, string path, int size = 0) =>
        phone.Page.EvaluateAsync<string>(Fetched, new object[] { method, path, size });

    private static async Task<Phone> SwitchOnAsync(Task<Phone> switching)
    {
        var phone = await switching;
        await phone.GotoAsync("/ground/");
        return phone;
    }

    private Task<Phone> SwitchOnAsync(FaultyNetwork network, PhoneOptions? options = null) => SwitchOnAsync(Phone.SwitchOnAsync(browsing.Playwright, network, options));

    private FaultyNetwork Ground()
    {
        var network = FaultyNetwork.Open(server.BaseAddress);
        network.On("GET", "/ground/", new NetworkFault.Answer(200, "<!doctype html><title>Ground</title><meta name=viewport content='width=device-width'>", "text/html"));
        network.On("GET", "/ground/worker.js", new NetworkFault.Answer(200, Worker, "text/javascript"));
        network.On("GET", Echo, new NetworkFault.Answer(200, "here", "text/plain"));
        return network;
    }
}
