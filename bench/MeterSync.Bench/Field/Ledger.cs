using System.Collections.Concurrent;

namespace MeterSync.Bench.Field;

/// <summary>What must not be and was, and what happened on the way.</summary>
internal sealed class Ledger
{
    private const int MostKept = 100;
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentDictionary<string, long> _counts = new();

    public IReadOnlyCollection<string> Faults => _faults;

    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>A broken promise: the run has failed.</summary>
    public void Fault(string what)
    {
        Count("broken promises");
        if (_faults.Count < MostKept)
            _faults.Enqueue(what);
    }

    public void Count(string what, long times = 1) => _counts.AddOrUpdate(what, times, (_, before) => before + times);

    public long Of(string what) => _counts.GetValueOrDefault(what);
}
