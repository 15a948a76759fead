using System.Buffers;
using System.Diagnostics.Metrics;

namespace MeterSync.Host.Telemetry;

/// <summary>Listens to the instruments of the framework and of ours from the start, and writes what they said when it is asked. A server hears its own
/// instruments and those of the process, not those of another server in it.</summary>
internal sealed class MetricCollector : IDisposable
{
    private const int MostSets = 200;
    private const int MostRequestSets = 2_000;
    private const string OverflowName = "metersync_metric_overflow_total";

    private readonly IMeterFactory scope;
    private readonly ILogger<MetricCollector> log;
    private readonly MeterListener listener = new();
    private readonly SortedDictionary<string, MetricFamily> families = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MetricFamily> byInstrument = new(StringComparer.Ordinal);
    private readonly Lock taking = new();
    private readonly Lock collecting = new();
    private int round;

    public MetricCollector(IMeterFactory scope, ILogger<MetricCollector> log)
    {
        (this.scope, this.log) = (scope, log);
        listener.InstrumentPublished = Take;
        listener.SetMeasurementEventCallback<byte>((_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<short>((_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<float>((_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<decimal>((_, value, tags, state) => Record(state, (double)value, tags));
    }

    /// <summary>Before the first request: gauges are told by their changes from zero.</summary>
    public void Start() => listener.Start();

    public void Dispose() => listener.Dispose();

    /// <summary>Everything there is now, in Prometheus' text format.</summary>
    public void Write(IBufferWriter<byte> target)
    {
        lock (collecting)
        {
            Observe();
            var text = new Exposition(target);
            var all = Families();
            foreach (var family in all)
            {
                text.Write(family, round);
            }

            text.Write(OverflowOf(all), round);
        }
    }

    /// <summary>One instrument's value now, added up over the series whose labels contain the text; null where nothing was told.</summary>
    public double? ValueOf(string instrument, string labels = "")
    {
        lock (collecting)
        {
            Observe();
            lock (taking)
            {
                return !byInstrument.TryGetValue(instrument, out var family) ? null
                    : Total(family.Series.Where(series => series.Labels.Contains(labels, StringComparison.Ordinal)));
            }
        }
    }

    private double? Total(IEnumerable<MetricSeries> series)
    {
        double? total = null;
        foreach (var one in series)
        {
            total = one switch
            {
                SumSeries sum => sum.Value + (total ?? 0),
                LatestSeries latest => latest.Value + (total ?? 0),
                ObservedSeries observed when observed.IsOf(round) => observed.Value + (total ?? 0),
                _ => total,
            };
        }

        return total;
    }

    private void Observe()
    {
        round++;
        try
        {
            listener.RecordObservableInstruments();
        }
        catch (AggregateException exception)
        {
            log.LogWarning(exception, "Some instruments could not be observed; the others are told");
        }
    }

    private List<MetricFamily> Families()
    {
        lock (taking)
        {
            return [.. families.Values];
        }
    }

    private void Take(Instrument instrument, MeterListener source)
    {
        if (!MetricSources.Meters.Contains(instrument.Meter.Name) || (instrument.Meter.Scope is { } other && !ReferenceEquals(other, scope)))
        {
            return;
        }

        lock (taking)
        {
            if (FamilyOf(instrument) is { } family)
            {
                source.EnableMeasurementEvents(instrument, family);
            }
        }
    }

    /// <summary>Null where the name is taken by a metric of another kind.</summary>
    private MetricFamily? FamilyOf(Instrument instrument)
    {
        var rule = MetricSources.RuleOf(instrument.Name);
        var kind = rule.IsGauge ? MetricKind.Gauge : KindOf(instrument);
        var name = MetricNames.Of(rule.Name ?? instrument.Name, instrument.Unit, kind is MetricKind.Counter);
        if (families.TryGetValue(name, out var known))
        {
            return known.Kind == kind ? known : null;
        }

        var bounds = rule.Bounds ?? BoundsOf(instrument) ?? MetricSources.DefaultBounds;
        Func<string, MetricSeries> create = kind is MetricKind.Histogram ? labels => new HistogramSeries(labels, bounds)
            : instrument.IsObservable ? labels => new ObservedSeries(labels)
            : IsSetAtOnce(instrument) ? labels => new LatestSeries(labels)
            : labels => new SumSeries(labels);
        var family = new MetricFamily(name, kind, HelpOf(instrument), rule.Labels, instrument.Name == MetricSources.RequestDuration ? MostRequestSets : MostSets, create);
        return families[name] = byInstrument[instrument.Name] = family;
    }

    private void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => ((MetricFamily)state!).Record(value, tags, round);

    private MetricFamily OverflowOf(List<MetricFamily> all)
    {
        var overflow = new MetricFamily(OverflowName, MetricKind.Counter, "Measurements whose labels were replaced by other, because the metric has too many label sets", ["metric"], MostSets, labels => new ObservedSeries(labels));
        foreach (var family in all.Where(family => family.Overflow > 0))
        {
            overflow.Record(family.Overflow, [new("metric", family.Name)], round);
        }

        return overflow;
    }

    private static string HelpOf(Instrument instrument) => string.IsNullOrWhiteSpace(instrument.Description) ? instrument.Name : instrument.Description.TrimEnd('.');

    private static MetricKind KindOf(Instrument instrument) => Definition(instrument) switch
    {
        var type when type == typeof(Counter<>) || type == typeof(ObservableCounter<>) => MetricKind.Counter,
        var type when type == typeof(Histogram<>) => MetricKind.Histogram,
        _ => MetricKind.Gauge,
    };

    private static bool IsSetAtOnce(Instrument instrument) => Definition(instrument) == typeof(Gauge<>);

    private static Type? Definition(Instrument instrument) => instrument.GetType() is { IsGenericType: true } type ? type.GetGenericTypeDefinition() : null;

    private static double[]? BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => null,
    };
}
