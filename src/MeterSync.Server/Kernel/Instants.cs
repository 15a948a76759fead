namespace MeterSync.Kernel;

/// <summary>Instants are UTC and kept to the microsecond: what both databases can hold.</summary>
public static class Instants
{
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMillisecond / 1000;
    private static readonly long MinimumMicroseconds = DateTimeOffset.MinValue.ToUnixMicroseconds();
    private static readonly long MaximumMicroseconds = DateTimeOffset.MaxValue.ToUnixMicroseconds();

    public static long ToUnixMicroseconds(this DateTimeOffset instant) =>
        (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TicksPerMicrosecond;

    public static DateTimeOffset FromUnixMicroseconds(long microseconds) =>
        new(DateTimeOffset.UnixEpoch.Ticks + (microseconds * TicksPerMicrosecond), TimeSpan.Zero);

    public static bool IsRepresentable(long microseconds) => microseconds >= MinimumMicroseconds && microseconds <= MaximumMicroseconds;

    /// <summary>The same instant in UTC, cut to whole microseconds.</summary>
    public static DateTimeOffset ToStored(this DateTimeOffset instant)
    {
        var utcTicks = instant.UtcTicks;
        return new DateTimeOffset(utcTicks - (utcTicks % TicksPerMicrosecond), TimeSpan.Zero);
    }
}
