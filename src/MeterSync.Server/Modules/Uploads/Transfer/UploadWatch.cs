using MeterSync.Kernel.Telemetry;

namespace MeterSync.Modules.Uploads.Transfer;

/// <summary>Whether the bytes of uploads can be stored, and whether those nobody goes on with are cleared away.</summary>
internal sealed class UploadWatch(TimeProvider clock) : IHealthProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(3);
    private readonly Lock guard = new();
    private string? trouble;
    private DateTimeOffset? sweepsSince;
    private DateTimeOffset? swept;

    public string Name => "uploads";

    public void Stored()
    {
        lock (guard)
        {
            trouble = null;
        }
    }

    /// <summary>They could not be stored; it counts until some can.</summary>
    public void Failed(Exception exception)
    {
        lock (guard)
        {
            trouble = exception is IOException or UnauthorizedAccessException ? "the folder cannot be written. Check its disk and who owns it." : "the store does not take them; the log says why.";
        }
    }

    /// <summary>This process clears away from now on: those with the worker role do.</summary>
    public void BeginSweeps()
    {
        lock (guard)
        {
            sweepsSince = clock.GetUtcNow();
        }
    }

    public void Swept()
    {
        lock (guard)
        {
            swept = clock.GetUtcNow();
        }
    }

    public (bool IsHealthy, string Message) Look()
    {
        lock (guard)
        {
            return trouble is not null ? (false, $"The last bytes of an upload could not be stored: {trouble}")
                : sweepsSince is { } begun && clock.GetUtcNow() - (swept ?? begun) is var silent && silent > Patience ? (false, $"Expired uploads have not been cleared away for {silent.TotalHours:0} hours; the log says why.")
                : (true, "Bytes of uploads are stored.");
        }
    }
}
