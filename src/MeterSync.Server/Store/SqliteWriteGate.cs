namespace MeterSync.Store;

/// <summary>SQLite has one writer. Waiting here in order beats waiting inside the database by chance.</summary>
internal sealed class SqliteWriteGate : IDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);

    /// <exception cref="StoreBusyException">The gate did not open within <paramref name="patience"/>.</exception>
    public async Task<IDisposable> EnterAsync(TimeSpan patience, CancellationToken cancellationToken) =>
        await gate.WaitAsync(patience, cancellationToken)
            ? new Turn(gate)
            : throw new StoreBusyException("Another write has held the database for too long.");

    public void Dispose() => gate.Dispose();

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        private SemaphoreSlim? held = gate;

        public void Dispose() => Interlocked.Exchange(ref held, null)?.Release();
    }
}

/// <summary>The database cannot take the write now; answered with 503 and Retry-After.</summary>
public sealed class StoreBusyException(string message) : Exception(message);
