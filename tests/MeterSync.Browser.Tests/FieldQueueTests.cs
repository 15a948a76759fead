using System.Text.Json;
using MeterSync.Browser.Tests.Support;

namespace MeterSync.Browser.Tests;

/// <summary>A queue that was filled by copying one reading holds a reading of its own for each meter.</summary>
public sealed class FieldQueueTests(Browsing browsing, FieldServer server) : IClassFixture<FieldServer>
{
    private const string Save = """
        async ([meters, pattern]) => {
          const opening = indexedDB.open("metersync-field-somebody", 2);
          opening.onupgradeneeded = () => {
            for (const store of ["meters", "assignments", "photos", "photo_files"]) opening.result.createObjectStore(store, { keyPath: "id" });
            for (const store of ["visits", "outbox"]) opening.result.createObjectStore(store, { keyPath: "client_id" });
            opening.transaction.objectStore("outbox").createIndex("state", "state");
            opening.result.createObjectStore("facts");
          };
          const database = await new Promise((resolve, reject) => { opening.onsuccess = () => resolve(opening.result); opening.onerror = () => reject(opening.error); });
          const saving = database.transaction([...database.objectStoreNames], "readwrite");
          for (const id of meters) {
            saving.objectStore("meters").put({ id, serial_number: `S-${id}`, registers: [{ id: `R-${id}` }] });
            saving.objectStore("assignments").put({ id: `W-${id}`, meter_id: id });
          }
          const [id] = meters;
          const payload = { meter_id: id, assignment_id: `W-${id}`, registers: [{ register_id: `R-${id}`, value: "7.0" }], photos: ["f".repeat(64)] };
          saving.objectStore("visits").put({ client_id: pattern, meter_id: id, assignment_id: `W-${id}`, serial_number: `S-${id}`, values: [{ register_id: `R-${id}`, text: "7.0" }], photo_ids: ["photo-1"] });
          saving.objectStore("outbox").put({ client_id: pattern, state: "waiting", meter_id: id, body: JSON.stringify({ client_id: pattern, payload }) });
          saving.objectStore("photos").put({ id: "photo-1", visit_id: pattern, sha256: "f".repeat(64), size: 3 });
          saving.objectStore("photo_files").put({ id: "photo-1", blob: new Blob([new Uint8Array(3)], { type: "image/jpeg" }) });
          await new Promise((resolve) => { saving.oncomplete = resolve; });
          database.close();
        }
        """;

    [Fact]
    public async Task A_queue_is_filled_with_readings_that_differ_in_meter_value_and_photo()
    {
        const string Pattern = "01a20a4e-0000-7000-8000-000000000001";
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 6, Name: "queuer", FirstNumber: 440_001));
        await using var network = FaultyNetwork.Open(server.BaseAddress);
        network.On("GET", "/ground/", new NetworkFault.Answer(200, "<!doctype html><title>Ground</title>", "text/html"));
        await using var phone = await Phone.SwitchOnAsync(browsing.Playwright, network);
        await phone.GotoAsync("/ground/");
        var meters = scene.Meters.Skip(2).ToList();
        await phone.Page.EvaluateAsync(Save, new object[] { meters.Select(meter => meter.Id).ToArray(), Pattern });
        await FullQueue.FillAsync(phone, scene, Pattern, meters.Skip(1), withPhotos: 2);

        Assert.Equal(4, await phone.CountAsync("outbox", "waiting"));
        var items = (await phone.StoredAsync("outbox")).Where(item => item.GetProperty("client_id").GetString() != Pattern).ToDictionary(item => item.GetProperty("meter_id").GetString()!, item => JsonDocument.Parse(item.GetProperty("body").GetString()!).RootElement);
        Assert.Equal(meters.Skip(1).Select(meter => meter.Id).Order(), items.Keys.Order());
        Assert.All(meters.Skip(1), meter =>
        {
            var payload = items[meter.Id].GetProperty("payload");
            Assert.Equal((meter.Id, $"W-{meter.Id}"), (payload.GetProperty("meter_id").GetString(), payload.GetProperty("assignment_id").GetString()));
            Assert.Equal(($"R-{meter.Id}", scene.TypedNow(meter)), (payload.GetProperty("registers")[0].GetProperty("register_id").GetString(), payload.GetProperty("registers")[0].GetProperty("value").GetString()));
        });
        var photos = await phone.StoredAsync("photos");
        Assert.Equal(3, photos.Select(photo => photo.GetProperty("sha256").GetString()).Distinct().Count());
        Assert.Equal(2, items.Values.Count(item => item.GetProperty("payload").TryGetProperty("photos", out var named) && photos.Any(photo => photo.GetProperty("sha256").GetString() == named[0].GetString())));
        Assert.Equal(3, (await phone.StoredAsync("photo_files")).Count);
    }
}
