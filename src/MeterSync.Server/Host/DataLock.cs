using MeterSync.Kernel;
using MeterSync.Store;

namespace MeterSync.Host;

/// <summary>One process owns a data directory's SQLite file at a time.</summary>
internal static class DataLock
{
    /// <exception cref="StartRefusedException">Another process has it.</exception>
    public static IDisposable Take(DataDirectory data)
    {
        try
        {
            return new FileStream(data.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new StartRefusedException($"Another metersync already works on {data.Path}. Stop it first, or give this one its own --data directory.");
        }
    }
}
