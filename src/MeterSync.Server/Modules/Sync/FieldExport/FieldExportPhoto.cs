using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Photos.Public;

namespace MeterSync.Modules.Sync.FieldExport;

/// <summary>A line of a phone's export that holds a photo.</summary>
internal sealed record FieldExportPhotoRequest([property: Required] FieldPhotoRequest? Photo);

/// <param name="Filename">As the phone calls it.</param>
/// <param name="ContentType">image/jpeg, image/png, image/webp or image/heic.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
/// <param name="ReadingClientId">The client_id of the reading it shows.</param>
/// <param name="SkipClientId">The client_id of the visit without a value it belongs to.</param>
/// <param name="Data">The bytes, in base64.</param>
internal sealed record FieldPhotoRequest(
    [property: StringLength(500)] string? Filename,
    [property: Required, StringLength(100)] string? ContentType,
    [property: Required, RegularExpression("^[0-9A-Fa-f]{64}$", ErrorMessage = "sha256 is 64 hexadecimal digits.")] string? Sha256,
    Guid? ReadingClientId,
    Guid? SkipClientId,
    [property: Required, MinLength(1)] byte[]? Data);

/// <summary>A photo, or a line too long to be looked at, that could not be taken from an export; the phone's file still has it.</summary>
/// <param name="Line">Of the file, empty lines not counted; the head is 1.</param>
internal sealed record RefusedPhoto(int Line, string Code, string Message);

/// <summary>Takes the photos of a phone's export.</summary>
internal sealed class FieldExportPhotos(IBroughtPhotos photos, IRequestReader reader)
{
    /// <summary>Bytes of a line with the largest photo in base64, and what stands around it; never less than an item may have.</summary>
    public int LongestLine => (int)Math.Min(int.MaxValue / 2, Math.Max(8L * 1024 * 1024, (photos.MostBytes / 3 * 4) + (1024 * 1024)));

    /// <summary>Whether the line holds a photo: an item never begins so.</summary>
    public static bool IsPhoto(ReadOnlySpan<byte> line)
    {
        try
        {
            var json = new Utf8JsonReader(line);
            return json.Read() && json.TokenType == JsonTokenType.StartObject && json.Read() && json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("photo"u8);
        }
        catch (JsonException)
        {
            return false; // the line is answered as an item that cannot be read
        }
    }

    /// <summary>Null where the photo is here, be it from before.</summary>
    public async Task<Problem?> TakeAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        JsonElement json;
        try
        {
            json = JsonElement.Parse(line.Span);
        }
        catch (JsonException)
        {
            return SyncProblems.ItemMalformed.For("line", "The line begins as a photo and is not valid JSON.");
        }

        var read = reader.Read<FieldExportPhotoRequest>(json);
        if (!read.Succeeded)
        {
            return read.Problem;
        }

        var photo = read.Value.Photo!;
        return (await photos.TakeAsync(
            new BroughtPhoto(photo.Filename, photo.ContentType!, Convert.FromHexString(photo.Sha256!), photo.ReadingClientId, photo.SkipClientId, photo.Data!), cancellationToken)).Problem;
    }
}
