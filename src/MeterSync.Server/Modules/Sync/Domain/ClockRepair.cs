namespace MeterSync.Modules.Sync.Domain;

/// <summary>What a phone says of its clocks, at a capture or when it sends.</summary>
/// <param name="Wall">What people see on it; anybody may set it.</param>
/// <param name="MonotonicMs">Runs since the phone or the app was started; nobody can set it, and it may stand still while the phone sleeps.</param>
/// <param name="ServerOffsetMs">What was to be added to the wall clock when the server was last heard.</param>
/// <param name="BootId">Tells one run of the monotonic clock from another; null where the phone does not say.</param>
internal sealed record PhoneClock(DateTimeOffset? Wall, long? MonotonicMs, long? ServerOffsetMs, string? BootId);

/// <param name="CapturedAt">By the server's clock, never later than the receipt.</param>
/// <param name="Error">To be added to what the phone's clock said at the capture; zero below <see cref="ClockRepair.Tolerance"/>.</param>
internal readonly record struct RepairedTime(DateTimeOffset CapturedAt, TimeSpan Error);

/// <summary>Finds out when something was captured by a phone whose clock may be wrong, or have been set since.</summary>
internal static class ClockRepair
{
    /// <summary>Clocks that agree as well are right.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    /// <summary>A monotonic clock may have stood still as long while the phone slept.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(2);

    private static readonly TimeSpan Jitter = TimeSpan.FromSeconds(5);

    /// <param name="captured">At the capture.</param>
    /// <param name="sent">When the batch was sent; null where the phone does not say.</param>
    /// <param name="received">The server's clock when the batch came.</param>
    public static RepairedTime Of(PhoneClock captured, PhoneClock? sent, DateTimeOffset received)
    {
        if (captured.Wall is not { } wall)
        {
            return new RepairedTime(Age(captured, sent) is { } age ? Minus(received, age) : received, TimeSpan.Zero);
        }

        var estimate = Estimate(captured, wall, sent, received);
        var at = estimate > received ? received : estimate;
        var error = at - wall;
        return error.Duration() < Tolerance && wall <= received ? new RepairedTime(wall, TimeSpan.Zero) : new RepairedTime(at, error);
    }

    /// <summary>Null where the two are of different runs.</summary>
    private static TimeSpan? Age(PhoneClock captured, PhoneClock? sent) =>
        captured.MonotonicMs is { } then && sent?.MonotonicMs is { } now && now >= then && captured.BootId == sent.BootId ? Milliseconds((Int128)now - then) : null;

    private static DateTimeOffset Estimate(PhoneClock captured, DateTimeOffset wall, PhoneClock? sent, DateTimeOffset received)
    {
        var (age, passed) = (Age(captured, sent), sent?.Wall - wall);
        if (age is { } ran && passed is { } went && Int128.Abs((Int128)went.Ticks - ran.Ticks) <= Jitter.Ticks)
        {
            return received - went; // both clocks tell the same: the wall clock was not set meanwhile, and is as wrong now as then
        }

        // The counter may have stood still, and never runs ahead: nothing was captured later than it says.
        var latest = Plus(age is { } atLeast ? Minus(received, atLeast) : received, Jitter);
        if (captured.ServerOffsetMs is { } offset && Plus(wall, Milliseconds(offset)) is var learnt && learnt <= latest)
        {
            return learnt;
        }

        if (age is { } since)
        {
            // Without an offset a difference of more than some nights' sleep means that the wall clock was set meanwhile, as does one that went back.
            return passed is { } between && between >= since && (Int128)between.Ticks - since.Ticks <= LongestSleep.Ticks ? received - between : Minus(received, since);
        }

        return sent?.Wall is { } atSending ? Plus(wall, received - atSending) : wall;
    }

    private static TimeSpan Milliseconds(Int128 count) => TimeSpan.FromTicks((long)Int128.Clamp(count * TimeSpan.TicksPerMillisecond, -TimeSpan.MaxValue.Ticks, TimeSpan.MaxValue.Ticks));

    private static DateTimeOffset Minus(DateTimeOffset at, TimeSpan span) => Plus(at, -span);

    /// <summary>Within what an instant can be.</summary>
    private static DateTimeOffset Plus(DateTimeOffset at, TimeSpan span) =>
        new((long)Int128.Clamp((Int128)at.UtcTicks + span.Ticks, DateTimeOffset.MinValue.UtcTicks, DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero);
}
