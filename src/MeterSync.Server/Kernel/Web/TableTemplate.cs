using System.Globalization;
using MeterSync.Kernel.Tabular;
using MeterSync.Kernel.Tabular.Workbooks;

namespace MeterSync.Kernel.Web;

/// <summary>A table to fill in, as a download that spreadsheets open.</summary>
/// <param name="Name">What the table is called, and the download before its ending.</param>
/// <param name="Columns">The columns the import knows.</param>
/// <param name="Headings">Those to fill in.</param>
/// <param name="Examples">Rows as a text table has them; a workbook gets the first one, with numbers and dates as such.</param>
public sealed record TableTemplate(string Name, ColumnSet Columns, IReadOnlyList<string> Headings, IReadOnlyList<string[]> Examples)
{
    private static readonly SinkColumn[] NoteColumns =
        [new("column", SinkColumnKind.Words), new("required", SinkColumnKind.YesNo), new("holds"), new("other headings", SinkColumnKind.Words)];

    /// <param name="response">Gets the file.</param>
    /// <param name="format">csv or xlsx; null is csv.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task WriteAsync(HttpResponse response, string? format, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(response);
        var isWorkbook = Terms<TableFormat>.ParseOptional(format) == TableFormat.Xlsx;
        response.ContentType = isWorkbook ? SheetWriter.ContentType : "text/csv; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=\"{Name}-template.{(isWorkbook ? "xlsx" : "csv")}\"";
        if (isWorkbook)
        {
            // A workbook is written without waiting, which a response does not allow.
            using var file = new MemoryStream();
            await using var sheets = new SheetWriter(file);
            await WriteSheetsAsync(sheets, cancellationToken);
            await response.Body.WriteAsync(file.GetBuffer().AsMemory(0, (int)file.Length), cancellationToken);
            return;
        }

        await using var table = new TableWriter(response.BodyWriter, new TableWriteOptions { WithByteOrderMark = true });
        foreach (var row in Examples.Prepend([.. Headings]))
        {
            table.Texts(row);
            await table.EndRowAsync(cancellationToken);
        }

        await table.CompleteAsync(cancellationToken);
    }

    private async Task WriteSheetsAsync(SheetWriter sheets, CancellationToken cancellationToken)
    {
        await sheets.BeginAsync(Name, [.. Headings.Select(heading => new SinkColumn(heading, KindOf(heading) switch { ColumnKind.Text => SinkColumnKind.Word, ColumnKind.Date => SinkColumnKind.Instant, _ => SinkColumnKind.Number }))], cancellationToken);
        for (var cell = 0; cell < Headings.Count; cell++)
        {
            Write(sheets, KindOf(Headings[cell]), Examples[0][cell]);
        }

        await sheets.EndRowAsync(cancellationToken);
        await sheets.BeginAsync("Notes", NoteColumns, cancellationToken);
        foreach (var column in Columns.Columns)
        {
            sheets.Text(column.Name);
            sheets.YesNo(column.IsRequired);
            sheets.Text(HoldsOf(column.Kind));
            sheets.Text(string.Join(", ", column.Synonyms));
            await sheets.EndRowAsync(cancellationToken);
        }

        foreach (var note in (string[])["Replace the row of the example by your own.", "Keep serial numbers as text, so that leading zeros stay.", "Columns with other headings are ignored. Delete columns you do not need."])
        {
            sheets.Text(note);
            await sheets.EndRowAsync(cancellationToken);
        }

        await sheets.CompleteAsync(cancellationToken);
    }

    private ColumnKind KindOf(string heading) => Columns.TryMatch(heading, out var column) ? column.Kind : ColumnKind.Text;

    private static void Write(SheetWriter sheet, ColumnKind kind, string text)
    {
        if (kind is ColumnKind.Number or ColumnKind.Coordinate && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            sheet.Number(number);
        }
        else if (kind == ColumnKind.Date && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            if (time.TimeOfDay == TimeSpan.Zero)
            {
                sheet.Date(DateOnly.FromDateTime(time));
            }
            else
            {
                sheet.Instant(new DateTimeOffset(time, TimeSpan.Zero));
            }
        }
        else
        {
            sheet.Text(text);
        }
    }

    private static string HoldsOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Number => "number",
        ColumnKind.Coordinate => "degrees",
        ColumnKind.Date => "date, or date and time",
        _ => "text",
    };
}

/// <summary>Which form a template is wanted in.</summary>
public sealed record TableTemplateRequest
{
    /// <summary>csv (default) or xlsx.</summary>
    [TermOf(typeof(TableFormat))]
    public string? Format { get; init; }
}
