using System.Buffers.Binary;
using System.Buffers.Text;
using MeterSync.Kernel;
using MeterSync.Store.Secrets;

namespace MeterSync.Modules.Photos.Store;

/// <summary>What an address with a seal allows.</summary>
internal enum PhotoLinkUse : byte
{
    View,
    Upload,
}

/// <summary>Seals addresses of photos: whoever holds one may do the one thing with the one photo until a time, without a sign-in. The keys are those of all secrets, so every process
/// of an installation reads the seals of the others, and nothing is kept for them.</summary>
internal sealed class PhotoSeals(SecretBox secrets, TimeProvider clock)
{
    /// <summary>Name in the query.</summary>
    public const string Parameter = "signature";

    private const int Length = 1 + 16 + 8;
    private const int LongestText = 1_000;

    public string Of(PhotoLinkUse use, PhotoId photo, DateTimeOffset until)
    {
        var plain = new byte[Length];
        plain[0] = (byte)use;
        photo.Value.TryWriteBytes(plain.AsSpan(1), bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(plain.AsSpan(17), until.ToUnixTimeSeconds());
        return Base64Url.EncodeToString(secrets.Seal(SecretBox.PhotoLinks, plain));
    }

    /// <summary>Null where the address allows it.</summary>
    public Problem? Refuse(string? seal, PhotoLinkUse use, PhotoId photo)
    {
        Span<byte> id = stackalloc byte[16];
        photo.Value.TryWriteBytes(id, bigEndian: true, out _);
        if (Open(seal) is not { } plain || plain[0] != (byte)use || !plain.AsSpan(1, 16).SequenceEqual(id))
        {
            return PhotoProblems.LinkInvalid.Because("This address does not open this photo. Ask for the photo again, and use the address as it is given.");
        }

        return BinaryPrimitives.ReadInt64BigEndian(plain.AsSpan(17)) <= clock.GetUtcNow().ToUnixTimeSeconds()
            ? PhotoProblems.LinkExpired.Because("This address has run out. Ask for the photo again.")
            : null;
    }

    private byte[]? Open(string? seal)
    {
        if (seal is not { Length: > 0 and <= LongestText } || !Base64Url.IsValid(seal))
        {
            return null;
        }

        return secrets.TryOpen(SecretBox.PhotoLinks, Base64Url.DecodeFromChars(seal)) is { Length: Length } plain ? plain : null;
    }
}
