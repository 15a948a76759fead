using MeterSync.Kernel;
using MeterSync.Store;

namespace MeterSync.Host;

/// <summary>One process owns a data directory's SQLite file at a time. PostgreSQL needs no such lock.</summary>
internal static class DataLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Null while another process has it.</summary>
    /// <exception cref="StartRefusedException">The lock file cannot be written.</exception>
    public static IDisposable? TryTake(DataDirectory data) => TryTake(data.LockFile);

    /// <summary>Null while another backup or a restore is under way; neither keeps a server from its work.</summary>
    public static IDisposable? TryTakeForBackup(DataDirectory data) => TryTake(data.BackupLockFile);

    private static FileStream? TryTake(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException)
        {
            throw new StartRefusedException($"{file} cannot be written. Run metersync as the owner of the data directory, or give --data another one.");
        }
        catch (IOException exception) when (exception is not DirectoryNotFoundException)
        {
            // .NET says no more of a lock that is held than that the file is in use.
            return null;
        }
    }

    /// <summary>Null when it was not to be had in time, or as soon as <paramref name="giveUp"/> says that waiting is pointless.</summary>
    public static async Task<IDisposable?> WaitAsync(DataDirectory data, TimeSpan patience, Func<bool> giveUp, Action announceWait, TimeProvider clock, CancellationToken cancellationToken)
    {
        var since = clock.GetTimestamp();
        var announced = false;
        while (true)
        {
            if (giveUp())
            {
                return null;
            }

            if (TryTake(data) is { } taken)
            {
                return taken;
            }

            if (clock.GetElapsedTime(since) >= patience)
            {
                return null;
            }

            if (!announced)
            {
                announced = true;
                announceWait();
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }
    }
}
