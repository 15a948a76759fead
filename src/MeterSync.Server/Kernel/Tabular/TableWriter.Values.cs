using System.Globalization;

namespace MeterSync.Kernel.Tabular;

/// <content>Cells that are not words. They are never guarded as formulas: a negative number stays a number.</content>
public sealed partial class TableWriter
{
    /// <summary>Writes an exact number with the digits it has; null is an empty cell.</summary>
    public void Number(decimal? value)
    {
        BeginCell();
        if (value is { } number)
        {
            Format(number, default);
        }
    }

    /// <summary>Writes a whole number; null is an empty cell.</summary>
    public void Number(long? value)
    {
        BeginCell();
        if (value is { } number)
        {
            Format(number, default);
        }
    }

    /// <summary>Writes a measured quantity such as a latitude, in the shortest form that reads back the same.</summary>
    /// <exception cref="ArgumentException">The value is not finite.</exception>
    public void Number(double? value)
    {
        BeginCell();
        if (value is not { } number)
        {
            return;
        }
        if (!double.IsFinite(number))
        {
            throw new ArgumentException("A table cell holds finite numbers only.", nameof(value));
        }
        // Beyond these bounds the shortest form has an exponent, which this module's own reader refuses.
        if (number != 0 && Math.Abs(number) is < 1e-5 or >= 1e15)
        {
            Format(number, "F20");
            return;
        }
        Format(number, default);
    }

    /// <summary>Writes an id as 36 lower-case letters; null is an empty cell.</summary>
    public void Id(Guid? value)
    {
        BeginCell();
        if (value is { } id)
        {
            FormatPlain(id, default);
        }
    }

    /// <summary>Writes an instant as ISO 8601 in UTC with Z, with fractions of a second only where there are any.</summary>
    public void Instant(DateTimeOffset? value)
    {
        BeginCell();
        if (value is { } instant)
        {
            // The sortable pattern is what .NET formats fastest; a custom one with a fraction takes four times as long.
            var utc = instant.UtcDateTime;
            FormatPlain(utc, "s");
            Fraction((int)(utc.Ticks % TimeSpan.TicksPerSecond));
            _buffer[_length++] = (byte)'Z';
        }
    }

    /// <summary>Writes the part of a second that is left, without zeros at its end. Needs room for nine more bytes.</summary>
    private void Fraction(int ticks)
    {
        if (ticks == 0)
        {
            return;
        }
        _buffer[_length++] = (byte)'.';
        for (var unit = (int)TimeSpan.TicksPerSecond / 10; ticks > 0; unit /= 10)
        {
            _buffer[_length++] = (byte)('0' + (ticks / unit));
            ticks %= unit;
        }
    }

    /// <summary>Writes a day as yyyy-mm-dd; null is an empty cell.</summary>
    public void Date(DateOnly? value)
    {
        BeginCell();
        if (value is { } day)
        {
            FormatPlain(day, "yyyy-MM-dd");
        }
    }

    /// <summary>Writes <c>yes</c> or <c>no</c>; null is an empty cell.</summary>
    public void YesNo(bool? value) => Text(value switch { true => "yes", false => "no", null => null });

    private void Format<T>(T value, ReadOnlySpan<char> format)
        where T : IUtf8SpanFormattable
    {
        // A decimal comma next to a comma as delimiter only survives in quotes.
        var isQuoted = _options.DecimalSign == DecimalSign.Comma && _options.Delimiter == ',';
        Reserve(LongestNumber * 8);
        if (isQuoted)
        {
            _buffer[_length++] = (byte)'"';
        }
        var start = _length;
        FormatPlain(value, format);
        if (_options.DecimalSign == DecimalSign.Comma)
        {
            _buffer.AsSpan(start, _length - start).Replace((byte)'.', (byte)',');
        }
        if (isQuoted)
        {
            _buffer[_length++] = (byte)'"';
        }
    }

    private void FormatPlain<T>(T value, ReadOnlySpan<char> format)
        where T : IUtf8SpanFormattable
    {
        Reserve(LongestNumber * 8);
        if (!value.TryFormat(_buffer.AsSpan(_length), out var written, format, CultureInfo.InvariantCulture))
        {
            throw new InvalidOperationException("The value does not fit the space of the longest number.");
        }
        _length += written;
    }
}
