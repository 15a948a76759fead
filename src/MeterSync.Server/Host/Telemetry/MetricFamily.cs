using System.Collections.Concurrent;
using System.Globalization;

namespace MeterSync.Host.Telemetry;

/// <summary>How a family is told of.</summary>
internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>One metric with all its label sets. Which set a measurement belongs to is looked up without a lock; a new set is taken up under one,
/// until there are too many: what comes under further sets is counted together.</summary>
internal sealed class MetricFamily
{
    /// <summary>Value of every label of what came after the last set that had room.</summary>
    public const string Other = "other";

    private const int LongestValue = 200;
    private readonly ConcurrentDictionary<LabelSet, MetricSeries> sets = new();
    private readonly Dictionary<string, MetricSeries> series = new(StringComparer.Ordinal);
    private readonly Lock guard = new();
    private readonly Func<string, MetricSeries> create;
    private readonly bool isOpen;
    private readonly int mostSets;
    private volatile string[] labels;
    private volatile MetricSeries? rest;
    private long overflow;

    /// <param name="name">As Prometheus knows it.</param>
    /// <param name="kind">Counter, gauge or histogram.</param>
    /// <param name="help">One line.</param>
    /// <param name="labels">The tags that become labels; null takes the first four that come.</param>
    /// <param name="mostSets">How many sets of labels are kept apart.</param>
    /// <param name="create">A series under given labels.</param>
    public MetricFamily(string name, MetricKind kind, string help, string[]? labels, int mostSets, Func<string, MetricSeries> create)
    {
        (Name, Kind, Help, this.mostSets, this.create) = (name, kind, help, mostSets, create);
        isOpen = labels is null;
        this.labels = labels ?? [];
    }

    public string Name { get; }

    public MetricKind Kind { get; }

    public string Help { get; }

    /// <summary>How many measurements came under sets of labels there was no room for.</summary>
    public long Overflow => Interlocked.Read(ref overflow);

    /// <summary>In the order of their labels.</summary>
    public IReadOnlyList<MetricSeries> Series
    {
        get
        {
            lock (guard)
            {
                var all = series.Values.ToList();
                if (rest is { } others)
                {
                    all.Add(others);
                }

                all.Sort((left, right) => string.CompareOrdinal(left.Labels, right.Labels));
                return all;
            }
        }
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, int round) => Find(tags).Record(value, round);

    private MetricSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var set = default(LabelSet);
        var names = labels;
        foreach (ref readonly var tag in tags)
        {
            var place = PlaceOf(names, tag.Key);
            if (place < 0 && isOpen && names.Length < LabelSet.Most)
            {
                names = TakeUp(tag.Key);
                place = PlaceOf(names, tag.Key);
            }

            if (place >= 0)
            {
                set = set.With(place, tag.Value);
            }
        }

        return sets.TryGetValue(set, out var known) ? known : FindNew(set);
    }

    private static int PlaceOf(string[] names, string name)
    {
        for (var place = 0; place < names.Length; place++)
        {
            if (names[place] == name)
            {
                return place;
            }
        }

        return -1;
    }

    private string[] TakeUp(string name)
    {
        lock (guard)
        {
            return labels = labels.Length < LabelSet.Most && !labels.Contains(name) ? [.. labels, name] : labels;
        }
    }

    private MetricSeries FindNew(LabelSet set)
    {
        if (rest is { } full)
        {
            Interlocked.Increment(ref overflow);
            return full;
        }

        lock (guard)
        {
            if (sets.TryGetValue(set, out var meanwhile))
            {
                return meanwhile;
            }

            // 200 and "200" are two sets in memory and one to Prometheus.
            var text = TextOf(place => TextOf(set[place]));
            if (!series.TryGetValue(text, out var found))
            {
                if (series.Count >= mostSets)
                {
                    Interlocked.Increment(ref overflow);
                    return rest ??= create(TextOf(_ => Other));
                }

                series[text] = found = create(text);
            }

            return sets.Count < 2 * mostSets ? sets[set] = found : found;
        }
    }

    /// <summary>A label without a value is no label.</summary>
    private string TextOf(Func<int, string> valueOf)
    {
        var text = new List<string>(LabelSet.Most);
        for (var place = 0; place < labels.Length; place++)
        {
            var value = valueOf(place);
            if (labels[place] == "http.route" && value.Length == 0)
            {
                value = "unmatched";
            }

            if (value.Length > 0)
            {
                text.Add($"{MetricNames.Sanitized(labels[place])}=\"{Exposition.Escaped(value)}\"");
            }
        }

        return string.Join(',', text);
    }

    private static string TextOf(object? value)
    {
        var text = value switch
        {
            null => "",
            string word => word,
            bool flag => flag ? "true" : "false",
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
        return text.Length <= LongestValue ? text : text[..LongestValue];
    }
}
