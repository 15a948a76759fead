using MeterSync.Kernel;

namespace MeterSync.Modules.Photos;

internal static class PhotoProblems
{
    public static readonly ProblemCode NotFound = new("photo.not_found", 404, "There is no such photo, or it is not yours to see.");
    public static readonly ProblemCode ReadingNotFound = new("photo.reading_not_found", 404, "There is no reading with this id, or it is not yours to see.");
    public static readonly ProblemCode NotUploaded = new("photo.not_uploaded", 409, "The bytes of the photo are not here yet; send them to upload_url or resumable_url first.");
    public static readonly ProblemCode TooLarge = new("photo.too_large", 413, "The photo is larger than photos may be here.");
    public static readonly ProblemCode TypeNotAccepted = new("photo.type_not_accepted", 415, "Photos are JPEG, PNG, WebP or HEIC.");
    public static readonly ProblemCode NotAnImage = new("photo.not_an_image", 415, "The bytes are no JPEG, PNG, WebP or HEIC picture, whatever the name says.");
    public static readonly ProblemCode SizeDiffers = new("photo.size_differs", 400, "More or fewer bytes came than were announced; nothing was kept.");
    public static readonly ProblemCode HashDiffers = new("photo.hash_differs", 400, "The bytes have another SHA-256 than was announced; nothing was kept.");
    public static readonly ProblemCode LinkInvalid = new("photo.link_invalid", 403, "The address was not made by this server for this photo, or was changed.");
    public static readonly ProblemCode LinkExpired = new("photo.link_expired", 403, "The address worked for a time that is over; ask for the photo again.");

    public static readonly ProblemCode FileNotFound = new("file.not_found", 404, "There is no such file, or it is not yours to see.");
    public static readonly ProblemCode FileMissing = new("file.missing", 400, "The form has no file in its part named file.");
    public static readonly ProblemCode FileTypeNotAccepted = new("file.type_not_accepted", 415, "The bytes are of no kind that this route takes, whatever the name says.");
}
