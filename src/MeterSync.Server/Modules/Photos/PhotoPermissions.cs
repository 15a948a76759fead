using MeterSync.Kernel;

namespace MeterSync.Modules.Photos;

internal static class PhotoPermissions
{
    public static readonly Permission Create = new("photos:create", "Send photos of readings and visits.");
    public static readonly Permission Read = new("photos:read", "See photos; agents see those they took and those of their own readings.");
    public static readonly Permission ReadFiles = new("files:read", "Fetch files that were put here by themselves; whose view is bounded fetches the own ones.");
    public static readonly Permission UploadPhotos = new("files:create", "Put picture files here, and delete the own ones.");
    public static readonly Permission UploadDocuments = new("files:create_documents", "Put documents here.");

    public static readonly IReadOnlyList<GrantedPermission> All =
    [
        new(Create, BuiltInRole.Manager, BuiltInRole.Agent),
        new(Read, BuiltInRole.Manager, BuiltInRole.Agent, BuiltInRole.Viewer),
        new(ReadFiles, BuiltInRole.Manager, BuiltInRole.Agent),
        new(UploadPhotos, BuiltInRole.Manager, BuiltInRole.Agent),
        new(UploadDocuments, BuiltInRole.Manager),
    ];
}
