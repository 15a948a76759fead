namespace MeterSync.Host;

/// <summary>An answer that is dear to get and may be some seconds old, five where nothing else is said. Those who ask at the same time wait for the same one.</summary>
/// <param name="ask">Gets it; is not cancelled by whoever asked first.</param>
/// <param name="clock">The server's.</param>
/// <param name="seconds">How old.</param>
internal sealed class Recent<T>(Func<Task<T>> ask, TimeProvider clock, int seconds = 5)
{
    private readonly TimeSpan maximumAge = TimeSpan.FromSeconds(seconds);
    private readonly Lock guard = new();
    private Task<T>? latest;
    private long askedAt;

    public Task<T> GetAsync(CancellationToken cancellationToken)
    {
        lock (guard)
        {
            if (latest is null || latest.IsFaulted || (latest.IsCompleted && clock.GetElapsedTime(askedAt) >= maximumAge))
            {
                askedAt = clock.GetTimestamp();
                latest = ask();
            }

            return latest.WaitAsync(cancellationToken);
        }
    }
}
