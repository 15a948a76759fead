using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MeterSync.Vision.Worker;

/// <summary>
/// How a message travels: length of its head, length of its body (both 4 bytes, little end first), the head as JSON in UTF-8, the body as it is.
/// A frame that says it is longer than these bounds ends the conversation.
/// </summary>
public static class WorkerFrame
{
    /// <summary>Of the protocol. Changes when either side of an older one would misread the other.</summary>
    public const int Version = 1;

    /// <summary>Bytes before the head.</summary>
    public const int PrefixBytes = 8;

    /// <summary>Longest head.</summary>
    public const int MostHeadBytes = 64 * 1024;

    /// <summary>Largest picture that is handed over.</summary>
    public const int MostPictureBytes = 64 * 1024 * 1024;

    /// <summary>Largest thumbnail that is taken back.</summary>
    public const int MostThumbnailBytes = 16 * 1024 * 1024;

    /// <summary>Prefix and head; the body is to follow.</summary>
    public static byte[] Begin<T>(T head, JsonTypeInfo<T> form, int bodyBytes)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(head, form);
        var frame = new byte[PrefixBytes + json.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, json.Length);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(4), bodyBytes);
        json.CopyTo(frame.AsSpan(PrefixBytes));
        return frame;
    }

    /// <exception cref="InvalidDataException">A length is out of bounds.</exception>
    public static (int HeadBytes, int BodyBytes) LengthsOf(ReadOnlySpan<byte> prefix, int mostBodyBytes)
    {
        var (head, body) = (BinaryPrimitives.ReadInt32LittleEndian(prefix), BinaryPrimitives.ReadInt32LittleEndian(prefix[4..]));
        return head is > 0 and <= MostHeadBytes && body >= 0 && body <= mostBodyBytes ? (head, body) : throw new InvalidDataException($"A frame of {head} and {body} bytes is none of ours.");
    }

    /// <exception cref="InvalidDataException">It is not the JSON that was expected.</exception>
    public static T HeadOf<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> form)
    {
        try
        {
            return JsonSerializer.Deserialize(json, form) ?? throw new InvalidDataException("A frame has no head.");
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException("The head of a frame is not what was expected.", broken);
        }
    }
}
