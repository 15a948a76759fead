using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using MeterSync.Kernel;

namespace MeterSync.Modules.Sync.Domain;

/// <summary>What a phone has been handed so far: parts of a snapshot one after the other, then the log.</summary>
internal enum PullPart : byte
{
    Meters = 1,
    Assignments = 2,
    Readings = 3,
    Log = 4,
}

/// <summary>Where a phone goes on. Opaque to it: base64url of a fixed layout with a checksum, which tells what a phone garbled from what another life of the data gave out.
/// It opens nothing: whoever makes one up is shown the own things, from another place.</summary>
/// <param name="Epoch">The life of the data it belongs to.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Part">What comes next.</param>
/// <param name="Seq">The log is heard up to this number; in a snapshot the number noted before its first page.</param>
/// <param name="Last">The last row of the part that was handed out, by its id, and its instant where the part goes by instants.</param>
internal sealed record PullCursor(Guid Epoch, UserId User, PullPart Part, long Seq, Cursor Last)
{
    public const int MostText = 120;
    private const byte Layout = 1;
    private const int EpochAt = 2;
    private const int UserAt = 18;
    private const int SeqAt = 34;
    private const int InstantAt = 42;
    private const int IdAt = 50;
    private const int ChecksumAt = 66;
    private const int ChecksumBytes = 4;
    private const int Length = ChecksumAt + ChecksumBytes;

    /// <summary>Before the first row of a part.</summary>
    public static readonly Cursor Start = new(DateTimeOffset.UnixEpoch, Guid.Empty);

    public static PullCursor Of(Guid epoch, UserId user, long seq) => new(epoch, user, PullPart.Log, seq, Start);

    public static bool TryParse(string text, [NotNullWhen(true)] out PullCursor? cursor)
    {
        cursor = null;
        Span<byte> bytes = stackalloc byte[Length];
        Span<byte> checksum = stackalloc byte[ChecksumBytes];
        // Decoding throws where a character is wrong.
        if (text.Length > MostText || !Base64Url.IsValid(text, out var length) || length != Length || !Base64Url.TryDecodeFromChars(text, bytes, out _) || bytes[0] != Layout)
        {
            return false;
        }

        Check(bytes, checksum);
        var (part, seq, micros) = ((PullPart)bytes[1], BinaryPrimitives.ReadInt64BigEndian(bytes[SeqAt..]), BinaryPrimitives.ReadInt64BigEndian(bytes[InstantAt..]));
        if (!checksum.SequenceEqual(bytes[ChecksumAt..]) || !Enum.IsDefined(part) || seq < 0 || !Instants.IsRepresentable(micros))
        {
            return false;
        }

        cursor = new PullCursor(
            new Guid(bytes[EpochAt..UserAt], bigEndian: true),
            new UserId(new Guid(bytes[UserAt..SeqAt], bigEndian: true)),
            part,
            seq,
            new Cursor(Instants.FromUnixMicroseconds(micros), new Guid(bytes[IdAt..ChecksumAt], bigEndian: true)));
        return true;
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        (bytes[0], bytes[1]) = (Layout, (byte)Part);
        Epoch.TryWriteBytes(bytes[EpochAt..], bigEndian: true, out _);
        User.Value.TryWriteBytes(bytes[UserAt..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes[SeqAt..], Seq);
        BinaryPrimitives.WriteInt64BigEndian(bytes[InstantAt..], Last.At.ToUnixMicroseconds());
        Last.Id.TryWriteBytes(bytes[IdAt..], bigEndian: true, out _);
        Check(bytes, bytes[ChecksumAt..]);
        return Base64Url.EncodeToString(bytes);
    }

    private static void Check(ReadOnlySpan<byte> bytes, Span<byte> checksum)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..ChecksumAt], hash);
        hash[..ChecksumBytes].CopyTo(checksum);
    }
}
