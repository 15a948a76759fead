using System.Buffers;
using System.Globalization;
using System.Text;

namespace MeterSync.Host.Telemetry;

/// <summary>Prometheus' text format, version 0.0.4.</summary>
internal sealed class Exposition(IBufferWriter<byte> target)
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private const int LongestNumber = 64;

    /// <param name="family">What is written.</param>
    /// <param name="round">The scrape's: values observed in an earlier one only are gone.</param>
    public void Write(MetricFamily family, int round)
    {
        var series = family.Series.Where(one => one is not ObservedSeries observed || observed.IsOf(round)).ToList();
        if (series.Count == 0)
        {
            return;
        }

        Text($"# HELP {family.Name} {EscapedHelp(family.Help)}\n# TYPE {family.Name} {KindOf(family.Kind)}\n");
        foreach (var one in series)
        {
            switch (one)
            {
                case HistogramSeries histogram:
                    Write(family.Name, histogram);
                    break;
                case SumSeries sum:
                    Sample(family.Name, "", one.Labels, sum.Value);
                    break;
                case LatestSeries latest:
                    Sample(family.Name, "", one.Labels, latest.Value);
                    break;
                case ObservedSeries observed:
                    Sample(family.Name, "", one.Labels, observed.Value);
                    break;
            }
        }
    }

    /// <summary>Between quotation marks: the three that must be escaped, and nothing a terminal or parser would trip over.</summary>
    public static string Escaped(string value)
    {
        var text = new StringBuilder(value.Length);
        foreach (var rune in value.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\\' => text.Append("\\\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append("\\n"),
                _ when Rune.IsControl(rune) => text.Append('\uFFFD'),
                _ => text.Append(rune.ToString()),
            };
        }

        return text.ToString();
    }

    private static string EscapedHelp(string help) => help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);

    private static string KindOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };

    private void Write(string name, HistogramSeries histogram)
    {
        var counts = histogram.Cumulated();
        var before = histogram.Labels.Length == 0 ? "" : histogram.Labels + ",";
        for (var bucket = 0; bucket < counts.Length; bucket++)
        {
            var bound = bucket < histogram.Bounds.Count ? histogram.Bounds[bucket].ToString("R", CultureInfo.InvariantCulture) : "+Inf";
            Sample(name, "_bucket", $"{before}le=\"{bound}\"", counts[bucket]);
        }

        Sample(name, "_sum", histogram.Labels, histogram.Sum);
        Sample(name, "_count", histogram.Labels, counts[^1]);
    }

    private void Sample(string name, string suffix, string labels, double value)
    {
        Text(name);
        Text(suffix);
        if (labels.Length > 0)
        {
            Text("{");
            Text(labels);
            Text("}");
        }

        Text(" ");
        Number(value);
        Text("\n");
    }

    private void Text(string text)
    {
        var span = target.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        target.Advance(Encoding.UTF8.GetBytes(text, span));
    }

    private void Number(double value)
    {
        if (double.IsFinite(value))
        {
            var span = target.GetSpan(LongestNumber);
            value.TryFormat(span, out var written, "R", CultureInfo.InvariantCulture);
            target.Advance(written);
        }
        else
        {
            Text(double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf");
        }
    }
}
