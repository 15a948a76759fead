using System.Diagnostics.Metrics;
using MeterSync.Kernel.Telemetry;

namespace MeterSync.Modules.Uploads;

/// <summary>What became of uploads and of their bytes.</summary>
internal static class UploadMetrics
{
    private static readonly Counter<long> Uploads = Instrumentation.Meter.CreateCounter<long>("metersync.uploads", "{upload}", "Uploads by what happened to them");
    private static readonly Counter<long> Bytes = Instrumentation.Meter.CreateCounter<long>("metersync.upload", "By", "Bytes of uploads that were stored");
    private static readonly Counter<long> Pieces = Instrumentation.Meter.CreateCounter<long>("metersync.upload.pieces", "{request}", "Requests with bytes by how they ended");

    public static void Upload(string outcome, int count = 1) => Uploads.Add(count, new KeyValuePair<string, object?>("outcome", outcome));

    public static void Stored(long bytes) => Bytes.Add(bytes);

    public static void Piece(string outcome) => Pieces.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
