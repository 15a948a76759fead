using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MeterSync.Store.Audit;

/// <summary>AES-256-GCM under one person's key. What it makes is <c>p1:</c> and, in base64, the key's id (16 bytes), the nonce (12), the ciphertext and the tag (16);
/// the key's id is authenticated along.</summary>
internal sealed class PersonCipher(Guid keyId, Guid personId, byte[] secret)
{
    public const string Prefix = "p1:";
    private const int IdBytes = 16;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private AesGcm? spare; // costs more to make than to use, and is for one thread at a time
    private Memo? address;
    private Memo? agent;

    public Guid KeyId => keyId;

    public Guid PersonId => personId;

    /// <summary>An address; the last one is kept, because a person's requests come from one place for hours.</summary>
    public string SealAddress(string text) => Remembered(ref address, text);

    /// <summary>A user agent, likewise.</summary>
    public string SealAgent(string text) => Remembered(ref agent, text);

    public string Seal(string text) => Seal(Encoding.UTF8.GetBytes(text));

    public string Seal(ReadOnlySpan<byte> clear)
    {
        var sealedBytes = new byte[IdBytes + NonceBytes + clear.Length + TagBytes];
        var id = sealedBytes.AsSpan(0, IdBytes);
        var nonce = sealedBytes.AsSpan(IdBytes, NonceBytes);
        keyId.TryWriteBytes(id, bigEndian: true, out _);
        RandomNumberGenerator.Fill(nonce);
        var aes = Interlocked.Exchange(ref spare, null) ?? new AesGcm(secret, TagBytes);
        aes.Encrypt(nonce, clear, sealedBytes.AsSpan(IdBytes + NonceBytes, clear.Length), sealedBytes.AsSpan(IdBytes + NonceBytes + clear.Length), id);
        GiveBack(aes);
        return Prefix + Convert.ToBase64String(sealedBytes);
    }

    /// <summary>Null where it was changed or is not under this key.</summary>
    public byte[]? TryOpen(ReadOnlySpan<byte> sealedBytes)
    {
        if (sealedBytes.Length < IdBytes + NonceBytes + TagBytes)
        {
            return null;
        }

        var clear = new byte[sealedBytes.Length - IdBytes - NonceBytes - TagBytes];
        var aes = Interlocked.Exchange(ref spare, null) ?? new AesGcm(secret, TagBytes);
        try
        {
            aes.Decrypt(sealedBytes.Slice(IdBytes, NonceBytes), sealedBytes.Slice(IdBytes + NonceBytes, clear.Length), sealedBytes[^TagBytes..], clear, sealedBytes[..IdBytes]);
            return clear;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        finally
        {
            GiveBack(aes);
        }
    }

    /// <summary>The bytes of a sealed text and the key they need; null where it is none.</summary>
    public static (Guid KeyId, byte[] Bytes)? Read(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || !Base64.IsValid(text[Prefix.Length..], out var length) || length < IdBytes + NonceBytes + TagBytes)
        {
            return null;
        }

        var bytes = new byte[length];
        return Convert.TryFromBase64Chars(text[Prefix.Length..], bytes, out _) ? (new Guid(bytes.AsSpan(0, IdBytes), bigEndian: true), bytes) : null;
    }

    private void GiveBack(AesGcm aes) => Interlocked.Exchange(ref spare, aes)?.Dispose();

    private string Remembered(ref Memo? memo, string text)
    {
        var last = memo;
        if (last?.Clear != text)
        {
            memo = last = new Memo(text, Seal(text));
        }

        return last.Sealed;
    }

    private sealed record Memo(string Clear, string Sealed);
}
