namespace MeterSync.Host.Limits;

/// <summary>One window: its end and its count in one word, so that both change together without a lock.</summary>
internal sealed class WindowCount
{
    private const int CountBits = 22;
    private const int MostCount = (1 << CountBits) - 1;

    /// <summary>Taken out of the table: whoever still holds it looks the key up again.</summary>
    private const long Ended = -1;

    /// <summary>2020-01-01, in milliseconds since 1970: the 41 bits beside the count and the sign reach into 2089.</summary>
    private const long Base = 1_577_836_800_000;

    private long state;

    /// <summary>False where the counter has been taken out.</summary>
    /// <param name="now">Milliseconds since 1970.</param>
    /// <param name="amount">To add.</param>
    /// <param name="window">Milliseconds.</param>
    /// <param name="count">With what was added.</param>
    /// <param name="end">Of the window, milliseconds since 1970.</param>
    public bool TryAdd(long now, int amount, long window, out int count, out long end)
    {
        var seen = Volatile.Read(ref state);
        while (seen != Ended)
        {
            (count, end) = (CountOf(seen), EndOf(seen));
            (count, end) = IsUnderWay(end, now, window) ? (Math.Min(MostCount, count + amount), end) : (Math.Min(MostCount, amount), now + window);
            var was = Interlocked.CompareExchange(ref state, StateOf(count, end), seen);
            if (was == seen)
            {
                return true;
            }

            seen = was;
        }

        (count, end) = (0, 0);
        return false;
    }

    /// <summary>False where no window is under way.</summary>
    public bool TryRead(long now, long window, out int count, out long end)
    {
        var seen = Volatile.Read(ref state);
        (count, end) = (CountOf(seen), EndOf(seen));
        return seen != Ended && count > 0 && IsUnderWay(end, now, window);
    }

    /// <summary>True where nothing is left of it: then it has ended.</summary>
    public bool TakeBack(long end, int amount)
    {
        var seen = Volatile.Read(ref state);
        while (seen != Ended && EndOf(seen) == end)
        {
            var left = CountOf(seen) - amount;
            var was = Interlocked.CompareExchange(ref state, left > 0 ? StateOf(left, end) : Ended, seen);
            if (was == seen)
            {
                return left <= 0;
            }

            seen = was;
        }

        return false;
    }

    public void End() => Volatile.Write(ref state, Ended);

    public bool EndIfOver(long now)
    {
        var seen = Volatile.Read(ref state);
        return seen != Ended && EndOf(seen) <= now && Interlocked.CompareExchange(ref state, Ended, seen) == seen;
    }

    public bool EndIfAtMost(int count)
    {
        var seen = Volatile.Read(ref state);
        return seen != Ended && CountOf(seen) <= count && Interlocked.CompareExchange(ref state, Ended, seen) == seen;
    }

    /// <summary>A window that ends later than one begun now would is one of a clock that was set back since.</summary>
    private static bool IsUnderWay(long end, long now, long window) => end > now && end - now <= window;

    private static int CountOf(long state) => (int)(state & MostCount);

    private static long EndOf(long state) => (state >> CountBits) + Base;

    private static long StateOf(int count, long end) => ((end - Base) << CountBits) | (long)count;
}
