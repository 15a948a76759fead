namespace MeterSync.Kernel.Tabular.Workbooks;

/// <content>The cells of a row.</content>
public sealed partial class SheetWriter
{
    /// <inheritdoc/>
    public void Text(string? text) => Text(text.AsSpan());

    /// <inheritdoc/>
    public void Text(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            Blank();
            return;
        }
        Place();
        Words(text, SheetText.NeedsKeeping(text) ? "\" t=\"inlineStr\"><is><t xml:space=\"preserve\">"u8 : "\" t=\"inlineStr\"><is><t>"u8);
    }

    /// <inheritdoc/>
    public void Texts(params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            Text(text);
        }
    }

    /// <inheritdoc/>
    public void Number(decimal? value) => Value(value, "\"><v>"u8);

    /// <inheritdoc/>
    public void Number(long? value) => Value(value, "\"><v>"u8);

    /// <inheritdoc/>
    public void Number(double? value) => Value(value is { } number && !double.IsFinite(number) ? throw new ArgumentException("A table cell holds finite numbers only.", nameof(value)) : value, "\"><v>"u8);

    /// <inheritdoc/>
    public void Id(Guid? value)
    {
        if (value is not { } id)
        {
            Blank();
            return;
        }
        Place();
        Xml.Markup("\" t=\"inlineStr\"><is><t>"u8);
        Xml.Value(id);
        Xml.Markup("</t></is></c>"u8);
    }

    /// <inheritdoc/>
    public void Instant(DateTimeOffset? value)
    {
        if (value is { } instant && SerialDates.NumberOf(instant.UtcDateTime) is null)
        {
            Text($"{instant.UtcDateTime:s}Z");
            return;
        }
        Value(value is null ? null : SerialDates.NumberOf(value.Value.UtcDateTime), "\" s=\"2\"><v>"u8);
    }

    /// <inheritdoc/>
    public void Date(DateOnly? value)
    {
        if (value is { } day && SerialDates.NumberOf(day.ToDateTime(TimeOnly.MinValue)) is null)
        {
            Text(day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
            return;
        }
        Value(value is null ? null : SerialDates.NumberOf(value.Value.ToDateTime(TimeOnly.MinValue)), "\" s=\"3\"><v>"u8);
    }

    /// <inheritdoc/>
    public void YesNo(bool? value) => Value(value switch { true => 1, false => 0, null => (long?)null }, "\" t=\"b\"><v>"u8);

    private void Heading(string text)
    {
        if (text.Length == 0)
        {
            Blank();
            return;
        }
        Place();
        Words(text, "\" s=\"1\" t=\"inlineStr\"><is><t xml:space=\"preserve\">"u8);
    }

    private void Words(ReadOnlySpan<char> text, ReadOnlySpan<byte> kind)
    {
        Xml.Markup(kind);
        Xml.Text(SheetText.Clean(text));
        Xml.Markup("</t></is></c>"u8);
    }

    private void Value<T>(T? value, ReadOnlySpan<byte> kind)
        where T : struct, IUtf8SpanFormattable
    {
        if (value is not { } number)
        {
            Blank();
            return;
        }
        Place();
        Xml.Markup(kind);
        Xml.Value(number);
        Xml.Markup("</v></c>"u8);
    }

    /// <summary>A cell that is not written at all.</summary>
    private void Blank()
    {
        if (_cell == 0)
        {
            BeginRow();
        }
        _cell++;
    }

    /// <summary>Begins a cell, up to the end of its place.</summary>
    private void Place()
    {
        Blank();
        Xml.Markup("<c r=\""u8);
        Xml.Markup(_cell <= _letters.Length ? _letters[_cell - 1] : SheetParts.LettersOf(_cell - 1));
        Xml.Value(_row);
    }
}
