using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace MeterSync.Store.Blobs;

/// <summary>SHA-256 of bytes, which is also their name in the store.</summary>
/// <param name="Hex">64 lower-case hexadecimal digits.</param>
internal readonly record struct BlobHash(string Hex)
{
    public static BlobHash Of(ReadOnlySpan<byte> sha256) => sha256.Length == SHA256.HashSizeInBytes
        ? new BlobHash(Convert.ToHexStringLower(sha256))
        : throw new ArgumentException("A SHA-256 has 32 bytes.", nameof(sha256));

    /// <summary>Upper-case digits are read as well.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out BlobHash hash)
    {
        var isRead = text is { Length: 2 * SHA256.HashSizeInBytes } && text.All(char.IsAsciiHexDigit);
        hash = isRead ? new BlobHash(text!.ToLowerInvariant()) : default;
        return isRead;
    }

    public byte[] ToBytes() => Convert.FromHexString(Hex);

    /// <summary>Folders and name below the store's root: <c>ab/cd/abcd...</c>.</summary>
    public string Path => $"{Hex[..2]}/{Hex[2..4]}/{Hex}";

    public override string ToString() => Hex;
}
