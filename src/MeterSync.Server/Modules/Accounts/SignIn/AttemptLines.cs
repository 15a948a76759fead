using MeterSync.Kernel.Limits;

namespace MeterSync.Modules.Accounts.SignIn;

/// <summary>Lets attempts through only while all of those under way could fail without passing the limit; others wait for one of them to end.
/// So no more than the limit are ever found wrong within a window, and any number of right ones come through one after the other.
/// An attempt counts as failed from its beginning, so that processes that share their counts share the limit; one that was right is taken back.</summary>
internal sealed class AttemptLines(IRateCounters counters, TimeProvider clock)
{
    private readonly Lock guard = new();
    private readonly Dictionary<RateKey, Line> lines = [];

    /// <param name="key">Whose failures are limited.</param>
    /// <param name="limit">Failures within the window; 0 is no limit.</param>
    /// <param name="window">From the first failure.</param>
    /// <param name="patience">How long an attempt waits for others to end.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Admission> EnterAsync(RateKey key, int limit, TimeSpan window, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (limit == 0)
        {
            return new Admission(Turn.Free, null);
        }

        var line = Join(key);
        Turn? turn = null;
        try
        {
            var since = clock.GetTimestamp();
            while (true)
            {
                Task ended;
                await line.Gate.WaitAsync(cancellationToken);
                try
                {
                    var (admitted, lockedUntil) = await TryAsync(line, key, limit, window);
                    if (admitted is not null || lockedUntil is not null)
                    {
                        turn = admitted;
                        return new Admission(admitted, lockedUntil);
                    }

                    ended = line.SomeEnd.Task;
                }
                finally
                {
                    line.Gate.Release();
                }

                var left = patience - clock.GetElapsedTime(since);
                if (left <= TimeSpan.Zero || await Task.WhenAny(ended, Task.Delay(left, clock, cancellationToken)) != ended)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    return new Admission(null, null);
                }
            }
        }
        finally
        {
            if (turn is null)
            {
                Part(key, line);
            }
        }
    }

    private async ValueTask<(Turn? Turn, DateTimeOffset? LockedUntil)> TryAsync(Line line, RateKey key, int limit, TimeSpan window)
    {
        var count = await counters.ReadAsync(key, window);
        if (count.Count < limit)
        {
            count = await counters.AddAsync(key, 1, window);
            if (count.Count <= limit)
            {
                line.UnderWay++;
                return (new Turn(this, key, line, count, window), null);
            }

            await counters.GiveBackAsync(key, count, 1); // another process was faster
        }

        return count.Count - line.UnderWay >= limit || line.UnderWay == 0 ? (null, count.EndsAt) : (null, null);
    }

    /// <returns>The failures of the window.</returns>
    private async Task<int> EndAsync(Turn turn, bool failed)
    {
        var line = turn.Line!;
        TaskCompletionSource end;
        RateCount count;
        await line.Gate.WaitAsync(CancellationToken.None);
        try
        {
            line.UnderWay--;
            if (!failed)
            {
                await counters.GiveBackAsync(turn.Key, turn.Counted, 1);
            }

            count = await counters.ReadAsync(turn.Key, turn.Window);
            end = line.SomeEnd;
            line.SomeEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        finally
        {
            line.Gate.Release();
        }

        end.SetResult();
        var failures = count.Count - line.UnderWay;
        Part(turn.Key, line);
        return failures;
    }

    private Line Join(RateKey key)
    {
        lock (guard)
        {
            if (!lines.TryGetValue(key, out var line))
            {
                lines[key] = line = new Line();
            }

            line.Users++;
            return line;
        }
    }

    private void Part(RateKey key, Line line)
    {
        lock (guard)
        {
            if (--line.Users > 0)
            {
                return;
            }

            lines.Remove(key);
        }

        line.Gate.Dispose();
    }

    internal sealed class Line
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public TaskCompletionSource SomeEnd { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int UnderWay { get; set; }

        /// <summary>Attempts under way and waiting.</summary>
        public int Users { get; set; }
    }

    /// <summary>An attempt that was let through.</summary>
    internal sealed class Turn(AttemptLines? lines, RateKey key, Line? line, RateCount counted, TimeSpan window)
    {
        /// <summary>Where there is no limit.</summary>
        public static readonly Turn Free = new(null, default, null, default, default);

        public RateKey Key => key;

        public Line? Line => line;

        public RateCount Counted => counted;

        public TimeSpan Window => window;

        /// <returns>The failures of the window; 0 where there is no limit.</returns>
        public Task<int> EndAsync(bool failed) => lines is null ? Task.FromResult(0) : lines.EndAsync(this, failed);
    }

    /// <summary>A turn, or the end of the lock that forbids one, or neither where others took too long.</summary>
    internal readonly record struct Admission(Turn? Turn, DateTimeOffset? LockedUntil);
}
