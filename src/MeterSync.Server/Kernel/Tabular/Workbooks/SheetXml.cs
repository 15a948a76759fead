using System.Buffers;
using System.Globalization;
using System.Text;

namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>Writes the XML of a sheet as UTF-8. Markup is written as it stands; texts are escaped.</summary>
internal sealed class SheetXml(Stream output) : IDisposable
{
    private const int SendAt = 64 * 1024;
    private const int LongestNumber = 64;
    private const int PieceChars = 4_096;

    private static readonly SearchValues<char> s_markup = SearchValues.Create('<', '>', '&');

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SendAt + (PieceChars * 4));
    private int _length;

    public void Markup(ReadOnlySpan<byte> markup)
    {
        Reserve(markup.Length);
        markup.CopyTo(_buffer.AsSpan(_length));
        _length += markup.Length;
    }

    public void Text(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOfAny(s_markup); at >= 0; at = text.IndexOfAny(s_markup))
        {
            Plain(text[..at]);
            Markup(text[at] switch { '<' => "&lt;"u8, '>' => "&gt;"u8, _ => "&amp;"u8 });
            text = text[(at + 1)..];
        }
        Plain(text);
    }

    public void Value<T>(T value, ReadOnlySpan<char> format = default)
        where T : IUtf8SpanFormattable
    {
        Reserve(LongestNumber);
        if (!value.TryFormat(_buffer.AsSpan(_length), out var written, format, CultureInfo.InvariantCulture))
        {
            throw new InvalidOperationException("The value does not fit the space of the longest number.");
        }
        _length += written;
    }

    public void Flush()
    {
        output.Write(_buffer, 0, _length);
        _length = 0;
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private void Plain(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var count = Math.Min(text.Length, PieceChars);
            count -= count < text.Length && char.IsHighSurrogate(text[count - 1]) ? 1 : 0;
            Reserve(count * 3);
            _length += Encoding.UTF8.GetBytes(text[..count], _buffer.AsSpan(_length));
            text = text[count..];
        }
    }

    private void Reserve(int count)
    {
        if (_length + count > _buffer.Length)
        {
            Flush();
        }
    }
}
