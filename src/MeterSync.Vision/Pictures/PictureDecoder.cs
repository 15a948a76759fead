using System.Globalization;
using MeterSync.Vision.Native;

namespace MeterSync.Vision.Pictures;

/// <summary>Reads pictures with libvips. Only these formats are read whatever the library can do: each further decoder is a further way in.</summary>
internal static class PictureDecoder
{
    private const string JpegLoader = "VipsForeignLoadJpeg", PngLoader = "VipsForeignLoadPng", WebpLoader = "VipsForeignLoadWebp", HeifLoader = "VipsForeignLoadHeif";
    private const string StopAtDamage = "[fail_on=truncated]"; // the operation's own argument for it does not reach the loader of a source
    private const int FirstSidewaysOrientation = 5;

    private static readonly string[] s_loaders =
    [
        JpegLoader,
        PngLoader,
        WebpLoader,
        HeifLoader,
    ];

    /// <summary>Loads the library and shuts what is not needed of it.</summary>
    /// <returns>Its version.</returns>
    public static string Begin(string library)
    {
        VipsLibrary.Load(library);
        if (Vips.Init("metersync") != 0)
        {
            throw VipsException.Take();
        }
        Vips.SetConcurrency(1);
        Vips.SetMostCached(0);
        Vips.BlockUntrusted(1);
        Vips.Block("VipsForeignLoad", 1);
        foreach (var loader in s_loaders)
        {
            Vips.Block(loader, 0);
        }
        return Vips.Version;
    }

    /// <exception cref="PictureRefusedException">It is not decoded.</exception>
    public static PictureFacts Facts(nint data, nuint length, long mostPixels)
    {
        try
        {
            using var source = new VipsReference(Vips.NewSource(data, length));
            return Facts(source, mostPixels);
        }
        catch (VipsException refused)
        {
            throw Refusal(refused);
        }
    }

    /// <summary>A JPEG in sRGB without metadata, upright, no side longer than asked for, and never larger than the picture.</summary>
    /// <exception cref="PictureRefusedException">It is not decoded.</exception>
    public static SmallPicture Thumbnail(nint data, nuint length, int maxEdge, int quality, long mostPixels)
    {
        try
        {
            using var source = new VipsReference(Vips.NewSource(data, length));
            var facts = Facts(source, mostPixels);
            Vips.ClearError();
            var edge = maxEdge.ToString(CultureInfo.InvariantCulture);
            using var shrink = new VipsOperation("thumbnail_source").WithSource("source", source)
                .With("width", edge).With("height", edge).With("size", "down").With("export-profile", "srgb").With("option-string", StopAtDamage).Run();
            using var small = shrink.Image("out");
            using var opaque = Flatten(small);
            using var save = new VipsOperation("jpegsave_buffer").WithImage("in", opaque)
                .With("Q", quality.ToString(CultureInfo.InvariantCulture)).With("strip", "true").With("optimize-coding", "true").Run();
            return new SmallPicture(facts, save.Bytes("buffer"), Vips.Width(opaque.Pointer), Vips.Height(opaque.Pointer));
        }
        catch (VipsException refused)
        {
            throw Refusal(refused);
        }
    }

    /// <summary>A JPEG has nothing to see through: what is transparent becomes white.</summary>
    private static VipsReference Flatten(VipsReference image)
    {
        if (Vips.HasAlpha(image.Pointer) == 0)
        {
            using var copy = new VipsOperation("copy").WithImage("in", image).Run();
            return copy.Image("out");
        }
        using var flatten = new VipsOperation("flatten").WithImage("in", image).With("background", "255 255 255").Run();
        return flatten.Image("out");
    }

    private static PictureFacts Facts(VipsReference source, long mostPixels)
    {
        if (Vips.Loader(source.Pointer) is not { } loader)
        {
            throw new PictureRefusedException(PictureFault.UnknownFormat, Vips.TakeError());
        }
        using var load = new VipsOperation(loader).WithSource("source", source).With("access", "sequential").With("fail-on", "truncated").Run();
        using var image = load.Image("out");
        var (width, height) = (Vips.Width(image.Pointer), Vips.Height(image.Pointer));
        if ((long)width * height > mostPixels)
        {
            throw new PictureRefusedException(PictureFault.TooManyPixels, $"{width} x {height} pixels") { Size = (width, height) };
        }
        var orientation = Vips.Orientation(image.Pointer);
        return orientation >= FirstSidewaysOrientation
            ? new PictureFacts(FormatOf(loader, image), height, width, orientation, Vips.Pages(image.Pointer))
            : new PictureFacts(FormatOf(loader, image), width, height, orientation, Vips.Pages(image.Pointer));
    }

    private static string FormatOf(string loader, VipsReference image) =>
        loader.StartsWith(JpegLoader, StringComparison.Ordinal) ? "jpeg"
        : loader.StartsWith(PngLoader, StringComparison.Ordinal) ? "png"
        : loader.StartsWith(WebpLoader, StringComparison.Ordinal) ? "webp"
        : Vips.Text(image.Pointer, "heif-compression") == "av1" ? "avif"
        : "heic";

    private static PictureRefusedException Refusal(VipsException refused) =>
        new(refused.Message.Contains("memory", StringComparison.OrdinalIgnoreCase) ? PictureFault.TooMuchMemory : PictureFault.Damaged, refused.Message);
}

/// <param name="Facts">Of the picture it was made from.</param>
/// <param name="Jpeg">The small picture.</param>
/// <param name="Width">Its pixels along.</param>
/// <param name="Height">Its pixels down.</param>
internal sealed record SmallPicture(PictureFacts Facts, byte[] Jpeg, int Width, int Height);
