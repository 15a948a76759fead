namespace MeterSync.Bench.Field.Phones;

/// <summary>A phone's clock: wrong by minutes or years, running too fast or too slow, set by hand now and then; beside it a counter that only a restart of the phone sets back.</summary>
internal sealed class PhoneClock
{
    private readonly Random _random;
    private readonly double _drift;
    private TimeSpan _error;
    private DateTimeOffset _startedAt;

    public PhoneClock(Random random)
    {
        _random = random;
        _drift = (random.NextDouble() - 0.5) * 0.0004;
        _startedAt = True - TimeSpan.FromMinutes(random.Next(10_000));
        BootId = Guid.CreateVersion7().ToString("N");
        Jump();
    }

    /// <summary>What the simulator knows and the phone does not.</summary>
    public static DateTimeOffset True => TimeProvider.System.GetUtcNow();

    public DateTimeOffset Wall => True + _error + ((True - _startedAt) * _drift);

    public long MonotonicMilliseconds => (long)((True - _startedAt) * (1 + _drift)).TotalMilliseconds;

    public string BootId { get; private set; }

    /// <summary>What the server's clock was ahead of <see cref="Wall"/> when it last answered; null before that.</summary>
    public long? ServerOffsetMilliseconds { get; set; }

    public void Learn(DateTimeOffset serverTime) => ServerOffsetMilliseconds = (long)(serverTime - Wall).TotalMilliseconds;

    /// <summary>Somebody sets the clock, or the network does.</summary>
    public void Jump() => _error = _random.Next(10) switch
    {
        0 => TimeSpan.FromDays(_random.Next(-3650, 3650)),
        < 4 => TimeSpan.FromSeconds(_random.Next(-7200, 7200)),
        _ => TimeSpan.FromMilliseconds(_random.Next(-3000, 3000)),
    };

    /// <summary>The phone is switched off and on.</summary>
    public void Restart()
    {
        _startedAt = True;
        BootId = Guid.CreateVersion7().ToString("N");
    }
}
