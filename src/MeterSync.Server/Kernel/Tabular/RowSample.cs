namespace MeterSync.Kernel.Tabular;

/// <summary>
/// The first rows of a source, read ahead to learn the file's conventions and then handed out again in order.
/// The cells lie in one growing block of characters, so a large sample costs few objects.
/// </summary>
internal sealed class RowSample(ITableRows source, TableLimits limits)
{
    private const int AfterSample = int.MaxValue;

    private readonly List<Kept> _rows = [];
    private readonly List<int> _cellEnds = [];
    private readonly List<CellForm> _forms = [];
    private char[] _text = [];
    private int _textLength;
    private int _next;
    private bool _ended;

    private readonly record struct Kept(int Row, long Line, int TextStart, int CellStart, int CellCount, RowFault? Fault);

    private Kept? Current => _next > 0 && _next <= _rows.Count ? _rows[_next - 1] : null;

    public int Row => Current?.Row ?? source.Row;

    public long Line => Current?.Line ?? source.Line;

    public int CellCount => Current?.CellCount ?? source.CellCount;

    public RowFault? Fault => Current is { } kept ? kept.Fault : source.Fault;

    public ReadOnlySpan<char> Cell(int index)
    {
        if (Current is not { } kept)
        {
            return source.Cell(index);
        }
        if ((uint)index >= (uint)kept.CellCount)
        {
            return default;
        }
        var start = index == 0 ? kept.TextStart : _cellEnds[kept.CellStart + index - 1];
        return _text.AsSpan(start, _cellEnds[kept.CellStart + index] - start);
    }

    public CellForm Form(int index) => Current is not { } kept ? source.Form(index)
        : (uint)index < (uint)kept.CellCount ? _forms[kept.CellStart + index] : CellForm.Text;

    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        while (_rows.Count < limits.SampleRows && _textLength < limits.SampleChars && _cellEnds.Count < limits.SampleChars)
        {
            if (!await source.ReadAsync(cancellationToken))
            {
                _ended = true;
                return;
            }
            Keep();
        }
    }

    /// <summary>Goes to the next row, of the sample first, then of the source.</summary>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_next < _rows.Count)
        {
            _next++;
            return new(true);
        }
        if (_next != AfterSample)
        {
            _next = AfterSample;
            _rows.Clear();
            _cellEnds.Clear();
            _forms.Clear();
            _text = [];
        }
        return _ended ? new(false) : source.ReadAsync(cancellationToken);
    }

    /// <summary>Gives every sampled cell of one place to a visitor.</summary>
    public void Visit(int index, ISampleVisitor visitor)
    {
        for (_next = 1; _next <= _rows.Count; _next++)
        {
            if (Form(index) == CellForm.Text)
            {
                visitor.See(Cell(index).Trim());
            }
        }
        _next = 0;
    }

    private void Keep()
    {
        var (textStart, cellStart) = (_textLength, _cellEnds.Count);
        for (var i = 0; i < source.CellCount; i++)
        {
            var cell = source.Cell(i);
            if (_textLength + cell.Length > _text.Length)
            {
                Array.Resize(ref _text, Math.Max(_textLength + cell.Length, _text.Length * 2));
            }
            cell.CopyTo(_text.AsSpan(_textLength));
            _textLength += cell.Length;
            _cellEnds.Add(_textLength);
            _forms.Add(source.Form(i));
        }
        _rows.Add(new Kept(source.Row, source.Line, textStart, cellStart, source.CellCount, source.Fault));
    }
}

/// <summary>Looks at the cells of a sample.</summary>
internal interface ISampleVisitor
{
    void See(ReadOnlySpan<char> text);
}
