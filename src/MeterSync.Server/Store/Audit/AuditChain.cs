using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MeterSync.Store.Audit;

/// <summary>What hangs each entry on the one before. docs/audit.md has the same in words, for whoever recomputes it.</summary>
internal static class AuditChain
{
    public const int HashBytes = 32;

    /// <summary>Stands before the first entry.</summary>
    public static readonly byte[] Beginning = new byte[HashBytes];

    /// <summary>HMAC-SHA256 over the previous hash, the place and every stored field; each field as a byte 1 and its length in four bytes before its bytes, or a byte 0 for null.</summary>
    /// <param name="key">Of the chain.</param>
    /// <param name="previous">Hash of the entry before.</param>
    /// <param name="seq">Place in the chain.</param>
    /// <param name="row">Its own seq and hash do not count.</param>
    public static byte[] HashOf(byte[] key, byte[] previous, long seq, AuditRow row)
    {
        // One call over all of it: each that goes into the library of the system costs more than the bytes.
        var hash = new ArrayBufferWriter<byte>(1024);
        hash.Write(previous.AsSpan());
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, seq);
        hash.Write<byte>(number);
        Append(hash, row.Id);
        BinaryPrimitives.WriteInt64BigEndian(number, row.At);
        Append(hash, number);
        Append(hash, row.ActorId);
        Append(hash, row.Actor);
        Append(hash, row.Action);
        Append(hash, row.EntityType);
        Append(hash, row.EntityId);
        Append(hash, row.OldData);
        Append(hash, row.NewData);
        Append(hash, row.IpAddress);
        Append(hash, row.UserAgent);
        return HMACSHA256.HashData(key, hash.WrittenSpan);
    }

    private static void Append(ArrayBufferWriter<byte> hash, Guid? id)
    {
        if (id is not { } value)
        {
            hash.Write((ReadOnlySpan<byte>)[0]);
            return;
        }

        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        Append(hash, bytes);
    }

    private static void Append(ArrayBufferWriter<byte> hash, string? text)
    {
        if (text is null)
        {
            hash.Write((ReadOnlySpan<byte>)[0]);
            return;
        }

        Append(hash, Encoding.UTF8.GetBytes(text));
    }

    private static void Append(ArrayBufferWriter<byte> hash, ReadOnlySpan<byte> field)
    {
        Span<byte> head = stackalloc byte[1 + sizeof(int)];
        head[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], field.Length);
        hash.Write<byte>(head);
        hash.Write(field);
    }
}

/// <summary>The last entry of a chain, or of a part of it.</summary>
internal sealed record AuditHead(long Seq, byte[] Hash)
{
    public static readonly AuditHead None = new(0, AuditChain.Beginning);

    /// <summary>As <c>metersync audit verify --expect</c> takes it.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Seq}:{Convert.ToHexStringLower(Hash)}");

    /// <summary>Reads SEQ:HASH.</summary>
    public static bool TryParse(string? text, out AuditHead head)
    {
        head = None;
        var parts = (text ?? "").Trim().Split(':');
        if (parts.Length != 2 || !long.TryParse(parts[0], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var seq) || seq < 1
            || parts[1].Length != AuditChain.HashBytes * 2 || !parts[1].All(char.IsAsciiHexDigit))
        {
            return false;
        }

        head = new AuditHead(seq, Convert.FromHexString(parts[1]));
        return true;
    }
}
