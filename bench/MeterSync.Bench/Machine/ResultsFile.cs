using System.Globalization;
using System.Text.Json;

namespace MeterSync.Bench.Machine;

/// <summary>Prints rows as a table and keeps them, with the machine's facts, as JSON.</summary>
internal sealed class ResultsFile(string scenario, Options options)
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };
    private readonly List<Dictionary<string, object?>> _rows = [];

    public void Add(Dictionary<string, object?> row) => _rows.Add(row);

    public void Finish()
    {
        var columns = _rows.SelectMany(r => r.Keys).Distinct().ToArray();
        var cells = _rows.Select(r => columns.Select(c => Cell(r.GetValueOrDefault(c))).ToArray()).Prepend(columns).ToArray();
        var widths = columns.Select((_, i) => cells.Max(r => r[i].Length)).ToArray();
        foreach (var row in cells)
            Console.WriteLine(string.Join("  ", row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))));
        if (options.Find("results") is not { } path)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, JsonSerializer.Serialize(new Dictionary<string, object> { ["scenario"] = scenario, ["machine"] = MachineFacts.Collect(options), ["rows"] = _rows }, s_indented));
        Console.WriteLine($"-> {Path.GetFileName(path)}");
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static string Cell(object? value) => value switch
    {
        null => "",
        double number => number.ToString(number >= 100 ? "0" : "0.00", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
