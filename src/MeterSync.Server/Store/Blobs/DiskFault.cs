namespace MeterSync.Store.Blobs;

/// <summary>Tells a disk that cannot serve from a bug, whatever exception it speaks through.</summary>
internal static class DiskFault
{
    private const string Message = "The folder of the storage cannot be written to or is full.";

    public static T Guard<T>(BlobWatch watch, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (Is(exception))
        {
            watch.Failed(Message);
            throw new BlobStoreException(Message, exception);
        }
    }

    public static void Guard(BlobWatch watch, Action work) => Guard(watch, () =>
    {
        work();
        return true;
    });

    public static async Task GuardAsync(BlobWatch watch, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (Is(exception))
        {
            watch.Failed(Message);
            throw new BlobStoreException(Message, exception);
        }
    }

    private static bool Is(Exception exception) => exception is IOException or UnauthorizedAccessException;
}
