using System.Globalization;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;

namespace MeterSync.Kernel.Tabular.Workbooks;

/// <content>The cells of a row. The elements and attributes are made once and filled anew: a million rows are sixteen million cells.</content>
public sealed partial class SheetWriter
{
    private const int LongestText = 32_767;
    private const int LongestEscape = 7;

    private readonly Row _rowElement = new();
    private readonly Cell _cellElement = new();
    private readonly CellValue _valueElement = new();
    private readonly InlineString _inlineElement = new();
    private readonly Text _textElement = new();
    private readonly List<OpenXmlAttribute> _attributes = new(3);
    private readonly OpenXmlAttribute[] _preserve = [new OpenXmlAttribute("xml", "space", "http://www.w3.org/XML/1998/namespace", "preserve")];

    /// <inheritdoc/>
    public void Text(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            Blank();
            return;
        }
        Words(text, null);
    }

    /// <inheritdoc/>
    public void Text(ReadOnlySpan<char> text) => Text(text.IsEmpty ? null : text.ToString());

    /// <inheritdoc/>
    public void Texts(params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            Text(text);
        }
    }

    /// <inheritdoc/>
    public void Number(decimal? value) => Value(value?.ToString(CultureInfo.InvariantCulture), null, null);

    /// <inheritdoc/>
    public void Number(long? value) => Value(value?.ToString(CultureInfo.InvariantCulture), null, null);

    /// <inheritdoc/>
    public void Number(double? value) => Value(
        value is { } number && !double.IsFinite(number) ? throw new ArgumentException("A table cell holds finite numbers only.", nameof(value)) : value?.ToString("R", CultureInfo.InvariantCulture), null, null);

    /// <inheritdoc/>
    public void Id(Guid? value) => Text(value?.ToString());

    /// <inheritdoc/>
    public void Instant(DateTimeOffset? value)
    {
        if (value is { } instant && SerialDates.NumberOf(instant.UtcDateTime) is not { } number)
        {
            Text(instant.UtcDateTime.ToString("s", CultureInfo.InvariantCulture) + "Z");
            return;
        }
        Value(value is null ? null : SerialDates.NumberOf(value.Value.UtcDateTime)!.Value.ToString("R", CultureInfo.InvariantCulture), SheetParts.InstantStyle, null);
    }

    /// <inheritdoc/>
    public void Date(DateOnly? value)
    {
        if (value is { } day && SerialDates.NumberOf(day.ToDateTime(TimeOnly.MinValue)) is null)
        {
            Text(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            return;
        }
        Value(value is null ? null : SerialDates.NumberOf(value.Value.ToDateTime(TimeOnly.MinValue))!.Value.ToString("R", CultureInfo.InvariantCulture), SheetParts.DateStyle, null);
    }

    /// <inheritdoc/>
    public void YesNo(bool? value) => Value(value switch { true => "1", false => "0", null => null }, null, "b");

    private void StartRow()
    {
        _attributes.Clear();
        _attributes.Add(new OpenXmlAttribute("r", "", _rowText));
        Xml.WriteStartElement(_rowElement, _attributes);
    }

    private void Blank()
    {
        if (_cell == 0)
        {
            BeginRow();
        }
        _cell++;
    }

    private void StartCell(string? style, string? type)
    {
        Blank();
        _attributes.Clear();
        _attributes.Add(new OpenXmlAttribute("r", "", (_cell <= _letters.Length ? _letters[_cell - 1] : SheetParts.LettersOf(_cell - 1)) + _rowText));
        if (style is not null)
        {
            _attributes.Add(new OpenXmlAttribute("s", "", style));
        }
        if (type is not null)
        {
            _attributes.Add(new OpenXmlAttribute("t", "", type));
        }
        Xml.WriteStartElement(_cellElement, _attributes);
    }

    private void Value(string? text, string? style, string? type)
    {
        if (text is null)
        {
            Blank();
            return;
        }
        StartCell(style, type);
        Xml.WriteStartElement(_valueElement);
        Xml.WriteString(text);
        Xml.WriteEndElement();
        Xml.WriteEndElement();
    }

    private void Words(string text, string? style)
    {
        StartCell(style, "inlineStr");
        Xml.WriteStartElement(_inlineElement);
        if (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]) || text.AsSpan().ContainsAny("\n\r\t"))
        {
            Xml.WriteStartElement(_textElement, _preserve);
        }
        else
        {
            Xml.WriteStartElement(_textElement);
        }
        Xml.WriteString(Clean(text));
        Xml.WriteEndElement();
        Xml.WriteEndElement();
        Xml.WriteEndElement();
    }

    /// <summary>Characters that XML cannot hold become U+FFFD, and text that looks like the workbook's spelling of such a character is spelled so that it stays as it is.</summary>
    private static string Clean(string text)
    {
        var isPlain = text.Length <= LongestText && !text.Contains("_x", StringComparison.Ordinal);
        for (var i = 0; i < text.Length && isPlain; i++)
        {
            isPlain = text[i] is >= ' ' and < '\uD800' or '\n' or '\t';
        }
        if (isPlain)
        {
            return text;
        }
        var clean = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            _ = Rune.TryGetRuneAt(text, at, out var rune) ? rune : rune = Rune.ReplacementChar;
            if (clean.Length + LongestEscape >= LongestText)
            {
                return clean.Append('…').ToString();
            }
            _ = rune.Value switch
            {
                '_' when BoundedText.IsEscape(text.AsSpan(at), out _) => clean.Append("_x005F_"),
                '\r' => clean.Append("_x000D_"),
                < ' ' and not ('\n' or '\t') or 0xFFFE or 0xFFFF => clean.Append('\uFFFD'),
                _ => clean.Append(rune),
            };
            at += char.IsSurrogate(text[at]) && rune != Rune.ReplacementChar ? 2 : 1;
        }
        return clean.ToString();
    }
}
