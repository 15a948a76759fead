using MeterSync.Kernel;

namespace MeterSync.Modules.Uploads.Transfer;

/// <summary>One request at a time works on an upload, and the newest one wins: a phone that comes back after a break must not wait for its own dead connection. The older request is told to stop; it
/// makes durable what it has, and the newer goes on from there.</summary>
internal sealed class UploadTurns
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Lock guard = new();
    private readonly Dictionary<UploadId, Place> places = [];

    /// <summary>Null where the one before did not stop in time: it hands over a whole file, or the disk hangs.</summary>
    public async Task<UploadTurn?> TakeAsync(UploadId id, CancellationToken cancellationToken)
    {
        var (place, ticket) = Queue(id);
        var isMine = false;
        try
        {
            isMine = await place.Gate.WaitAsync(Patience, cancellationToken);
        }
        finally
        {
            if (!isMine)
            {
                Leave(id, place);
            }
        }

        return isMine ? Enter(id, place, ticket) : null;
    }

    private (Place Place, long Ticket) Queue(UploadId id)
    {
        lock (guard)
        {
            if (!places.TryGetValue(id, out var place))
            {
                places[id] = place = new Place();
            }

            place.Users++;
            _ = place.Holder?.CancelAsync(); // what listens runs elsewhere, not under the lock
            return (place, ++place.Newest);
        }
    }

    private UploadTurn Enter(UploadId id, Place place, long ticket)
    {
        lock (guard)
        {
            place.Holder = new CancellationTokenSource();
            if (place.Newest > ticket)
            {
                _ = place.Holder.CancelAsync();
            }

            return new UploadTurn(() => Release(id, place), place.Holder.Token);
        }
    }

    private void Release(UploadId id, Place place)
    {
        lock (guard)
        {
            place.Holder?.Dispose();
            place.Holder = null;
            place.Gate.Release();
        }

        Leave(id, place);
    }

    private void Leave(UploadId id, Place place)
    {
        lock (guard)
        {
            if (--place.Users == 0)
            {
                places.Remove(id);
                place.Dispose();
            }
        }
    }

    private sealed class Place : IDisposable
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        /// <summary>Stops the request at work; null where none is.</summary>
        public CancellationTokenSource? Holder { get; set; }

        public int Users { get; set; }

        public long Newest { get; set; }

        public void Dispose()
        {
            Gate.Dispose();
            Holder?.Dispose();
        }
    }
}

/// <summary>The right to work on an upload.</summary>
internal sealed class UploadTurn(Action release, CancellationToken displaced) : IDisposable
{
    private Action? release = release;

    /// <summary>A newer request waits for its turn.</summary>
    public CancellationToken Displaced => displaced;

    public void Dispose() => Interlocked.Exchange(ref release, null)?.Invoke();
}
