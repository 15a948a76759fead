using MeterSync.Store.Blobs;

namespace MeterSync.Store.Backups;

/// <summary>Changes to files that hold after a power cut.</summary>
internal static class Durable
{
    /// <summary>A file that is there whole or not at all.</summary>
    public static void Write(string path, byte[] content)
    {
        var part = path + ".part";
        using (var file = New(part))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        Move(part, path);
    }

    /// <summary>A new file for its owner only, in place of one that may be there.</summary>
    public static FileStream New(string path)
    {
        File.Delete(path);
        return new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = BackupFormat.OwnerOnly });
    }

    /// <summary>Takes the place of what is there.</summary>
    public static void Move(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        FolderSync.Flush(Path.GetDirectoryName(to)!);
    }

    public static void FlushFile(string path)
    {
        using var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }
}
