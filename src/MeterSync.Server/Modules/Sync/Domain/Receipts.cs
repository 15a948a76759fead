using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MeterSync.Kernel;

namespace MeterSync.Modules.Sync.Domain;

/// <param name="ServerSeq">1 for the device's first.</param>
/// <param name="Chain">32 bytes; commits to every receipt before.</param>
/// <param name="Mac">32 bytes; shows without the others that we gave it.</param>
internal sealed record Receipt(long ServerSeq, byte[] Chain, byte[] Mac);

/// <summary>What a phone is given for each item that was committed. docs/sync.md has the same in words, for whoever recomputes it.</summary>
internal static class Receipts
{
    public const int HashBytes = 32;
    private const int IdBytes = 16;

    /// <summary>Stands before a device's first receipt.</summary>
    public static readonly byte[] Beginning = new byte[HashBytes];

    /// <summary>chain = SHA-256(previous chain | client_id | content hash | server_seq): 32 + 16 + 32 + 8 bytes, ids and numbers big-endian.</summary>
    public static byte[] ChainOf(ReadOnlySpan<byte> previous, Guid clientId, ReadOnlySpan<byte> contentHash, long serverSeq)
    {
        Span<byte> text = stackalloc byte[HashBytes + IdBytes + HashBytes + sizeof(long)];
        previous.CopyTo(text);
        clientId.TryWriteBytes(text[HashBytes..], bigEndian: true, out _);
        contentHash.CopyTo(text[(HashBytes + IdBytes)..]);
        BinaryPrimitives.WriteInt64BigEndian(text[^sizeof(long)..], serverSeq);
        return SHA256.HashData(text);
    }

    /// <summary>mac = HMAC-SHA-256(key, SHA-256(user id | device_id as UTF-8) | client_id | server_seq | chain). The chain stands for the content hash and all before it; the person and the phone
    /// are named as both know them, so that a receipt can be verified by a database that was restored to before it met the phone.</summary>
    public static byte[] MacOf(byte[] key, UserId user, string deviceKey, Guid clientId, long serverSeq, ReadOnlySpan<byte> chain)
    {
        Span<byte> text = stackalloc byte[HashBytes + IdBytes + sizeof(long) + HashBytes];
        DeviceHash(user, deviceKey, text);
        clientId.TryWriteBytes(text[HashBytes..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(text[(HashBytes + IdBytes)..], serverSeq);
        chain.CopyTo(text[^HashBytes..]);
        return HMACSHA256.HashData(key, text);
    }

    private static void DeviceHash(UserId user, string deviceKey, Span<byte> into)
    {
        var text = new byte[IdBytes + Encoding.UTF8.GetByteCount(deviceKey)];
        user.Value.TryWriteBytes(text, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(deviceKey, text.AsSpan(IdBytes));
        SHA256.HashData(text, into);
    }
}
