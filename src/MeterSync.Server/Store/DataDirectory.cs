namespace MeterSync.Store;

/// <summary>Where everything that is not in PostgreSQL or S3 lives.</summary>
/// <param name="Path">Absolute.</param>
public sealed record DataDirectory(string Path)
{
    public string DatabaseFile => System.IO.Path.Combine(Path, "metersync.db");

    public string LockFile => System.IO.Path.Combine(Path, "metersync.lock");

    /// <summary>Held while a backup is made or restored.</summary>
    public string BackupLockFile => System.IO.Path.Combine(Path, "backup.lock");

    /// <summary>Unix socket on which verbs reach the running server.</summary>
    public string SocketFile => System.IO.Path.Combine(Path, "metersync.sock");

    public string Uploads => System.IO.Path.Combine(Path, "uploads");

    public string Exports => System.IO.Path.Combine(Path, "exports");

    /// <summary>What encrypts the secrets in the database. Without it they are lost.</summary>
    public string Keys => System.IO.Path.Combine(Path, "keys");

    /// <summary>Makes the folders; on a new directory only the owner may read it.</summary>
    public void Create()
    {
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        foreach (var folder in (string[])[Path, Uploads, Exports, Keys])
        {
            if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder, ownerOnly);
            }
        }
    }
}
