using System.Diagnostics;
using System.Text;
using MeterSync.Bench.Http;

namespace MeterSync.Bench.Load;

/// <summary>Requests sent when they are due, whether or not earlier ones were answered.</summary>
internal static class PacedRequests
{
    /// <summary>Threads that send a fixed number of requests a second for some seconds between them; not yet started.</summary>
    public static IEnumerable<Thread> Lines(int count, int perSecond, int seconds, Target target, Func<int, byte[]> request, PacedTally tally)
    {
        var next = -1;
        var started = Stopwatch.GetTimestamp();
        for (var line = 0; line < count; line++)
            yield return new Thread(() =>
            {
                using var connection = new HttpConnection(target.Address);
                while (Interlocked.Increment(ref next) is var index && index < perSecond * seconds)
                {
                    var due = started + (long)(index * (double)Stopwatch.Frequency / perSecond);
                    while (due - Stopwatch.GetTimestamp() is > 0 and var left)
                        Thread.Sleep(TimeSpan.FromTicks(Math.Max(1, left * TimeSpan.TicksPerSecond / Stopwatch.Frequency)));
                    var status = connection.Exchange(request(index), out _);
                    tally.Add(status, Stopwatch.GetElapsedTime(due).TotalMilliseconds);
                }
            });
    }

    public static double Percentile(List<double> milliseconds, double share)
    {
        var sorted = milliseconds.Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }
}

/// <summary>Answers by status, and how long each took from when its request was due.</summary>
internal sealed class PacedTally
{
    private readonly Dictionary<int, int> _byStatus = [];

    /// <summary>From when a request was due to its whole answer.</summary>
    public List<double> Milliseconds { get; } = [];

    public void Add(int status, double milliseconds)
    {
        lock (_byStatus)
        {
            _byStatus[status] = _byStatus.GetValueOrDefault(status) + 1;
            Milliseconds.Add(milliseconds);
        }
    }

    public int Of(int status) => _byStatus.GetValueOrDefault(status);

    public override string ToString() => new StringBuilder().AppendJoin(", ", _byStatus.Select(pair => $"{pair.Key}: {pair.Value}")).ToString();
}
