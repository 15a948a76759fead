using System.Globalization;

namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>Which sheet of a workbook is read: the one asked for, else the first visible one that begins with the headings, else the first visible one that has a row.</summary>
/// <param name="Reopen">Whether the sheet has to be begun again.</param>
/// <param name="Note">What a person should know about the others.</param>
internal readonly record struct SheetChoice<T>(T Sheet, bool Reopen, TableNote? Note);

/// <summary>Makes a <see cref="SheetChoice{T}"/>.</summary>
internal static class SheetChoice
{
    private const int MostShown = 20;

    /// <param name="wanted">Name or number; null chooses.</param>
    /// <param name="begin">Begins a sheet and goes to its first filled row; false where it has none.</param>
    /// <param name="isHeader">Whether that row has the headings.</param>
    public static SheetChoice<T> Make<T>(IReadOnlyList<T> sheets, string? wanted, Func<T, string> name, Func<T, bool> isVisible, Func<T, bool> begin, Func<bool> isHeader)
        where T : class
    {
        if (wanted is not null)
        {
            var found = sheets.FirstOrDefault(sheet => name(sheet).Trim().Equals(wanted.Trim(), StringComparison.OrdinalIgnoreCase))
                ?? (int.TryParse(wanted, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= sheets.Count ? sheets[number - 1] : null)
                ?? throw new WorkbookException(ImportCodes.SheetNotFound, $"The workbook has no sheet \"{Excerpt.Of(wanted)}\". It has: {string.Join(", ", sheets.Take(MostShown).Select(sheet => $"\"{Excerpt.Of(name(sheet))}\""))}.");
            return new SheetChoice<T>(found, true, null);
        }

        var visible = sheets.Where(isVisible).ToList();
        T? filled = null;
        foreach (var sheet in visible)
        {
            if (!begin(sheet))
            {
                continue;
            }
            if (isHeader())
            {
                return new SheetChoice<T>(sheet, false, NoteOn(sheet));
            }
            filled ??= sheet;
        }
        var chosen = filled ?? visible.FirstOrDefault() ?? throw new WorkbookException(ImportCodes.SheetEmpty, sheets.Count == 0 ? "The workbook has no sheet with cells." : "The workbook has no visible sheet. Unhide the one to read, or name it.");
        return new SheetChoice<T>(chosen, true, NoteOn(chosen));

        TableNote? NoteOn(T sheet) => visible.Count < 2 ? null
            : new TableNote(ImportCodes.SheetChosen, $"The workbook has {visible.Count} visible sheets; \"{Excerpt.Of(name(sheet))}\" was read. Name another one if that is wrong.");
    }

    public static WorkbookException Empty(string name) => new(ImportCodes.SheetEmpty, $"The sheet \"{Excerpt.Of(name)}\" has no filled cell.");
}
