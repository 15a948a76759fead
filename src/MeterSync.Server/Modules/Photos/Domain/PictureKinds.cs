using System.Text;

namespace MeterSync.Modules.Photos.Domain;

/// <summary>What bytes are, told by their beginning and never by their name.</summary>
internal static class PictureKinds
{
    /// <summary>As many first bytes as the answer needs.</summary>
    public const int HeadBytes = 64;

    public const string Jpeg = "image/jpeg";
    public const string Png = "image/png";
    public const string Webp = "image/webp";
    public const string Heic = "image/heic";

    /// <summary>What a sender may announce.</summary>
    public static readonly IReadOnlyList<string> Announced = [Jpeg, "image/jpg", Png, Webp, Heic, "image/heif"];

    private static readonly string[] HeicBrands = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"];

    /// <summary>AVIF has the general brands of HEIC as well.</summary>
    private static readonly string[] AvifBrands = ["avif", "avis"];

    /// <summary>The content type; null for what is no picture that is taken.</summary>
    public static string? Of(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xD8, 0xFF, ..] => Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Png,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => Webp,
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] when IsHeic(head) => Heic,
        _ => null,
    };

    public static string EndingOf(string contentType) => contentType switch
    {
        Png => "png",
        Webp => "webp",
        Heic => "heic",
        _ => "jpg",
    };

    /// <summary>The box of file type says its main brand, a number, and further brands.</summary>
    private static bool IsHeic(ReadOnlySpan<byte> head)
    {
        var length = Math.Min(head.Length, (int)Math.Min(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(head), HeadBytes));
        var isHeic = false;
        for (var at = 8; at + 4 <= length; at += at == 8 ? 8 : 4)
        {
            var brand = Encoding.ASCII.GetString(head.Slice(at, 4));
            if (AvifBrands.Contains(brand, StringComparer.Ordinal))
            {
                return false;
            }

            isHeic |= HeicBrands.Contains(brand, StringComparer.Ordinal);
        }

        return isHeic;
    }
}
