namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>The filled cells of one row at their places; the gaps between them are blank cells.</summary>
internal sealed class SheetRow(TableLimits limits) : IDisposable
{
    private readonly RowText _text = new(limits);
    private readonly List<CellForm> _forms = [];

    public int CellCount => _text.CellCount;

    /// <summary>Why the row cannot be taken; null when it can.</summary>
    public RowFault? Fault { get; private set; }

    public ReadOnlySpan<char> Cell(int index) => _text.Cell(index);

    public CellForm Form(int index) => (uint)index < (uint)_forms.Count ? _forms[index] : CellForm.Text;

    public void Clear()
    {
        _text.Clear();
        _forms.Clear();
        Fault = null;
    }

    /// <summary>Adds a cell to the right of those there are; a blank one and those after a fault are passed over.</summary>
    public void Add(int row, int column, ReadOnlySpan<char> text, CellForm form)
    {
        if (text.IsEmpty || Fault is not null)
        {
            return;
        }
        if (column < CellCount)
        {
            throw WorkbookException.Damaged($"the cells of row {row} are not in order");
        }
        string? refusal = null;
        while (refusal is null && CellCount < column)
        {
            refusal = _text.EndCell();
            _forms.Add(CellForm.Text);
        }
        refusal ??= _text.Append(text) ?? _text.EndCell();
        _forms.Add(form);
        Fault = refusal is null ? null : new RowFault(row, refusal == ImportCodes.CellTooLarge ? column : -1, refusal, Because(refusal), false);
    }

    public void Dispose() => _text.Dispose();

    private string Because(string code) => code switch
    {
        ImportCodes.CellTooLarge => $"A cell has more than {limits.CellChars} characters.",
        ImportCodes.RowTooLarge => $"The row has more than {limits.RowChars} characters.",
        _ => $"The row has a filled cell beyond column {limits.Columns}.",
    };
}
