using System.Globalization;

namespace MeterSync.Kernel;

/// <summary>Instants are UTC and kept to the microsecond: what both databases can hold.</summary>
public static class Instants
{
    /// <summary>Of instants that come from outside.</summary>
    public const int FirstYear = 1900;

    public const int LastYear = 2199;

    private const long TicksPerMicrosecond = TimeSpan.TicksPerMillisecond / 1000;
    private static readonly long MinimumMicroseconds = DateTimeOffset.MinValue.ToUnixMicroseconds();
    private static readonly long MaximumMicroseconds = DateTimeOffset.MaxValue.ToUnixMicroseconds();

    public static bool IsPlausible(DateTimeOffset instant) => instant.UtcDateTime.Year is >= FirstYear and <= LastYear;

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

    /// <summary>Bytes that <see cref="Format"/> may need.</summary>
    public const int LongestText = 28;

    /// <summary>Writes RFC 3339 in UTC with Z, six digits behind the point unless the second is whole, and gives the length.</summary>
    public static int Format(this DateTimeOffset instant, Span<byte> text)
    {
        int written;
        if (instant.UtcTicks % TimeSpan.TicksPerSecond == 0)
        {
            instant.UtcDateTime.TryFormat(text, out written, "s", CultureInfo.InvariantCulture);
            text[written] = (byte)'Z';
            return written + 1;
        }

        // Seven digits and Z; the last digit makes room.
        instant.UtcDateTime.TryFormat(text, out written, "O", CultureInfo.InvariantCulture);
        text[written - 2] = (byte)'Z';
        return written - 1;
    }
}
