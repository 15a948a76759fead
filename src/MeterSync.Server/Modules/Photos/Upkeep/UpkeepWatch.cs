using MeterSync.Kernel.Telemetry;

namespace MeterSync.Modules.Photos.Upkeep;

/// <summary>Whether photos are kept in order in this process.</summary>
internal sealed class UpkeepWatch(TimeProvider clock) : IHealthProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(3);
    private readonly Lock guard = new();
    private DateTimeOffset? atWorkSince;
    private DateTimeOffset? last;

    public string Name => "photos";

    public void Begin()
    {
        lock (guard)
        {
            atWorkSince = clock.GetUtcNow();
        }
    }

    public void Succeeded()
    {
        lock (guard)
        {
            last = clock.GetUtcNow();
        }
    }

    public (bool IsHealthy, string Message) Look()
    {
        lock (guard)
        {
            return atWorkSince is not { } begun ? (true, "Photos are kept in order by a process with the worker role, not by this one.")
                : clock.GetUtcNow() - (last ?? begun) is var silent && silent > Patience ? (false, $"Photos have not been tied to late readings nor leftovers been deleted for {silent.TotalHours:0} hours; the log says why.")
                : (true, "Photos are tied to late readings, and leftovers are deleted.");
        }
    }
}
