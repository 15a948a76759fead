using System.Buffers;

namespace MeterSync.Kernel.Tabular;

/// <summary>The characters of one row and where its cells end, within limits, in a buffer used again for every row.</summary>
internal sealed class RowText(TableLimits limits) : IDisposable
{
    private char[] _text = ArrayPool<char>.Shared.Rent(4_096);
    private int[] _cellEnds = new int[64];
    private int _length;
    private int _cellStart;

    /// <summary>Cells ended so far.</summary>
    public int CellCount { get; private set; }

    public ReadOnlySpan<char> Cell(int index)
    {
        if ((uint)index >= (uint)CellCount)
        {
            return default;
        }
        var start = index == 0 ? 0 : _cellEnds[index - 1];
        return _text.AsSpan(start, _cellEnds[index] - start);
    }

    public void Clear() => (CellCount, _length, _cellStart) = (0, 0, 0);

    /// <summary>Adds to the current cell; the code of the limit that forbids it, or null.</summary>
    public string? Append(ReadOnlySpan<char> piece)
    {
        var length = _length + piece.Length;
        if (length - _cellStart > limits.CellChars)
        {
            return ImportCodes.CellTooLarge;
        }
        if (length > limits.RowChars)
        {
            return ImportCodes.RowTooLarge;
        }
        if (length > _text.Length)
        {
            Grow(length);
        }
        piece.CopyTo(_text.AsSpan(_length));
        _length = length;
        return null;
    }

    /// <summary>Ends the current cell; the code of the limit that forbids it, or null.</summary>
    public string? EndCell()
    {
        if (CellCount == limits.Columns)
        {
            return ImportCodes.TooManyColumns;
        }
        if (CellCount == _cellEnds.Length)
        {
            Array.Resize(ref _cellEnds, _cellEnds.Length * 2);
        }
        _cellEnds[CellCount++] = _length;
        _cellStart = _length;
        return null;
    }

    public void Dispose()
    {
        if (_text.Length > 0)
        {
            ArrayPool<char>.Shared.Return(_text);
            _text = [];
        }
        Clear();
    }

    private void Grow(int length)
    {
        var larger = ArrayPool<char>.Shared.Rent(Math.Max(length, _text.Length * 2));
        _text.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<char>.Shared.Return(_text);
        _text = larger;
    }
}
