using System.Globalization;
using MeterSync.Bench.Machine;

namespace MeterSync.BrowserBench;

/// <summary>The table of results: each number with its goal beside it.</summary>
internal sealed class Goals(ResultsFile results)
{
    /// <summary>Goals that were missed.</summary>
    public int Missed { get; private set; }

    /// <param name="what">With its unit.</param>
    /// <param name="values">Of the runs; the median counts.</param>
    /// <param name="most">The goal: at most so much.</param>
    public void Add(string what, IReadOnlyCollection<double> values, double most)
    {
        var median = ResultsFile.Median(values);
        Add(what, median, string.Create(CultureInfo.InvariantCulture, $"<= {most}"), median <= most, string.Join(' ', values.Select(value => value.ToString("0.#", CultureInfo.InvariantCulture))));
    }

    /// <param name="faults">Each one is a line of its own; none is the goal.</param>
    public void AddFaults(string what, IReadOnlyCollection<string> faults)
    {
        Add(what, faults.Count, "0", faults.Count == 0, "");
        foreach (var fault in faults)
        {
            results.Add(new() { ["what"] = $"  {fault}" });
        }
    }

    public void Fact(string what, object value) => results.Add(new() { ["what"] = what, ["value"] = value });

    public void Finish() => results.Finish();

    private void Add(string what, double value, string goal, bool isMet, string runs)
    {
        Missed += isMet ? 0 : 1;
        results.Add(new() { ["what"] = what, ["value"] = value, ["goal"] = goal, ["met"] = isMet ? "yes" : "NO", ["runs"] = runs });
    }
}
