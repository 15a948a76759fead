using System.Text;
using MeterSync.Store.Vision;

namespace MeterSync.Tests.Store.Vision;

public sealed class ThumbnailTests
{
    private const string Red = "red", Green = "green", Blue = "blue", White = "white";

    [Fact]
    public async Task Turns_pictures_of_every_orientation_upright_in_every_format()
    {
        await using var desk = new VisionDesk();
        var png = TestPictures.Quarters(120, 80);
        var (jpeg, webp) = (TestPictures.ToJpeg(png), TestPictures.ToWebp(png));
        // Top left, top right, bottom left, bottom right, as EXIF means them.
        string[][] upright =
        [
            [Red, Green, Blue, White],
            [Green, Red, White, Blue],
            [White, Blue, Green, Red],
            [Blue, White, Red, Green],
            [Red, Blue, Green, White],
            [Blue, Red, White, Green],
            [White, Green, Blue, Red],
            [Green, White, Red, Blue],
        ];
        for (var orientation = 1; orientation <= 8; orientation++)
        {
            (string Format, byte[] Bytes)[] pictures =
            [
                ("jpeg", TestPictures.JpegWithOrientation(jpeg, orientation)),
                ("png", TestPictures.PngWithOrientation(png, orientation)),
                ("webp", TestPictures.WebpWithOrientation(webp, 120, 80, orientation)),
            ];
            foreach (var (format, bytes) in pictures)
            {
                var made = await desk.MakeAsync(bytes, 60);
                var sideways = orientation >= 5;
                Assert.Equal((format, orientation, 1), (made.Original.Format, made.Original.Orientation, made.Original.Pages));
                Assert.Equal(sideways ? (80, 120) : (120, 80), (made.Original.Width, made.Original.Height));
                Assert.Equal(sideways ? (40, 60) : (60, 40), (made.Width, made.Height));
                Assert.Equal(upright[orientation - 1], CornersOf(made.Jpeg));
                Assert.Equal(-1, made.Jpeg.AsSpan().IndexOf("Exif"u8));
                Assert.Equal([0xFF, 0xD8, 0xFF], made.Jpeg[..3]);
            }
        }
    }

    [Fact]
    public async Task Keeps_the_size_of_a_picture_that_is_small_already()
    {
        await using var desk = new VisionDesk();
        var made = await desk.MakeAsync(TestPictures.Quarters(30, 20));
        Assert.Equal((30, 20), (made.Width, made.Height));
    }

    [Fact]
    public async Task Reads_a_file_by_its_path_and_its_header_alone()
    {
        await using var desk = new VisionDesk();
        var file = Path.Combine(Path.GetTempPath(), $"metersync-[page=9]-{Guid.CreateVersion7():n}.jpg");
        await File.WriteAllBytesAsync(file, TestPictures.ToJpeg(TestPictures.Quarters(1000, 500)), TestContext.Current.CancellationToken);
        try
        {
            var made = await desk.Workers.ThumbnailAsync(file, Thumbnail.UsualEdge, TestContext.Current.CancellationToken);
            Assert.Equal((512, 256), (made.Value?.Width, made.Value?.Height));
            var facts = await desk.FactsAsync(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
            Assert.Equal(("jpeg", 1000, 500), (facts.Value?.Format, facts.Value?.Width, facts.Value?.Height));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task What_shows_through_becomes_white_and_grey_stays_grey()
    {
        await using var desk = new VisionDesk();
        var clear = await desk.MakeAsync(TestPictures.Png(16, 16, bitDepth: 8, colourType: 6, new byte[(1 + (4 * 16)) * 16]));
        Assert.All(TestPictures.Decode(clear.Jpeg).Pixels, pixel => Assert.InRange(pixel, 250, 255));
        var black = await desk.MakeAsync(TestPictures.BlackPng(16, 16));
        Assert.All(TestPictures.Decode(black.Jpeg).Pixels, pixel => Assert.InRange(pixel, 0, 5));
    }

    [Fact]
    public async Task Takes_the_first_page_of_a_picture_that_moves()
    {
        await using var desk = new VisionDesk();
        var frames = TestPictures.ToMovingWebp(TestPictures.Quarters(40, 80), pageHeight: 40);
        var made = await desk.MakeAsync(frames);
        Assert.Equal(("webp", 2, 40, 40), (made.Original.Format, made.Original.Pages, made.Width, made.Height));
    }

    [Fact]
    public async Task Refuses_what_is_no_picture_of_a_known_format()
    {
        await using var desk = new VisionDesk();
        var picture = TestPictures.Quarters(64, 64);
        var pages = new Dictionary<string, byte[]>
        {
            ["an empty file"] = [],
            ["a byte"] = [0xFF],
            ["a program"] = await File.ReadAllBytesAsync("/bin/sh", TestContext.Current.CancellationToken),
            ["words"] = Encoding.UTF8.GetBytes("<html>404 Not Found</html>"),
            ["a drawing"] = Encoding.UTF8.GetBytes("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\"><image href=\"/etc/passwd\"/></svg>"),
            ["a GIF"] = TestPictures.To("gifsave_buffer", picture),
            ["a TIFF"] = TestPictures.To("tiffsave_buffer", picture),
            ["a document"] = Encoding.ASCII.GetBytes("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"),
            ["libvips' own format"] = [0xB6, 0xA6, 0xF2, 0x08, .. new byte[1000]],
        };
        foreach (var (_, bytes) in pages)
        {
            Assert.Contains("no JPEG, PNG, WebP", (await desk.RefuseAsync(bytes, "photo.unreadable")).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Refuses_what_is_cut_off_or_damaged()
    {
        await using var desk = new VisionDesk();
        var png = TestPictures.Quarters(300, 200);
        foreach (var whole in (byte[][])[png, TestPictures.ToJpeg(png), TestPictures.ToWebp(png)])
        {
            await desk.RefuseAsync(whole[..(whole.Length / 2)], "photo.unreadable");
            await desk.RefuseAsync(whole[..20], "photo.unreadable");
            await desk.RefuseAsync(whole[..(whole.Length * 9 / 10)], "photo.unreadable");
        }

        await desk.MakeAsync(png);
    }

    [Fact]
    public async Task Refuses_too_many_pixels_by_the_header()
    {
        await using var desk = new VisionDesk();
        var problem = await desk.RefuseAsync(TestPictures.BlackJpeg(10_000, 6_000), "photo.too_many_pixels");
        Assert.Equal("The picture has 10000 x 6000 pixels; more than 50 million are not decoded.", problem.Message);
        // The rows of 60,000 x 60,000 pixels would be 10 GB; the file has 1 kB.
        var bomb = TestPictures.Png(60_000, 60_000, bitDepth: 8, colourType: 2, new byte[100_000]);
        Assert.InRange(bomb.Length, 1, 2_000);
        await desk.RefuseAsync(bomb, "photo.too_many_pixels");
        Assert.Equal("photo.too_many_pixels", (await desk.FactsAsync(bomb)).Problem?.Code.Code);
    }

    [Fact]
    public async Task Decodes_49_megapixels_in_little_memory()
    {
        await using var desk = new VisionDesk(new VisionOptions { TimeoutSeconds = 120, MemoryMiB = 256 });
        var packed = TestPictures.Png(7_000, 7_000, bitDepth: 8, colourType: 2, new byte[(1 + (3 * 7_000)) * 7_000]);
        Assert.Equal((512, 512), (await desk.MakeAsync(packed)) is var made ? (made.Width, made.Height) : default);
    }

    /// <summary>Names of the colours in the middle of each quarter.</summary>
    private static string[] CornersOf(byte[] jpeg)
    {
        var (width, height, pixels) = TestPictures.Decode(jpeg);
        return [At(1, 1), At(3, 1), At(1, 3), At(3, 3)];

        string At(int along, int down)
        {
            var at = 3 * ((height * down / 4 * width) + (width * along / 4));
            return (pixels[at] > 127, pixels[at + 1] > 127, pixels[at + 2] > 127) switch
            {
                (true, false, false) => Red,
                (false, true, false) => Green,
                (false, false, true) => Blue,
                (true, true, true) => White,
                var other => other.ToString(),
            };
        }
    }
}
