namespace MeterSync.Kernel.Tabular;

/// <summary>Counts what sampled numbers prove about the file's decimal sign.</summary>
internal sealed class DecimalSignVotes : ISampleVisitor
{
    private int _comma, _point, _ambiguous;

    public void See(ReadOnlySpan<char> text)
    {
        var shape = NumberShape.Of(text);
        _comma += shape.DecimalSign == DecimalSign.Comma ? 1 : 0;
        _point += shape.DecimalSign == DecimalSign.Point ? 1 : 0;
        _ambiguous += shape.Kind == NumberKind.Ambiguous ? 1 : 0;
    }

    public DecimalSign? Decide(List<TableNote> notes)
    {
        if (_comma > 0 && _point > 0)
        {
            notes.Add(new TableNote(ImportCodes.DecimalSignMixed, "The file has numbers with a decimal comma and numbers with a decimal point. Those that can be read in one way only were read; the others are refused."));
            return null;
        }
        if (_comma + _point == 0 && _ambiguous > 0)
        {
            notes.Add(new TableNote(ImportCodes.DecimalSignUnknown, "No number in the file shows whether comma or point is the decimal sign. Numbers such as 1,234 are refused until you say which."));
        }
        return _comma > 0 ? DecimalSign.Comma : _point > 0 ? DecimalSign.Point : null;
    }
}

/// <summary>Counts what sampled dates prove about the file's order of day and month.</summary>
internal sealed class DateOrderVotes : ISampleVisitor
{
    private int _dayFirst, _monthFirst, _either;

    public void See(ReadOnlySpan<char> text)
    {
        var evidence = DateCells.EvidenceOf(text);
        _dayFirst += evidence == DateEvidence.DayFirst ? 1 : 0;
        _monthFirst += evidence == DateEvidence.MonthFirst ? 1 : 0;
        _either += evidence == DateEvidence.Either ? 1 : 0;
    }

    public DateOrder? Decide(List<TableNote> notes)
    {
        if (_dayFirst > 0 && _monthFirst > 0)
        {
            notes.Add(new TableNote(ImportCodes.DateOrderMixed, "The file has dates with the day first and dates with the month first. Those that can be read in one way only were read; the others are refused."));
            return null;
        }
        if (_monthFirst > 0)
        {
            return DateOrder.MonthFirst;
        }
        if (_dayFirst == 0 && _either > 0)
        {
            notes.Add(new TableNote(ImportCodes.DateOrderAssumed, "No date in the file shows whether the day or the month comes first; they were read with the day first. If that is wrong, say so and import again."));
        }
        return DateOrder.DayFirst;
    }
}
