using MeterSync.Kernel;

namespace MeterSync.Modules.Uploads;

internal static class UploadProblems
{
    public static readonly ProblemCode BeyondLength = new("upload.beyond_length", 413, "More bytes came than the upload was begun with. Ask with HEAD how many of them are kept.");
    public static readonly ProblemCode BytesLost = new("upload.bytes_lost", 409, "Bytes of the upload are gone from the storage, as after a restore. The upload is at 0 again: send all of it.");
    public static readonly ProblemCode ChecksumMismatch = new("upload.checksum_mismatch", 460, "The piece is not what its checksum says; none of it is kept. Send it again.");
    public static readonly ProblemCode ChecksumUnsupported = new("upload.checksum_unsupported", 400, "The server does not compute this kind of checksum; Tus-Checksum-Algorithm lists those it does.");
    public static readonly ProblemCode Expired = new("upload.expired", 410, "No byte came for too long, so what had come was thrown away. Begin anew.");
    public static readonly ProblemCode HashMismatch = new("upload.hash_mismatch", 460, "The whole file does not have the SHA-256 it was announced with. The upload is at 0 again: send all of it.");
    public static readonly ProblemCode Interrupted = new("upload.interrupted", 400, "The body ended early. Ask with HEAD how much arrived, and go on there.");
    public static readonly ProblemCode Locked = new("upload.locked", 423, "Another request is at work on this upload, or took over from this one. Ask with HEAD how much arrived, and go on there.");
    public static readonly ProblemCode NotFound = new("upload.not_found", 404, "There is no such upload, or it is not yours.");
    public static readonly ProblemCode OffsetMismatch = new("upload.offset_mismatch", 409, "The piece does not begin where the upload stands. Ask with HEAD how much arrived, and go on there.");
    public static readonly ProblemCode TooLarge = new("upload.too_large", 413, "The file is larger than files of its purpose may be.");
    public static readonly ProblemCode TooManyOpen = new("upload.too_many_open", 429, "You have too many uploads that are not finished. Finish or delete some.");
    public static readonly ProblemCode UnknownPurpose = new("upload.unknown_purpose", 400, "Nothing here takes files of this purpose.");
    public static readonly ProblemCode UnsupportedVersion = new("upload.unsupported_version", 412, "Tus-Resumable is missing or names a version the server does not speak; Tus-Version lists those it does.");
}
