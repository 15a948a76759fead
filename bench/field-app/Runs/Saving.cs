using MeterSync.Browser.Tests.Support;
using MeterSync.BrowserBench.Gauges;
using Microsoft.Playwright;

namespace MeterSync.BrowserBench.Runs;

/// <summary>From the tap on Save to "it is on the disk", and from the shutter to a photo that is compressed and on the disk; the app opened anew before, as for the first load's size.</summary>
internal static class Saving
{
    private const double MostSaveMilliseconds = 100;
    private const double MostPhotoMilliseconds = 3_000;
    private const double MostScriptKilobytes = 250;

    public static async Task MeasureAsync(IPlaywright playwright, Goals goals, int runs)
    {
        await using var ground = await Ground.PrepareAsync(playwright, Ground.SaveMeters);
        await using var phone = await Phone.SwitchOnAsync(playwright, ground.Server.BaseAddress);
        var app = new FieldApp(phone);
        var scripts = await ScriptBytes.WatchAsync(phone.Page);
        await app.SignInAsync(ground.Scene.Agent);
        await app.OpenAsync(ground.Scene.Meters[4]);
        goals.Add("JavaScript of the first load and of a first reading, compressed, kB", [scripts.Total / 1024], MostScriptKilobytes);

        foreach (var (path, bytes) in scripts.Files.Take(6))
        {
            goals.Fact($"  {path}, kB", bytes / 1024);
        }

        await phone.GoOfflineAsync();
        var photo = await CameraPhoto.TakeAsync(phone.Page, 4032, 3024, "831742", TimeProvider.System.GetUtcNow(), (FieldScene.Latitude, FieldScene.Longitude));
        goals.Fact("the 12-megapixel photo as the camera wrote it, MB", photo.Length / 1048576.0);
        await phone.SlowDownAsync(Ground.SlowedBy);
        var (saves, photos, whole) = (new List<double>(), new List<double>(), new List<double>());
        for (var run = 0; run <= runs; run++)
        {
            // Only the page's own thread can be slowed down, and a worker does most of this: all of it, so many times.
            await phone.SlowDownAsync(1);
            await app.OpenAsync(ground.Scene.Meters[40]);
            var quick = await Marks.BetweenAsync(phone.Page, "ms:photo-begin", "ms:photo-stored", () => app.AddPhotoAsync(photo));
            await phone.SlowDownAsync(Ground.SlowedBy);
            var meter = ground.Scene.Meters[4 + run];
            await app.OpenAsync(meter);
            var stored = await Marks.BetweenAsync(phone.Page, "ms:photo-begin", "ms:photo-stored", () => app.AddPhotoAsync(photo));
            await app.TypeAsync(meter, ground.Scene.TypedNow(meter));
            var saved = await Marks.BetweenAsync(phone.Page, "ms:save-begin", "ms:save-stored", app.SaveAsync);
            if (run > 0)
            {
                saves.Add(saved);
                photos.Add(stored);
                whole.Add(quick * Ground.SlowedBy);
            }
        }

        goals.Add("a tap on Save to stored, with a photo, at 6x, ms", saves, MostSaveMilliseconds);
        goals.Add("a 12-megapixel photo to compressed and stored, the page at 6x, ms", photos, MostPhotoMilliseconds);
        goals.Add("a 12-megapixel photo to compressed and stored, not slowed, times 6, ms", whole, MostPhotoMilliseconds);
    }
}
