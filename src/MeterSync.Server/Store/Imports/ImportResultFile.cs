using System.Globalization;
using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using MeterSync.Kernel.Tabular.Workbooks;

namespace MeterSync.Store.Imports;

/// <summary>
/// The table once more with the problems beside the rows, in the form it came in, for a person to mend and send again: the columns put in are ignored then.
/// Where the good rows were imported only the others are in it, else all of them.
/// </summary>
internal static class ImportResultFile
{
    /// <summary>Ends the name of a file that is still being written.</summary>
    public const string PartSuffix = ".part";

    private const string RowHeading = "import_row", CodeHeading = "problem_code", MessageHeading = "problem";

    /// <returns>What to offer the job's output file as; null where the table can no longer be read as it was.</returns>
    public static async Task<(string Name, string ContentType)?> WriteAsync(JobRun run, ImportInput input, ImportFindings found, bool onlyRefused, CancellationToken cancellationToken)
    {
        var options = input.Settings.ToReadOptions() with { Sheet = found.Sheet };
        var part = run.OutputFile + PartSuffix;
        try
        {
            await using var table = new FileStream(run.InputFile!, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = 0 });
            await using var rows = await TableFile.OpenAsync(table, options, _ => true, cancellationToken);
            var isText = rows is CsvRows;
            await using (var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                await using ITableSink sink = rows is CsvRows csv ? new TableWriter(file, new TableWriteOptions { Delimiter = DelimiterOf(csv), WithByteOrderMark = true, GuardFormulas = false }) : new SheetWriter(file);
                if (!await CopyAsync(rows, sink, isText, found, onlyRefused, cancellationToken))
                {
                    return null;
                }

                await sink.CompleteAsync(cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(part, run.OutputFile, overwrite: true);
            var name = Path.GetFileNameWithoutExtension(input.FileName);
            return ($"{(name.Length == 0 ? "table" : name)}-problems.{(isText ? "csv" : "xlsx")}", isText ? "text/csv; charset=utf-8" : SheetWriter.ContentType);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The import is done, and its result names the problems: that the disk is full for a file beside it must not undo that.
            return null;
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static async Task<bool> CopyAsync(ITableRows rows, ITableSink sink, bool isText, ImportFindings found, bool onlyRefused, CancellationToken cancellationToken)
    {
        var (kept, next, begun) = (new List<int>(), 0, false);
        while (await rows.ReadAsync(cancellationToken))
        {
            if (!begun)
            {
                begun = rows.Row == found.HeaderRow;
                if (begun)
                {
                    await BeginAsync(rows, sink, kept, cancellationToken);
                }

                continue;
            }

            var first = EndOf(found.Problems, next, rows.Row - 1);
            next = EndOf(found.Problems, first, rows.Row);
            if (next > first || (!onlyRefused && !IsBlank(rows)))
            {
                Write(rows, sink, isText, kept, found.Problems, first, next);
                await sink.EndRowAsync(cancellationToken);
            }
        }

        return begun && rows.Fault is not { Stops: true };
    }

    /// <summary>The first problem after a row.</summary>
    private static int EndOf(IReadOnlyList<RowProblem> problems, int index, int row)
    {
        while (index < problems.Count && problems[index].Row <= row)
        {
            index++;
        }

        return index;
    }

    private static ValueTask BeginAsync(ITableRows rows, ITableSink sink, List<int> kept, CancellationToken cancellationToken)
    {
        var columns = new List<SinkColumn> { new(RowHeading, SinkColumnKind.Number) };
        for (var cell = 0; cell < rows.CellCount; cell++)
        {
            // What this very function put into the file last time is not piled up.
            if (rows.Cell(cell).Trim() is var heading && heading is not (RowHeading or CodeHeading or MessageHeading))
            {
                kept.Add(cell);
                columns.Add(new SinkColumn(FormulaGuard.Escape(heading.ToString())));
            }
        }

        columns.Add(new SinkColumn(CodeHeading, SinkColumnKind.Words));
        columns.Add(new SinkColumn(MessageHeading, SinkColumnKind.Words));
        return sink.BeginAsync("problems", columns, cancellationToken);
    }

    private static void Write(ITableRows rows, ITableSink sink, bool isText, List<int> kept, IReadOnlyList<RowProblem> problems, int first, int end)
    {
        sink.Number((long)rows.Row);
        foreach (var cell in kept)
        {
            if (isText)
            {
                Text(rows.Cell(cell), sink);
            }
            else
            {
                Typed(rows.Cell(cell), rows.Form(cell), sink);
            }
        }

        var ofRow = problems.Skip(first).Take(end - first).ToList();
        sink.Text(string.Join(", ", ofRow.Select(problem => problem.Code).Distinct()));
        sink.Text(string.Join(' ', ofRow.Select(problem => problem.Column is { } column ? FormulaGuard.Escape($"{column}: {problem.Message}") : problem.Message)));
    }

    /// <summary>As it was written, unless a spreadsheet program would run it: a number may begin with a minus, and what has its apostrophe keeps it.</summary>
    private static void Text(ReadOnlySpan<char> text, ITableSink sink)
    {
        if (text.StartsWith('\'') || !FormulaGuard.Needs(text) || NumberShape.Of(text.Trim()).Kind != NumberKind.None)
        {
            sink.Text(text);
        }
        else
        {
            sink.Text(FormulaGuard.Escape(text.ToString()));
        }
    }

    private static void Typed(ReadOnlySpan<char> text, CellForm form, ITableSink sink)
    {
        if (form == CellForm.Number && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            sink.Number(number);
        }
        else if (form == CellForm.DateTime && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            sink.Date(day);
        }
        else if (form == CellForm.DateTime && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) && time.Kind == DateTimeKind.Unspecified)
        {
            // A workbook's times have no zone: what was local stays as it is shown.
            sink.Instant(new DateTimeOffset(time, TimeSpan.Zero));
        }
        else
        {
            sink.Text(text);
        }
    }

    private static bool IsBlank(ITableRows rows)
    {
        for (var cell = 0; cell < rows.CellCount; cell++)
        {
            if (!rows.Cell(cell).IsWhiteSpace())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A file may be read with a delimiter that cannot be written with.</summary>
    private static char DelimiterOf(CsvRows rows) => rows.Delimiter is ';' or '\t' or '|' ? rows.Delimiter : ',';
}
