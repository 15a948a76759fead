using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MeterSync.Kernel;

/// <summary>Makes UUIDv7 ids from the server's clock (RFC 9562, 6.2 method 1: a counter within the millisecond), so that the rows of one import are
/// appended to an index and not scattered over it. Ids of other processes fall in between: nothing may be ordered by them, and they are no secret.</summary>
public sealed class IdSource(TimeProvider clock)
{
    private const int CounterBits = 12;
    private const int RandomBytes = sizeof(ulong);
    private readonly Lock turn = new();
    private readonly byte[] random = new byte[RandomBytes * 128];
    private int used = RandomBytes * 128;
    private long last;

    public Guid Next()
    {
        Span<byte> bytes = stackalloc byte[16];
        var milliseconds = clock.GetUtcNow().ToUnixTimeMilliseconds();
        lock (turn)
        {
            var tail = Random();

            // A counter that is full borrows from the next millisecond; a clock set back waits where it was. A new millisecond starts in the lower half.
            last = Math.Max(last + 1, (milliseconds << CounterBits) | (long)(tail >> (64 - CounterBits + 1)));
            BinaryPrimitives.WriteInt64BigEndian(bytes, ((last >> CounterBits) << 16) | 0x7000 | (last & ((1 << CounterBits) - 1)));
            BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], (Random() >> 2) | (1UL << 63));
        }

        return new Guid(bytes, bigEndian: true);
    }

    public TId Next<TId>()
        where TId : struct, ITypedId<TId> => TId.From(Next());

    private ulong Random()
    {
        if (used == random.Length)
        {
            RandomNumberGenerator.Fill(random);
            used = 0;
        }

        var next = BinaryPrimitives.ReadUInt64BigEndian(random.AsSpan(used));
        used += RandomBytes;
        return next;
    }
}
