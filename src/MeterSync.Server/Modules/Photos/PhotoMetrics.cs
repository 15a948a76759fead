using System.Diagnostics.Metrics;
using MeterSync.Kernel;
using MeterSync.Kernel.Telemetry;

namespace MeterSync.Modules.Photos;

/// <summary>What became of photos and files.</summary>
internal static class PhotoMetrics
{
    private static readonly Counter<long> Photos = Instrumentation.Meter.CreateCounter<long>("metersync.photos", "{photo}", "Photos by what became of them: announced, completed, forgotten, or the problem that refused their bytes");
    private static readonly Counter<long> Bytes = Instrumentation.Meter.CreateCounter<long>("metersync.photo.bytes", "By", "Bytes of completed photos");
    private static readonly Counter<long> Files = Instrumentation.Meter.CreateCounter<long>("metersync.files", "{file}", "Files put here by themselves and deleted");
    private static readonly Counter<long> Swept = Instrumentation.Meter.CreateCounter<long>("metersync.storage.swept", "{object}", "Bytes that belonged to nothing and were deleted");

    public static void Announced() => Count("announced", 1);

    public static void Completed(long bytes)
    {
        Count("completed", 1);
        Bytes.Add(bytes);
    }

    public static void Refused(ProblemCode code) => Count(code.Code[(code.Code.IndexOf('.', StringComparison.Ordinal) + 1)..], 1);

    public static void Forgotten(int photos) => Count("forgotten", photos);

    public static void File(string outcome) => Files.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public static void SweptBlobs(MeterSync.Store.Blobs.SweptBlobs swept)
    {
        foreach (var (kind, count) in new[] { ("blob", swept.Blobs), ("temporary", swept.Temporary), ("staged", swept.Staged) })
        {
            if (count > 0)
            {
                Swept.Add(count, new KeyValuePair<string, object?>("kind", kind));
            }
        }
    }

    private static void Count(string outcome, int photos)
    {
        if (photos > 0)
        {
            Photos.Add(photos, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }
}
