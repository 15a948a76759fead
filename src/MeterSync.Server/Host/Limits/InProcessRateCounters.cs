using System.Collections.Concurrent;
using MeterSync.Kernel.Limits;

namespace MeterSync.Host.Limits;

/// <summary>Counts in this process's memory. A count is one lookup and one compare-and-swap: no lock, no allocation for a key that is known.
/// Keys are bounded: what has run out goes first, then what has counted least, so that a flood of new keys pushes itself out and not those
/// it hides behind. Counts that keep somebody out are kept apart from all others.</summary>
internal sealed class InProcessRateCounters(TimeProvider clock, int mostKeys = InProcessRateCounters.MostKeys) : IRateCounters
{
    public const int MostKeys = 200_000;
    private readonly Table ordinary = new(mostKeys);
    private readonly Table locks = new(mostKeys);

    /// <summary>Keys in memory.</summary>
    public int Count => ordinary.Count + locks.Count;

    public ValueTask<RateCount> AddAsync(RateKey key, int amount, TimeSpan window)
    {
        var now = Now();
        var table = TableOf(key);
        while (true)
        {
            if (table.Of(key, now).TryAdd(now, amount, (long)window.TotalMilliseconds, out var count, out var end))
            {
                return ValueTask.FromResult(new RateCount(count, InstantOf(end)));
            }
        }
    }

    public ValueTask<RateCount> ReadAsync(RateKey key, TimeSpan window)
    {
        var now = Now();
        return ValueTask.FromResult(TableOf(key).Find(key) is { } counter && counter.TryRead(now, (long)window.TotalMilliseconds, out var count, out var end)
            ? new RateCount(count, InstantOf(end))
            : new RateCount(0, InstantOf(now)));
    }

    public ValueTask GiveBackAsync(RateKey key, RateCount added, int amount)
    {
        var table = TableOf(key);
        if (table.Find(key) is { } counter && counter.TakeBack(added.EndsAt.ToUnixTimeMilliseconds(), amount))
        {
            table.Remove(key, counter);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ForgetAsync(RateKey key)
    {
        var table = TableOf(key);
        if (table.Find(key) is { } counter)
        {
            counter.End();
            table.Remove(key, counter);
        }

        return ValueTask.CompletedTask;
    }

    private static DateTimeOffset InstantOf(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private Table TableOf(RateKey key) => key.IsLock ? locks : ordinary;

    private sealed class Table(int most)
    {
        private static readonly long SweepEvery = (long)TimeSpan.FromMinutes(1).TotalMilliseconds;
        private readonly ConcurrentDictionary<RateKey, WindowCount> counts = new();
        private long sweptAt;
        private int size;
        private int sweeping;

        public int Count => Volatile.Read(ref size);

        public WindowCount? Find(RateKey key) => counts.GetValueOrDefault(key);

        public WindowCount Of(RateKey key, long now)
        {
            if (counts.TryGetValue(key, out var known))
            {
                return known;
            }

            var made = new WindowCount();
            if (!counts.TryAdd(key, made))
            {
                return Of(key, now);
            }

            var full = Interlocked.Increment(ref size) > most;
            if (full || now - Volatile.Read(ref sweptAt) >= SweepEvery)
            {
                Sweep(now);
            }

            return made;
        }

        /// <summary>Only what has ended: a counter that is not in use by anyone who still adds to it.</summary>
        public void Remove(RateKey key, WindowCount ended)
        {
            if (counts.TryRemove(new KeyValuePair<RateKey, WindowCount>(key, ended)))
            {
                Interlocked.Decrement(ref size);
            }
        }

        private void Sweep(long now)
        {
            if (Interlocked.Exchange(ref sweeping, 1) == 1)
            {
                return;
            }

            Volatile.Write(ref sweptAt, now);
            RemoveWhere(counter => counter.EndIfOver(now), downTo: 0);
            if (Count > most - (most / 8))
            {
                // Far enough that the next new keys do not sweep again.
                var enough = most - (most / 4);
                for (var least = 1; Count > enough && least > 0; least *= 2)
                {
                    RemoveWhere(counter => counter.EndIfAtMost(least), enough);
                }
            }

            Volatile.Write(ref sweeping, 0);
        }

        private void RemoveWhere(Func<WindowCount, bool> ends, int downTo)
        {
            foreach (var (key, counter) in counts)
            {
                if (Count <= downTo)
                {
                    return;
                }

                if (ends(counter))
                {
                    Remove(key, counter);
                }
            }
        }
    }
}
