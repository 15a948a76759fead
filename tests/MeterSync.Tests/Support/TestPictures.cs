using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace MeterSync.Tests.Support;

/// <summary>Real pictures, each with bytes of its own.</summary>
internal static class TestPictures
{
    /// <summary>A grey square of 8 by 8 pixels.</summary>
    private const string Grey = "/9j/2wBDABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBD/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z";

    /// <summary>A JPEG with a comment that no other number has.</summary>
    public static byte[] Jpeg(int number) => With(Segment(0xFE, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"picture {number} {Guid.CreateVersion7()}"))));

    /// <summary>A JPEG as a phone takes it: where, when, and held on its side.</summary>
    /// <param name="latitude">Degrees north, null for no position.</param>
    /// <param name="longitude">Degrees east.</param>
    /// <param name="takenAt">With its offset; null for no time.</param>
    public static byte[] Taken(double? latitude, double? longitude, DateTimeOffset? takenAt)
    {
        var exif = new ExifWriter();
        return With([.. Segment(0xE1, [.. "Exif\0\0"u8, .. exif.Write(latitude, longitude, takenAt)]), .. Segment(0xFE, Encoding.ASCII.GetBytes(Guid.CreateVersion7().ToString()))]);
    }

    private static byte[] With(byte[] segments)
    {
        var grey = Convert.FromBase64String(Grey);
        return [.. grey.AsSpan(0, 2), .. segments, .. grey.AsSpan(2)];
    }

    private static byte[] Segment(byte marker, byte[] content)
    {
        var segment = new byte[4 + content.Length];
        segment[0] = 0xFF;
        segment[1] = marker;
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), (ushort)(content.Length + 2));
        content.CopyTo(segment, 4);
        return segment;
    }

    /// <summary>TIFF, big-endian: main directory, and those of the exposure and the position behind it.</summary>
    private sealed class ExifWriter
    {
        private readonly List<byte> tail = [];
        private int tailAt;

        public byte[] Write(double? latitude, double? longitude, DateTimeOffset? takenAt)
        {
            const int mainAt = 8;
            const int mainEntries = 3;
            const int exifEntries = 2;
            const int gpsEntries = 4;
            var exifAt = mainAt + 2 + (12 * mainEntries) + 4;
            var gpsAt = exifAt + 2 + (12 * exifEntries) + 4;
            tailAt = gpsAt + 2 + (12 * gpsEntries) + 4;
            var time = takenAt ?? DateTimeOffset.UnixEpoch;
            List<byte[]> main = [Entry(0x0112, 3, 1, [0, 6, 0, 0]), Entry(0x8769, 4, 1, Number(takenAt is null ? 0 : exifAt)), Entry(0x8825, 4, 1, Number(latitude is null ? 0 : gpsAt))];
            List<byte[]> exif = [Text(0x9003, time.ToString("yyyy:MM:dd HH:mm:ss", CultureInfo.InvariantCulture)), Text(0x9011, time.ToString("zzz", CultureInfo.InvariantCulture))];
            List<byte[]> gps = [Text(1, latitude < 0 ? "S" : "N"), Degrees(2, Math.Abs(latitude ?? 0)), Text(3, longitude < 0 ? "W" : "E"), Degrees(4, Math.Abs(longitude ?? 0))];
            main = [.. main.Where(entry => !entry.AsSpan(8).SequenceEqual(new byte[4]))];
            byte[] mainBytes = [.. Directory(main), .. new byte[12 * (mainEntries - main.Count)]];
            return [.. "MM"u8, 0, 42, .. Number(mainAt), .. mainBytes, .. Directory(exif), .. Directory(gps), .. tail];
        }

        private static byte[] Directory(List<byte[]> entries) => [(byte)(entries.Count >> 8), (byte)entries.Count, .. entries.SelectMany(entry => entry), 0, 0, 0, 0];

        private static byte[] Number(int number)
        {
            var bytes = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(bytes, number);
            return bytes;
        }

        private static byte[] Entry(int tag, int type, int count, byte[] value) => [(byte)(tag >> 8), (byte)tag, 0, (byte)type, .. Number(count), .. value];

        private byte[] Text(int tag, string text)
        {
            byte[] bytes = [.. Encoding.ASCII.GetBytes(text), 0];
            return bytes.Length <= 4 ? Entry(tag, 2, bytes.Length, [.. bytes, .. new byte[4 - bytes.Length]]) : Entry(tag, 2, bytes.Length, Behind(bytes));
        }

        private byte[] Degrees(int tag, double degrees) =>
            Entry(tag, 5, 3, Behind([.. Number((int)Math.Round(degrees * 1_000_000)), .. Number(1_000_000), .. Number(0), .. Number(1), .. Number(0), .. Number(1)]));

        private byte[] Behind(byte[] bytes)
        {
            var at = tailAt + tail.Count;
            tail.AddRange(bytes);
            return Number(at);
        }
    }
}
