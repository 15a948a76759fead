using MeterSync.Store.Vision;

namespace MeterSync.Tests.Store.Vision;

public sealed class VisionFuzzTests
{
    private const int Seed = 20260722, Pictures = 500;

    [Fact]
    public async Task Five_hundred_damaged_pictures_give_a_thumbnail_or_a_problem_each()
    {
        await using var desk = new VisionDesk(new VisionOptions { TimeoutSeconds = 120, Workers = 2 });
        var random = new Random(Seed);
        var png = TestPictures.Png(160, 120, (x, y) => ((byte)(x * y), (byte)(x + y), (byte)(x ^ y)));
        byte[][] whole =
        [
            png,
            TestPictures.PngWithOrientation(png, 6),
            TestPictures.ToJpeg(png),
            TestPictures.JpegWithOrientation(TestPictures.ToJpeg(png, ("interlace", "true")), 3),
        ];
        var damaged = Enumerable.Range(0, Pictures).Select(number => Damage(whole[number % whole.Length], random)).ToList();
        var outcomes = new List<string>();
        foreach (var some in damaged.Chunk(20))
        {
            var made = await Task.WhenAll(some.Select(picture => desk.AskAsync(picture)));
            outcomes.AddRange(made.Select(one => one.Succeeded ? "made" : one.Problem.Code.Code));
        }

        Assert.Equal(Pictures, outcomes.Count);
        Assert.All(outcomes, outcome => Assert.Contains(outcome, (string[])["made", "photo.unreadable", "photo.too_many_pixels", "photo.worker_failed"]));
        // Damage that is never seen, or always fatal, would have tried nothing.
        Assert.Contains("made", outcomes);
        Assert.Contains("photo.unreadable", outcomes);
        await desk.MakeAsync(png);
    }

    private static byte[] Damage(byte[] whole, Random random)
    {
        var bytes = random.Next(8) == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
        for (var times = random.Next(1, 12); times > 0 && bytes.Length > 0; times--)
        {
            // Half of the damage is done to the headers, where lengths and sizes stand.
            var at = random.Next(2) == 0 ? random.Next(Math.Min(bytes.Length, 120)) : random.Next(bytes.Length);
            bytes[at] = random.Next(3) switch { 0 => 0xFF, 1 => 0, _ => (byte)random.Next(256) };
        }

        return bytes;
    }
}
