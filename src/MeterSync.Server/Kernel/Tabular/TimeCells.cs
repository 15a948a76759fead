using NodaTime;

namespace MeterSync.Kernel.Tabular;

/// <summary>Reads the time and the offset that follow a date.</summary>
internal static class TimeCells
{
    /// <summary>Reads what follows the date; nothing at all is a date without a time.</summary>
    /// <param name="rest">The text after the date, with its T or space.</param>
    /// <param name="allowsOffset">True after a date with the year first.</param>
    public static bool TryRead(ReadOnlySpan<char> rest, bool allowsOffset, out LocalTime? time, out Offset? offset)
    {
        (time, offset) = (null, null);
        if (rest.IsEmpty)
        {
            return true;
        }
        if (rest[0] is not ('T' or 't' or ' ' or '\u00A0' or ','))
        {
            return false;
        }
        rest = rest[1..].TrimStart();
        var at = 0;
        if (!TryTwo(rest, ref at, oneAllowed: true, out var hour) || !TrySkip(rest, ref at, ':') || !TryTwo(rest, ref at, oneAllowed: false, out var minute))
        {
            return false;
        }
        var second = 0;
        long ticks = 0;
        if (TrySkip(rest, ref at, ':') && (!TryTwo(rest, ref at, oneAllowed: false, out second) || !TryFraction(rest, ref at, out ticks)))
        {
            return false;
        }
        rest = rest[at..].TrimStart();
        if (!TryHalfDay(ref rest, ref hour) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }
        time = new LocalTime(hour, minute, second).PlusTicks(ticks);
        return rest.IsEmpty || (allowsOffset && TryOffset(rest, out offset));
    }

    private static bool TryTwo(ReadOnlySpan<char> text, ref int at, bool oneAllowed, out int value)
    {
        value = 0;
        var start = at;
        while (at < text.Length && at - start < 2 && char.IsAsciiDigit(text[at]))
        {
            value = (value * 10) + (text[at++] - '0');
        }
        return at - start == 2 || (oneAllowed && at - start == 1);
    }

    private static bool TrySkip(ReadOnlySpan<char> text, ref int at, char sign)
    {
        var found = at < text.Length && text[at] == sign;
        at += found ? 1 : 0;
        return found;
    }

    private static bool TryFraction(ReadOnlySpan<char> text, ref int at, out long ticks)
    {
        ticks = 0;
        if (!TrySkip(text, ref at, '.') && !TrySkip(text, ref at, ','))
        {
            return true;
        }
        var start = at;
        var unit = NodaConstants.TicksPerSecond / 10;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            ticks += (text[at++] - '0') * unit;
            unit /= 10;
        }
        return at > start;
    }

    private static bool TryHalfDay(ref ReadOnlySpan<char> rest, ref int hour)
    {
        var isPm = rest.StartsWith("pm", StringComparison.OrdinalIgnoreCase);
        if (!isPm && !rest.StartsWith("am", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }
        rest = rest[2..];
        if (hour is < 1 or > 12)
        {
            return false;
        }
        hour = (hour % 12) + (isPm ? 12 : 0);
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out Offset? offset)
    {
        offset = null;
        if (text is "Z" or "z")
        {
            offset = Offset.Zero;
            return true;
        }
        var at = 1;
        if (text[0] is not ('+' or '-' or '\u2212') || !TryTwo(text, ref at, oneAllowed: false, out var hours))
        {
            return false;
        }
        var minutes = 0;
        _ = TrySkip(text, ref at, ':');
        if (at < text.Length && !TryTwo(text, ref at, oneAllowed: false, out minutes))
        {
            return false;
        }
        if (at != text.Length || hours > 14 || minutes > 59 || (hours == 14 && minutes > 0))
        {
            return false;
        }
        offset = Offset.FromSeconds((text[0] == '+' ? 1 : -1) * ((hours * 3_600) + (minutes * 60)));
        return true;
    }
}
