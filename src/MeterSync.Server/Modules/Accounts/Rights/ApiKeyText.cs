using System.Buffers.Text;
using System.Security.Cryptography;
using MeterSync.Kernel;

namespace MeterSync.Modules.Accounts.Rights;

/// <summary>An API key as its holder writes it: <c>msk_</c>, then the key's id and 32 random bytes in base64url. The id finds the key without searching,
/// and the prefix lets scanners of published code recognise one.</summary>
internal static class ApiKeyText
{
    public const string Prefix = "msk_";
    private const int IdBytes = 16;
    private const int SecretBytes = 32;
    private const int TextLength = 64;

    public static (string Text, byte[] Hash) Make(ApiKeyId id)
    {
        Span<byte> bytes = stackalloc byte[IdBytes + SecretBytes];
        id.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        RandomNumberGenerator.Fill(bytes[IdBytes..]);
        return (Prefix + Base64Url.EncodeToString(bytes), SHA256.HashData(bytes[IdBytes..]));
    }

    /// <summary>Null where the text is no key of this form.</summary>
    public static (ApiKeyId Id, byte[] Hash)? Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[IdBytes + SecretBytes];
        return text.Length == Prefix.Length + TextLength && text.StartsWith(Prefix, StringComparison.Ordinal)
            && Base64Url.IsValid(text.AsSpan(Prefix.Length)) && Base64Url.TryDecodeFromChars(text.AsSpan(Prefix.Length), bytes, out var written) && written == bytes.Length
            ? (new ApiKeyId(new Guid(bytes[..IdBytes], bigEndian: true)), SHA256.HashData(bytes[IdBytes..]))
            : null;
    }
}
