namespace MeterSync.Kernel.Tabular;

internal enum NumberKind
{
    /// <summary>Not a number.</summary>
    None,

    /// <summary>Digits, perhaps in thousands groups that leave no doubt.</summary>
    Whole,

    /// <summary>A fraction that can be read in one way only.</summary>
    Decimal,

    /// <summary>One comma or point before exactly three digits: a fraction or thousands.</summary>
    Ambiguous,

    /// <summary>A number with an exponent, as spreadsheets write long ones.</summary>
    Exponent,
}

/// <summary>What the separators of a number say, before any of them is given a meaning.</summary>
/// <param name="Kind">The reading the separators allow.</param>
/// <param name="DecimalAt">Where the decimal sign stands, or would stand; -1 for none.</param>
/// <param name="SignIfDecimal">The sign at that place; null for none.</param>
/// <param name="HasGroups">True when thousands are separated without doubt.</param>
internal readonly record struct NumberShape(NumberKind Kind, int DecimalAt, DecimalSign? SignIfDecimal, bool HasGroups)
{
    private const int MostSeparators = 12;

    private static readonly NumberShape s_none = new(NumberKind.None, -1, null, false);

    /// <summary>The decimal sign this text proves; null when it proves none.</summary>
    public DecimalSign? DecimalSign => Kind switch
    {
        NumberKind.Decimal => SignIfDecimal,
        // 1.234.567 shows that the point separates thousands, so a fraction would have a comma.
        NumberKind.Whole when GroupSign is '.' => Tabular.DecimalSign.Comma,
        NumberKind.Whole when GroupSign is ',' => Tabular.DecimalSign.Point,
        _ => null,
    };

    public char GroupSign { get; private init; }

    public static NumberShape Of(ReadOnlySpan<char> text)
    {
        var start = text.Length > 0 && text[0] is '-' or '+' or '\u2212' ? 1 : 0;
        Span<int> separators = stackalloc int[MostSeparators];
        var count = 0;
        for (var i = start; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsAsciiDigit(c))
            {
                continue;
            }
            if (c is 'e' or 'E')
            {
                return i > start && IsExponent(text[(i + 1)..]) ? new NumberShape(NumberKind.Exponent, -1, null, false) : s_none;
            }
            if (!IsSeparator(c) || count == MostSeparators)
            {
                return s_none;
            }
            separators[count++] = i;
        }
        var digits = text.Length - start - count;
        return digits <= 0 ? s_none
            : count == 0 ? new NumberShape(NumberKind.Whole, -1, null, false)
            : Judge(text, start, separators[..count]);
    }

    private static NumberShape Judge(ReadOnlySpan<char> text, int start, ReadOnlySpan<int> separators)
    {
        var last = separators[^1];
        var first = text[separators[0]];
        var after = text.Length - last - 1;
        DecimalSign? sign = text[last] switch { '.' => Tabular.DecimalSign.Point, ',' => Tabular.DecimalSign.Comma, _ => null };
        if (separators.Length > 1 ? text[last] == first : sign is null)
        {
            return AreGroups(text, start, separators, text.Length) ? new NumberShape(NumberKind.Whole, -1, null, true) { GroupSign = first } : s_none;
        }
        if (sign is null || after == 0)
        {
            return s_none;
        }
        if (separators.Length > 1)
        {
            return AreGroups(text, start, separators[..^1], last) ? new NumberShape(NumberKind.Decimal, last, sign, true) : s_none;
        }
        var couldBeThousands = after == 3 && last - start is >= 1 and <= 3 && text[start] != '0';
        return new NumberShape(couldBeThousands ? NumberKind.Ambiguous : NumberKind.Decimal, last, sign, false);
    }

    // One to three digits, then groups by one sign, the last of three digits; those between may have two, as in India.
    private static bool AreGroups(ReadOnlySpan<char> text, int start, ReadOnlySpan<int> separators, int end)
    {
        var group = text[separators[0]];
        for (var i = 0; i < separators.Length; i++)
        {
            var next = i + 1 < separators.Length ? separators[i + 1] : end;
            var length = next - separators[i] - 1;
            if (text[separators[i]] != group || length != 3 && (length != 2 || next == end))
            {
                return false;
            }
        }
        return separators[0] - start is >= 1 and <= 3;
    }

    private static bool IsSeparator(char c) => c is '.' or ',' or ' ' or '\u00A0' or '\u202F' or '\u2009' or '\'' or '\u2019';

    private static bool IsExponent(ReadOnlySpan<char> text)
    {
        var digits = text.Length > 0 && text[0] is '+' or '-' ? text[1..] : text;
        return digits.Length is > 0 and <= 4 && !digits.ContainsAnyExceptInRange('0', '9');
    }
}
