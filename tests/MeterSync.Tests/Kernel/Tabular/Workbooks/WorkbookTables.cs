using MeterSync.Kernel.Tabular;

namespace MeterSync.Tests.Kernel.Tabular.Workbooks;

/// <summary>Reads workbooks as an import would.</summary>
internal static class WorkbookTables
{
    public static async Task<TableReader> OpenAsync(byte[] file, TableReadOptions? options = null)
    {
        options ??= new TableReadOptions();
        return await TableReader.OpenAsync(await TableFile.OpenAsync(new MemoryStream(file), options, Tables.Columns.IsHeader), Tables.Columns, options);
    }

    public static async Task<TableReader> ReadAsync(byte[] file, TableReadOptions? options = null) => await Tables.DrainAsync(await OpenAsync(file, options));

    /// <summary>The rows of the sheet that is chosen, cells with their form before them where they are not words, faults as "!code".</summary>
    public static async Task<List<string>> RowsAsync(byte[] file, TableReadOptions? options = null)
    {
        await using var rows = await TableFile.OpenAsync(new MemoryStream(file), options ?? new TableReadOptions(), Tables.Columns.IsHeader);
        var all = new List<string>();
        while (await rows.ReadAsync(CancellationToken.None))
        {
            all.Add($"{rows.Row}: {string.Join('|', Enumerable.Range(0, rows.CellCount).Select(cell => (rows.Form(cell) is CellForm.Text ? "" : rows.Form(cell) + " ") + rows.Cell(cell).ToString()))}{(rows.Fault is { } fault ? " !" + fault.Code : "")}");
        }

        if (rows.Fault is { Stops: true } stop)
        {
            all.Add("!" + stop.Code);
        }

        return all;
    }

    public static async Task<(string Serial, decimal? Value, string? When)[]> ValuesAsync(byte[] file, TableReadOptions? options = null)
    {
        await using var reader = await OpenAsync(file, options);
        var all = new List<(string, decimal?, string?)>();
        while (await reader.ReadAsync())
        {
            all.Add((reader.Identifier(Tables.Serial, 40) ?? "", reader.Decimal(Tables.Value), reader.Instant(Tables.When)?.ToString("yyyy-MM-ddTHH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture)));
        }

        return [.. all];
    }

    public static async Task<string[]> CodesAsync(byte[] file, TableReadOptions? options = null)
    {
        await using var reader = await ReadAsync(file, options);
        return [.. reader.Problems.Select(problem => $"{problem.Row} {problem.Column} {problem.Code}")];
    }
}
