using MeterSync.Browser.Tests.Support;
using Microsoft.Playwright;

namespace MeterSync.Browser.Tests;

/// <summary>A phone that is full takes no more photos, goes on taking readings, and sends all of them.</summary>
public sealed class FieldSpaceTests(Browsing browsing, FieldServer server) : IClassFixture<FieldServer>
{
    /// <summary>The app itself, what it holds back for readings, and a few photos.</summary>
    private const long Allowed = 20_000_000;
    private const string Full = "No space for more photos";

    [Fact]
    public async Task A_full_phone_refuses_photos_before_readings_and_loses_nothing()
    {
        const int MoreReadings = 6;
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 40, Name: "fullphone", FirstNumber: 580_001));
        await using var phone = await Phone.SwitchOnAsync(browsing.Playwright, server.BaseAddress);
        await phone.LimitStorageAsync(Allowed);
        var app = new FieldApp(phone);
        await app.SignInAsync(scene.Agent);
        await phone.GoOfflineAsync();
        var photo = await CameraPhoto.TakeAsync(phone.Page, 2400, 1800, "831742");
        await app.ReadAsync(scene, scene.Meters[4], photo);
        await phone.FillStorageAsync();

        // No photo fits any more, and that is said; the reading it was to belong to is kept, and more of them.
        await app.OpenAsync(scene.Meters[5]);
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Take a photo" }).ClickAsync();
        var chooser = await phone.Page.RunAndWaitForFileChooserAsync(() => phone.Page.GetByRole(AriaRole.Button, new() { Name = "From the gallery" }).ClickAsync());
        await chooser.SetFilesAsync(new FilePayload { Name = "meter.jpg", MimeType = "image/jpeg", Buffer = photo });
        await phone.Page.GetByText(Full).First.WaitForAsync();
        await app.PictureAsync("field-full");
        Assert.Single(await phone.StoredAsync("photos"));
        await app.TypeAsync(scene.Meters[5], scene.TypedNow(scene.Meters[5]));
        await app.SaveAsync();
        foreach (var meter in scene.Meters.Skip(6).Take(MoreReadings))
        {
            await app.ReadAsync(scene, meter);
        }

        await phone.GoOnlineAsync();
        await app.AllSafeAsync();
        var readings = await scene.Office.ReadingsOfAsync(scene.Agent.Id);
        Assert.Equal(2 + MoreReadings, readings.Count);
        Assert.Equal("complete", Assert.Single(readings, reading => reading.Photos.Count > 0).Evidence);
    }

    [Fact]
    public async Task A_reading_that_cannot_be_kept_stays_on_the_screen_until_it_can()
    {
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 8, Name: "brimful", FirstNumber: 581_001));
        await using var phone = await Phone.SwitchOnAsync(browsing.Playwright, server.BaseAddress);
        await phone.LimitStorageAsync(Allowed);
        var app = new FieldApp(phone);
        await app.SignInAsync(scene.Agent);
        await phone.GoOfflineAsync();
        // What the app holds back for readings is gone too: used up, or never to be had.
        await phone.Page.EvaluateAsync(
            """
            async () => {
              const [{ name }] = (await indexedDB.databases()).filter((one) => one.name.startsWith("metersync-field-"));
              const database = await new Promise((resolve, reject) => { const opening = indexedDB.open(name); opening.onsuccess = () => resolve(opening.result); opening.onerror = () => reject(opening.error); });
              const saving = database.transaction("photo_files", "readwrite");
              saving.objectStore("photo_files").delete("ballast");
              await new Promise((resolve) => { saving.oncomplete = resolve; });
              database.close();
            }
            """);
        await phone.FillStorageAsync();
        await app.OpenAsync(scene.Meters[4]);
        await app.TypeAsync(scene.Meters[4], scene.TypedNow(scene.Meters[4]));
        var save = phone.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true });
        await save.ClickAsync();
        await phone.Page.GetByText("The phone is full").First.WaitForAsync();
        Assert.Empty(await phone.StoredAsync("outbox"));

        await phone.EmptyStorageAsync();
        await save.ClickAsync();
        await phone.Page.GetByRole(AriaRole.Heading, new() { Name = "My route" }).WaitForAsync();
        await phone.GoOnlineAsync();
        await app.AllSafeAsync();
        Assert.Equal(scene.ExpectedNow(scene.Meters[4]), Assert.Single(await scene.Office.ReadingsOfAsync(scene.Agent.Id)).Values["total"]);
    }
}
