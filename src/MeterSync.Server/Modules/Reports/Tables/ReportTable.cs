using MeterSync.Kernel;
using MeterSync.Kernel.Reporting;
using MeterSync.Kernel.Tabular;
using MeterSync.Modules.Reports.Exporting;

namespace MeterSync.Modules.Reports.Tables;

/// <summary>A report as a file: its columns, and behind them, for each that is linked, the path that lists what is counted there.</summary>
internal sealed class ReportTable(ReportDesk desk)
{
    public async Task WriteAsync(ITableSink table, ExportInput input, CancellationToken cancellationToken)
    {
        var source = desk.Find(Terms<ExportType>.WordOf(input.Type));
        var made = await source.MakeAsync(desk.Between(input.From, input.To, input.CycleId, input.AgentId), cancellationToken);
        if (!made.Succeeded)
        {
            throw new ReportRefusedException(made.Problem);
        }

        var columns = made.Value.Columns;
        var linked = made.Value.Linked;
        await table.BeginAsync(source.Name, [.. columns, .. linked.Select(name => new SinkColumn(name + "_rows_at", SinkColumnKind.Words))], cancellationToken);
        foreach (var row in made.Value.Rows)
        {
            foreach (var cell in row.Cells)
            {
                Write(table, cell);
            }

            foreach (var name in linked)
            {
                table.Text(row.Links.GetValueOrDefault(name));
            }

            await table.EndRowAsync(cancellationToken);
        }
    }

    private static void Write(ITableSink table, object? cell)
    {
        switch (cell)
        {
            case null:
                table.Text((string?)null);
                break;
            case string text:
                table.Text(text);
                break;
            case int number:
                table.Number((long)number);
                break;
            case long number:
                table.Number(number);
                break;
            case decimal number:
                table.Number(number);
                break;
            case double number:
                table.Number(number);
                break;
            case bool yes:
                table.YesNo(yes);
                break;
            case Guid id:
                table.Id(id);
                break;
            case DateTimeOffset at:
                table.Instant(at);
                break;
            case DateOnly day:
                table.Date(day);
                break;
            default:
                throw new InvalidOperationException($"A report has a cell of the type {cell.GetType().Name}.");
        }
    }
}

/// <summary>The report could not be made as it was asked for.</summary>
internal sealed class ReportRefusedException(Problem problem) : Exception(problem.Message)
{
    public Problem Problem => problem;
}
