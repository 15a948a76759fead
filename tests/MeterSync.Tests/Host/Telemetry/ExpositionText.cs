using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MeterSync.Tests.Host.Telemetry;

/// <summary>One line of a metric.</summary>
public sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    public string Series(params string[] without) => Name + "{" + string.Join(',', Labels.Where(label => !without.Contains(label.Key)).OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}")) + "}";
}

/// <summary>Reads Prometheus' text format 0.0.4 and takes nothing that breaks its rules.</summary>
public sealed partial class ExpositionText
{
    private readonly Dictionary<string, string> types = [];
    private readonly HashSet<string> helped = [];
    private readonly HashSet<string> series = [];
    private readonly List<Sample> samples = [];
    private string family = "";

    public IReadOnlyList<Sample> Samples => samples;

    public IReadOnlyDictionary<string, string> Types => types;

    /// <exception cref="FormatException">The text breaks a rule.</exception>
    public static ExpositionText Parse(string text)
    {
        var parsed = new ExpositionText();
        if (!text.EndsWith('\n') || text.Contains('\r', StringComparison.Ordinal))
        {
            throw new FormatException("Every line ends with a line feed, the last one too.");
        }

        foreach (var line in text[..^1].Split('\n'))
        {
            parsed.Take(line);
        }

        parsed.CheckHistograms();
        return parsed;
    }

    /// <summary>The sum of all samples of the name whose labels have the given values.</summary>
    public double Total(string name, params (string Label, string Value)[] labels) => Matching(name, labels).Sum(sample => sample.Value);

    public IEnumerable<Sample> Matching(string name, params (string Label, string Value)[] labels) =>
        samples.Where(sample => sample.Name == name && labels.All(label => sample.Labels.GetValueOrDefault(label.Label) == label.Value));

    private void Take(string line)
    {
        if (HelpLine().Match(line) is { Success: true } help)
        {
            family = help.Groups["name"].Value;
            Require(helped.Add(family) && !types.ContainsKey(family), line, "HELP comes once, before TYPE and all samples");
            return;
        }

        if (TypeLine().Match(line) is { Success: true } type)
        {
            Require(type.Groups["name"].Value == family && types.TryAdd(family, type.Groups["type"].Value), line, "TYPE comes once, after its HELP");
            return;
        }

        Require(!line.StartsWith('#'), line, "no other comments are written");
        var sample = SampleOf(line);
        Require(types.TryGetValue(family, out var kind) && BelongsTo(sample.Name, kind), line, "the samples of a metric stand together behind its TYPE");
        Require(series.Add(sample.Series()), line, "no series comes twice");
        Require(kind != "counter" || (family.EndsWith("_total", StringComparison.Ordinal) && sample.Value >= 0), line, "counters end with _total and are not negative");
        Require(kind != "gauge" || !family.EndsWith("_total", StringComparison.Ordinal), line, "gauges do not end with _total");
        samples.Add(sample);
    }

    private bool BelongsTo(string name, string kind) =>
        kind == "histogram" ? name == family + "_bucket" || name == family + "_sum" || name == family + "_count" : name == family;

    private static Sample SampleOf(string line)
    {
        var match = SampleLine().Match(line);
        Require(match.Success, line, "a sample is name{label=\"value\",...} number");
        var labels = new Dictionary<string, string>();
        foreach (Match label in LabelPair().Matches(match.Groups["labels"].Value))
        {
            Require(!label.Groups["name"].Value.StartsWith("__", StringComparison.Ordinal) && labels.TryAdd(label.Groups["name"].Value, Unescaped(label.Groups["value"].Value)), line, "no label comes twice");
        }

        var number = match.Groups["value"].Value;
        var value = number switch { "+Inf" => double.PositiveInfinity, "-Inf" => double.NegativeInfinity, "NaN" => double.NaN, _ => double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture) };
        return new Sample(match.Groups["name"].Value, labels, value);
    }

    private static string Unescaped(string text)
    {
        var plain = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            plain.Append(text[at] != '\\' ? text[at] : text[++at] switch { 'n' => '\n', '\\' => '\\', '"' => '"', var other => throw new FormatException($"\\{other} is no escape.") });
        }

        return plain.ToString();
    }

    private void CheckHistograms()
    {
        foreach (var (name, _) in types.Where(type => type.Value == "histogram"))
        {
            foreach (var buckets in samples.Where(sample => sample.Name == name + "_bucket").GroupBy(sample => sample.Series("le")))
            {
                var bounds = buckets.Select(bucket => bucket.Labels["le"] == "+Inf" ? double.PositiveInfinity : double.Parse(bucket.Labels["le"], CultureInfo.InvariantCulture)).ToList();
                var counts = buckets.Select(bucket => bucket.Value).ToList();
                var suffix = buckets.Key[(name.Length + "_bucket".Length)..];
                Require(bounds.SequenceEqual(bounds.Distinct().Order()) && bounds[^1] == double.PositiveInfinity, buckets.Key, "the bounds rise and end with +Inf");
                Require(counts.SequenceEqual(counts.Order()), buckets.Key, "buckets are cumulative");
                Require(samples.Single(sample => sample.Series() == name + "_count" + suffix).Value.Equals(counts[^1]), buckets.Key, "the count is the last bucket's");
                Require(samples.Count(sample => sample.Series() == name + "_sum" + suffix) == 1, buckets.Key, "there is one sum");
            }
        }
    }

    private static void Require(bool holds, string line, string rule)
    {
        if (!holds)
        {
            throw new FormatException($"{rule}: {line}");
        }
    }

    [GeneratedRegex(@"^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?:[^\\\n]|\\\\|\\n)+$")]
    private static partial Regex HelpLine();

    [GeneratedRegex(@"^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?<labels>[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\p{Cc}]|\\[\\"n])*"(?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\p{Cc}]|\\[\\"n])*")*)\})? (?<value>[+-]Inf|NaN|-?[0-9.]+(?:E[+-]?[0-9]+)?)$""")]
    private static partial Regex SampleLine();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>(?:[^"\\]|\\.)*)",?""")]
    private static partial Regex LabelPair();
}
