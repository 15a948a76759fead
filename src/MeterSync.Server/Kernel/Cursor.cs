using System.Buffers.Binary;
using System.Buffers.Text;

namespace MeterSync.Kernel;

/// <summary>The opaque place in a list ordered by (instant, id): where the next page of a keyset walk begins.</summary>
/// <param name="At">Sort instant of the last row handed out, UTC, microseconds.</param>
/// <param name="Id">Its id, the tie-breaker.</param>
public readonly record struct Cursor(DateTimeOffset At, Guid Id)
{
    private const int Length = 24;

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, At.ToUnixMicroseconds());
        Id.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryParse(string? text, out Cursor cursor)
    {
        cursor = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (text is null || text.Length != 32 || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var written) || written != Length)
        {
            return false;
        }

        var micros = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (!Instants.IsRepresentable(micros))
        {
            return false;
        }

        cursor = new Cursor(Instants.FromUnixMicroseconds(micros), new Guid(bytes[8..], bigEndian: true));
        return true;
    }
}
