using Microsoft.Extensions.Options;

namespace MeterSync.Store.Blobs;

/// <summary>Where bytes lie on disk, and where they wait until they are whole. Nothing is made before the first are received.</summary>
internal sealed class BlobFolders(DataDirectory data, IOptions<StorageOptions> options)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string Root { get; } = Path.Combine(options.Value.Folder is { Length: > 0 } folder ? Path.GetFullPath(folder, data.Path) : data.Path, "blobs");

    public string Temporary => Path.Combine(Root, "tmp");

    public string FileOf(BlobHash hash) => Path.Combine(Root, hash.Hex[..2], hash.Hex[2..4], hash.Hex);

    public string NewTemporary() => Path.Combine(Temporary, Path.GetRandomFileName());

    public void Create() => Make(Temporary);

    /// <summary>Makes the folder and those above it that are missing, each written to the disk with the folder it stands in.</summary>
    public static void Make(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        var parent = Path.GetDirectoryName(folder)!;
        Make(parent);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly);
        }

        FolderSync.Flush(parent);
    }
}
