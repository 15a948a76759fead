using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Microsoft.Playwright;

namespace MeterSync.Browser.Tests.Support;

/// <summary>Photos as a phone's camera writes them: JPEGs of any size with EXIF time and position.</summary>
public static class CameraPhoto
{
    // Noise over a gradient: a flat picture would weigh nothing and be decoded in no time.
    private const string Paint = """
        async ([width, height, text]) => {
          const canvas = new OffscreenCanvas(width, height);
          const on = canvas.getContext("2d");
          const sky = on.createLinearGradient(0, 0, width, height);
          sky.addColorStop(0, "#8aa2b4");
          sky.addColorStop(1, "#3b4038");
          on.fillStyle = sky;
          on.fillRect(0, 0, width, height);
          const tile = new ImageData(256, 256);
          let seed = 7;
          for (let at = 0; at < tile.data.length; at++) tile.data[at] = at % 4 === 3 ? 60 : (seed = (seed * 1103515245 + 12345) & 0x7fffffff) >> 16 & 255;
          const noise = new OffscreenCanvas(256, 256);
          noise.getContext("2d").putImageData(tile, 0, 0);
          on.fillStyle = on.createPattern(noise, "repeat");
          on.fillRect(0, 0, width, height);
          on.fillStyle = "#f4f4ef";
          on.fillRect(width * 0.15, height * 0.4, width * 0.7, height * 0.2);
          on.fillStyle = "#111";
          on.font = `${Math.round(height * 0.15)}px monospace`;
          on.textAlign = "center";
          on.textBaseline = "middle";
          on.fillText(text, width / 2, height / 2, width * 0.65);
          const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.92 })).arrayBuffer());
          let packed = "";
          for (let at = 0; at < bytes.length; at += 0x8000) packed += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
          return btoa(packed);
        }
        """;

    /// <summary>Paints a photo of a counter in a page; 4032x3024 are 12 megapixels.</summary>
    /// <param name="page">Of any origin.</param>
    /// <param name="text">What the counter shows.</param>
    /// <param name="takenAt">Null: the camera wrote no time.</param>
    /// <param name="place">Latitude and longitude in degrees; null: the camera knew none.</param>
    public static async Task<byte[]> TakeAsync(IPage page, int width, int height, string text, DateTimeOffset? takenAt = null, (double Latitude, double Longitude)? place = null)
    {
        ArgumentNullException.ThrowIfNull(page);
        var jpeg = Convert.FromBase64String(await page.EvaluateAsync<string>(Paint, new object[] { width, height, text }));
        return takenAt is null && place is null ? jpeg : [.. jpeg.AsSpan(0, 2), .. Segment(takenAt, place), .. jpeg.AsSpan(2)];
    }

    /// <summary>APP1 behind the start of image, with a big-endian TIFF in it.</summary>
    private static byte[] Segment(DateTimeOffset? takenAt, (double Latitude, double Longitude)? place)
    {
        var tiff = new Tiff();
        var exif = takenAt is { } at
            ? tiff.Directory([Tiff.Text(0x9003, at.ToString("yyyy:MM:dd HH:mm:ss", CultureInfo.InvariantCulture)), Tiff.Text(0x9011, at.ToString("zzz", CultureInfo.InvariantCulture))])
            : (int?)null;
        var gps = place is { } where
            ? tiff.Directory(
            [
                Tiff.Text(1, where.Latitude < 0 ? "S" : "N"), Tiff.Degrees(2, Math.Abs(where.Latitude)),
                Tiff.Text(3, where.Longitude < 0 ? "W" : "E"), Tiff.Degrees(4, Math.Abs(where.Longitude)),
            ])
            : (int?)null;
        List<TiffField> first = [Tiff.Text(0x010f, "MeterSync"), Tiff.Text(0x0110, "Test camera")];
        if (exif is { } exifAt)
        {
            first.Add(Tiff.Pointer(0x8769, exifAt));
        }

        if (gps is { } gpsAt)
        {
            first.Add(Tiff.Pointer(0x8825, gpsAt));
        }

        byte[] body = [.. "Exif\0\0"u8, .. tiff.Finish(first)];
        var head = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(head, 0xffe1);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)(body.Length + 2));
        return [.. head, .. body];
    }

    private sealed record TiffField(ushort Tag, ushort Kind, int Count, byte[] Value);

    /// <summary>Directories are written behind the header one after the other; the first one of the file comes last.</summary>
    private sealed class Tiff
    {
        private const int Header = 8;
        private const ushort Ascii = 2;
        private const ushort Long = 4;
        private const ushort Rational = 5;
        private readonly List<byte> _body = [];

        public static TiffField Text(ushort tag, string text) => new(tag, Ascii, text.Length + 1, [.. Encoding.ASCII.GetBytes(text), 0]);

        public static TiffField Pointer(ushort tag, int at) => new(tag, Long, 1, Number(at));

        /// <summary>Degrees, minutes, and seconds to the ten thousandth.</summary>
        public static TiffField Degrees(ushort tag, double degrees)
        {
            var whole = (int)degrees;
            var minutes = (int)((degrees - whole) * 60);
            var seconds = (int)Math.Round((((degrees - whole) * 60) - minutes) * 60 * 10_000);
            return new(tag, Rational, 3, [.. Number(whole), .. Number(1), .. Number(minutes), .. Number(1), .. Number(seconds), .. Number(10_000)]);
        }

        /// <returns>Where it begins.</returns>
        public int Directory(IReadOnlyList<TiffField> fields)
        {
            var at = Header + _body.Count;
            var values = at + 2 + (fields.Count * 12) + 4;
            var behind = new List<byte>();
            _body.AddRange(Short((ushort)fields.Count));
            foreach (var field in fields)
            {
                _body.AddRange([.. Short(field.Tag), .. Short(field.Kind), .. Number(field.Count)]);
                if (field.Value.Length <= 4)
                {
                    _body.AddRange([.. field.Value, .. new byte[4 - field.Value.Length]]);
                }
                else
                {
                    _body.AddRange(Number(values + behind.Count));
                    behind.AddRange(field.Value);
                }
            }

            _body.AddRange([.. Number(0), .. behind]);
            return at;
        }

        public byte[] Finish(IReadOnlyList<TiffField> first)
        {
            var at = Directory(first);
            return [.. "MM"u8, .. Short(42), .. Number(at), .. _body];
        }

        private static byte[] Short(ushort value)
        {
            var bytes = new byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
            return bytes;
        }

        private static byte[] Number(int value)
        {
            var bytes = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(bytes, value);
            return bytes;
        }
    }
}
