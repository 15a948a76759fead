using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using MeterSync.Vision.Native;

namespace MeterSync.Tests.Store.Vision;

/// <summary>Pictures made here: the pixels by hand, JPEG and WebP by libvips itself.</summary>
internal static class TestPictures
{
    private static readonly Lazy<bool> Library = new(() =>
    {
        VipsLibrary.Load(VipsLibrary.Find(null) ?? throw new InvalidOperationException("libvips is missing: npm ci in web/ brings it."));
        return Vips.Init("tests") == 0 ? true : throw new InvalidOperationException(Vips.TakeError());
    });

    /// <summary>The four quarters are red (top left), green (top right), blue (bottom left) and white.</summary>
    public static byte[] Quarters(int width, int height) => Png(width, height, (x, y) => (x < width / 2, y < height / 2) switch
    {
        (true, true) => (255, 0, 0),
        (false, true) => (0, 255, 0),
        (true, false) => (0, 0, 255),
        _ => (255, 255, 255),
    });

    public static byte[] Png(int width, int height, Func<int, int, (byte Red, byte Green, byte Blue)> colour)
    {
        var rows = new byte[height * (1 + (3 * width))];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var at = (y * (1 + (3 * width))) + 1 + (3 * x);
                (rows[at], rows[at + 1], rows[at + 2]) = colour(x, y);
            }
        }

        return Png(width, height, bitDepth: 8, colourType: 2, rows);
    }

    /// <param name="rows">Unpacked rows, each with its filter byte before it; may be fewer than the header says.</param>
    public static byte[] Png(int width, int height, byte bitDepth, byte colourType, byte[] rows)
    {
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(rows);
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (bitDepth, colourType);
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. PngChunk("IHDR"u8, header), .. PngChunk("IDAT"u8, packed.ToArray()), .. PngChunk("IEND"u8, [])];
    }

    /// <summary>Black, one bit a pixel.</summary>
    public static byte[] BlackPng(int width, int height) => Png(width, height, bitDepth: 1, colourType: 0, new byte[(1 + ((width + 7) / 8)) * height]);

    /// <summary>The same picture as a JPEG, with further options of libvips' writer.</summary>
    public static byte[] ToJpeg(byte[] picture, params (string Name, string Value)[] options) => Save("jpegsave_buffer", picture, [("Q", "95"), ("subsample-mode", "off"), .. options]);

    public static byte[] ToWebp(byte[] picture) => Save("webpsave_buffer", picture, ("lossless", "true"), ("strip", "true"));

    /// <summary>The picture cut into pages, one above the other.</summary>
    public static byte[] ToMovingWebp(byte[] picture, int pageHeight) => Save("webpsave_buffer", picture, ("lossless", "true"), ("page-height", $"{pageHeight}"));

    /// <summary>In any format libvips can write.</summary>
    public static byte[] To(string saver, byte[] picture) => Save(saver, picture);

    /// <summary>A picture of one colour that never was in memory here.</summary>
    public static byte[] BlackJpeg(int width, int height, params (string Name, string Value)[] options)
    {
        _ = Library.Value;
        using var black = new VipsOperation("black").With("width", $"{width}").With("height", $"{height}").With("bands", "3").Run();
        using var image = black.Image("out");
        return Save("jpegsave_buffer", image, options);
    }

    /// <summary>Red, green and blue of each pixel, row by row.</summary>
    public static (int Width, int Height, byte[] Pixels) Decode(byte[] picture) => Use(picture, image =>
    {
        using var save = new VipsOperation("rawsave_buffer").WithImage("in", image).Run();
        return (Vips.Width(image.Pointer), Vips.Height(image.Pointer), save.Bytes("buffer"));
    });

    public static byte[] JpegWithOrientation(byte[] jpeg, int orientation)
    {
        byte[] exif = [.. "Exif\0\0"u8, .. Tiff(orientation)];
        return [.. jpeg[..2], 0xFF, 0xE1, (byte)((exif.Length + 2) >> 8), (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }

    public static byte[] PngWithOrientation(byte[] png, int orientation)
    {
        const int AfterHeader = 8 + 25;
        return [.. png[..AfterHeader], .. PngChunk("eXIf"u8, Tiff(orientation)), .. png[AfterHeader..]];
    }

    /// <param name="webp">Of the simple form: one chunk.</param>
    public static byte[] WebpWithOrientation(byte[] webp, int width, int height, int orientation)
    {
        const byte HasExif = 0x08;
        byte[] extended = [HasExif, 0, 0, 0, .. BitConverter.GetBytes(width - 1).AsSpan(0, 3), .. BitConverter.GetBytes(height - 1).AsSpan(0, 3)];
        byte[] chunks = [.. "WEBP"u8, .. RiffChunk("VP8X"u8, extended), .. webp[12..], .. RiffChunk("EXIF"u8, Tiff(orientation))];
        return [.. "RIFF"u8, .. BitConverter.GetBytes(chunks.Length), .. chunks];
    }

    private static byte[] Save(string saver, byte[] picture, params (string Name, string Value)[] options) => Use(picture, image => Save(saver, image, options));

    private static byte[] Save(string saver, VipsReference image, params (string Name, string Value)[] options)
    {
        using var save = new VipsOperation(saver).WithImage("in", image);
        foreach (var (name, value) in options)
        {
            save.With(name, value);
        }

        return save.Run().Bytes("buffer");
    }

    private static T Use<T>(byte[] picture, Func<VipsReference, T> use)
    {
        _ = Library.Value;
        var pinned = GCHandle.Alloc(picture, GCHandleType.Pinned);
        try
        {
            using var source = new VipsReference(Vips.NewSource(pinned.AddrOfPinnedObject(), (nuint)picture.Length));
            using var load = new VipsOperation(Vips.Loader(source.Pointer) ?? throw new InvalidOperationException(Vips.TakeError())).WithSource("source", source).Run();
            using var image = load.Image("out");
            return use(image);
        }
        finally
        {
            pinned.Free();
        }
    }

    /// <summary>EXIF with the orientation alone, little end first.</summary>
    private static byte[] Tiff(int orientation) => [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0];

    private static byte[] PngChunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] body = [.. type, .. data];
        var chunk = new byte[body.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        body.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(body.Length + 4), Crc(body));
        return chunk;
    }

    private static byte[] RiffChunk(ReadOnlySpan<byte> type, byte[] data) => [.. type, .. BitConverter.GetBytes(data.Length), .. data, .. data.Length % 2 == 0 ? Array.Empty<byte>() : [0]];

    private static uint Crc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }
}
