using System.Buffers.Binary;

namespace MeterSync.Bench.Field.Phones;

/// <summary>Makes photos: grey pictures of 640 x 480 that any decoder takes, each with bytes of its own in comment segments, of any size above 3 KiB.</summary>
internal static class FieldPhoto
{
    private const int Width = 640;
    private const int Height = 480;
    private const int MostInSegment = 65_533;

    public static byte[] Make(int seed, int bytes)
    {
        using var file = new MemoryStream(bytes + 16);
        file.Write([0xFF, 0xD8]);
        var end = Picture();
        var random = new Random(seed);
        for (var left = bytes - 2 - end.Length; left > 4;)
        {
            var length = Math.Min(left - 4, MostInSegment);
            var segment = new byte[length + 4];
            random.NextBytes(segment);
            segment[0] = 0xFF;
            segment[1] = 0xFE;
            BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), (ushort)(length + 2));
            file.Write(segment);
            left -= segment.Length;
        }
        file.Write(end);
        return file.ToArray();
    }

    /// <summary>Tables, frame and scan: every block is "no difference" and "end of block", one bit each.</summary>
    private static byte[] Picture()
    {
        using var file = new MemoryStream();
        Segment(file, 0xDB, [0, .. Enumerable.Repeat((byte)16, 64)]);
        Segment(file, 0xC0, [8, Height >> 8, Height & 0xFF, Width >> 8, Width & 0xFF, 1, 1, 0x11, 0]);
        byte[] oneCode = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        Segment(file, 0xC4, [0x00, .. oneCode]);
        Segment(file, 0xC4, [0x10, .. oneCode]);
        Segment(file, 0xDA, [1, 1, 0, 0, 63, 0]);
        file.Write(new byte[Width / 8 * (Height / 8) * 2 / 8]);
        file.Write([0xFF, 0xD9]);
        return file.ToArray();
    }

    private static void Segment(MemoryStream file, byte marker, byte[] content)
    {
        var length = content.Length + 2;
        file.Write([0xFF, marker, (byte)(length >> 8), (byte)length]);
        file.Write(content);
    }
}
