namespace MeterSync.Host.Telemetry;

/// <summary>What was measured under one set of labels. Recorded by any number of threads without a lock.</summary>
/// <param name="labels">As they stand between the braces; empty without any.</param>
internal abstract class MetricSeries(string labels)
{
    public string Labels => labels;

    public abstract void Record(double value, int round);

    protected static void Add(ref double sum, double value)
    {
        var seen = Volatile.Read(ref sum);
        while (true)
        {
            var found = Interlocked.CompareExchange(ref sum, seen + value, seen);
            if (found.Equals(seen))
            {
                return;
            }

            seen = found;
        }
    }
}

/// <summary>A running sum: counters, and gauges told by their changes.</summary>
internal sealed class SumSeries(string labels) : MetricSeries(labels)
{
    private double sum;

    public double Value => Volatile.Read(ref sum);

    public override void Record(double value, int round) => Add(ref sum, value);
}

/// <summary>A value that is set when it changes.</summary>
internal sealed class LatestSeries(string labels) : MetricSeries(labels)
{
    private double latest;

    public double Value => Volatile.Read(ref latest);

    public override void Record(double value, int round) => Volatile.Write(ref latest, value);
}

/// <summary>A value asked for at each scrape. Several told in one round under the same labels differ in what is no label here: they are added up.</summary>
internal sealed class ObservedSeries(string labels) : MetricSeries(labels)
{
    private int seenIn = -1;

    public double Value { get; private set; }

    public bool IsOf(int round) => seenIn == round;

    public override void Record(double value, int round)
    {
        Value = IsOf(round) ? Value + value : value;
        seenIn = round;
    }
}

/// <summary>How many measurements lie below which bound.</summary>
internal sealed class HistogramSeries(string labels, double[] bounds) : MetricSeries(labels)
{
    private readonly long[] counts = new long[bounds.Length + 1];
    private double sum;

    public IReadOnlyList<double> Bounds => bounds;

    public double Sum => Volatile.Read(ref sum);

    public override void Record(double value, int round)
    {
        if (double.IsNaN(value))
        {
            return;
        }

        var bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref counts[bucket]);
        Add(ref sum, value);
    }

    /// <summary>Cumulative, the last being all. Read once, so that what is written adds up whatever is recorded meanwhile.</summary>
    public long[] Cumulated()
    {
        var read = new long[counts.Length];
        var total = 0L;
        for (var bucket = 0; bucket < read.Length; bucket++)
        {
            total += Volatile.Read(ref counts[bucket]);
            read[bucket] = total;
        }

        return read;
    }
}
