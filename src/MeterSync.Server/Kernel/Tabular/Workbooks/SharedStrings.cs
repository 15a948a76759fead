namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>The words a workbook keeps apart from its cells, in a few large blocks instead of an object each.</summary>
internal sealed class SharedStrings(TableLimits limits)
{
    private const int BlockChars = 256 * 1024;
    private const int MostStrings = 8_000_000;

    private readonly List<char[]> _blocks = [];
    private readonly List<long> _places = [];
    private int _used = BlockChars;
    private long _total;

    public void Read(WorkbookXml xml)
    {
        var text = new BoundedText(limits.CellChars);
        while (xml.Read())
        {
            if (xml.IsElement && xml.Name == "si")
            {
                text.Clear();
                xml.ReadText(text, static name => name == "t");
                text.Unescape();
                Add(text.Text);
            }
        }
    }

    /// <exception cref="WorkbookException">There is no such word.</exception>
    public ReadOnlySpan<char> this[int index]
    {
        get
        {
            if ((uint)index >= (uint)_places.Count)
            {
                throw WorkbookException.Damaged("a cell names a word that is not there");
            }
            var place = _places[index];
            return _blocks[(int)(place >> 40)].AsSpan((int)(place >> 20) & 0xFFFFF, (int)place & 0xFFFFF);
        }
    }

    private void Add(ReadOnlySpan<char> text)
    {
        _total += text.Length;
        if (_total > limits.SharedChars || _places.Count == MostStrings)
        {
            throw WorkbookException.TooLarge($"its words have more than {limits.SharedChars / (1024 * 1024)} million letters");
        }
        if (_used + text.Length > BlockChars)
        {
            _blocks.Add(new char[BlockChars]);
            _used = 0;
        }
        text.CopyTo(_blocks[^1].AsSpan(_used));
        _places.Add(((long)(_blocks.Count - 1) << 40) | ((long)_used << 20) | (uint)text.Length);
        _used += text.Length;
    }
}
