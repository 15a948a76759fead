using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;

namespace MeterSync.Store.Blobs;

/// <summary>Where bytes lie on disk, and where they wait until they are whole. Nothing is made before the first are received.</summary>
internal sealed partial class BlobFolders(DataDirectory data, IOptions<StorageOptions> options)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int ReadOnly = 0;

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

        Flush(parent);
    }

    /// <summary>A renamed file survives a power cut only once its folder is on the disk.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // renames are on the disk with the journal there
        }

        var handle = Open(folder, ReadOnly);
        if (handle < 0)
        {
            throw new IOException($"The folder could not be opened to flush it (error {Marshal.GetLastPInvokeError()}).");
        }

        try
        {
            if (Sync(handle) != 0)
            {
                throw new IOException($"The folder could not be flushed (error {Marshal.GetLastPInvokeError()}).");
            }
        }
        finally
        {
            _ = Close(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
