using System.Buffers;
using System.Text;
using MeterSync.Host.Telemetry;
using Xunit;

namespace MeterSync.Tests.Host.Telemetry;

public sealed class MetricFamilyTests
{
    private const int MostSets = 5;

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\"b\\c\nd", "a\"b\\c\nd")]
    [InlineData("\"} 1\nfake_total{x=\"", "\"} 1\nfake_total{x=\"")]
    [InlineData("tab\tnul\0return\rbell\a", "tab\uFFFDnul\uFFFDreturn\uFFFDbell\uFFFD")]
    [InlineData("ключ 💧", "ключ 💧")]
    public void Hostile_label_values_come_back_as_they_were_or_harmless(string value, string read)
    {
        var family = Counter();
        Record(family, 1, ("path", value));
        Assert.Equal(read, Assert.Single(Written(family).Samples).Labels["path"]);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_replaced()
    {
        var family = Counter();
        Record(family, 1, ("path", "half " + (char)0xD83D + " pair"));
        Assert.Equal("half \uFFFD pair", Assert.Single(Written(family).Samples).Labels["path"]);
    }

    [Fact]
    public void A_long_value_is_cut()
    {
        var family = Counter();
        Record(family, 1, ("path", new string('x', 5_000)));
        Assert.Equal(200, Assert.Single(Written(family).Samples).Labels["path"].Length);
    }

    [Fact]
    public void What_has_no_room_is_counted_together_and_nothing_is_lost()
    {
        var family = Counter();
        for (var number = 0; number < 1_000; number++)
        {
            Record(family, 1, ("id", number), ("kind", "a"));
        }

        var text = Written(family);
        Assert.Equal(MostSets + 1, text.Samples.Count);
        Assert.Equal(1_000, text.Total("things_total"));
        Assert.Equal(1_000 - MostSets, text.Total("things_total", ("id", MetricFamily.Other), ("kind", MetricFamily.Other)));
        Assert.Equal(1_000 - MostSets, family.Overflow);
        Record(family, 1, ("id", 2), ("kind", "a"));
        Assert.Equal(2, Written(family).Total("things_total", ("id", "2")));
    }

    [Fact]
    public void The_same_label_as_text_and_as_number_is_one_series()
    {
        var family = Counter();
        Record(family, 1, ("status", 200));
        Record(family, 1, ("status", "200"));
        Record(family, 1, ("status", 200), ("empty", ""));
        Assert.Equal(3, Assert.Single(Written(family).Samples).Value);
    }

    [Fact]
    public void Tags_in_another_order_are_the_same_series()
    {
        var family = Counter();
        Record(family, 1, ("a", "1"), ("b", "2"));
        Record(family, 1, ("b", "2"), ("a", "1"));
        Assert.Equal(2, Assert.Single(Written(family).Samples).Value);
    }

    [Fact]
    public void Only_the_labels_asked_for_are_kept()
    {
        var family = new MetricFamily("things_total", MetricKind.Counter, "Things", ["kind"], MostSets, labels => new SumSeries(labels));
        Record(family, 1, ("server.address", "/home/ann/data"), ("kind", "a"));
        Assert.Equal(["kind"], Assert.Single(Written(family).Samples).Labels.Keys);
    }

    [Fact]
    public async Task A_histogram_adds_up_while_many_record()
    {
        double[] bounds = [0.1, 1, 10];
        var family = new MetricFamily("took_seconds", MetricKind.Histogram, "Time \\ with\nbreak", null, MostSets, labels => new HistogramSeries(labels, bounds));
        const int each = 20_000;
        var recording = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var count = 0; count < each; count++)
            {
                Record(family, count % 2 == 0 ? 0.1 : 20, ("kind", "a"));
            }
        })).ToList();
        Record(family, 0.1, ("kind", "a"));
        while (!recording.TrueForAll(one => one.IsCompleted))
        {
            _ = Written(family);
        }

        await Task.WhenAll(recording);
        var text = Written(family);
        Assert.Equal((2 * each) + 1, text.Total("took_seconds_bucket", ("le", "0.1")));
        Assert.Equal((2 * each) + 1, text.Total("took_seconds_bucket", ("le", "10")));
        Assert.Equal((4 * each) + 1, text.Total("took_seconds_bucket", ("le", "+Inf")));
        Assert.Equal((4 * each) + 1, text.Total("took_seconds_count"));
        Assert.Equal((((2 * each) + 1) * 0.1) + (2 * each * 20), text.Total("took_seconds_sum"), 3);
    }

    [Fact]
    public void Observed_values_of_one_round_add_up_and_are_gone_in_the_next()
    {
        var family = new MetricFamily("open", MetricKind.Gauge, "Open", ["state"], MostSets, labels => new ObservedSeries(labels));
        family.Record(2, [new("state", "idle"), new("pool", "a")], 1);
        family.Record(3, [new("state", "idle"), new("pool", "b")], 1);
        Assert.Equal(5, Written(family, 1).Total("open"));
        family.Record(1, [new("state", "used")], 2);
        Assert.Equal("used", Assert.Single(Written(family, 2).Samples).Labels["state"]);
    }

    [Theory]
    [InlineData("http.server.request.duration", "s", false, "http_server_request_duration_seconds")]
    [InlineData("dotnet.gc.heap.total_allocated", "By", true, "dotnet_gc_heap_total_allocated_bytes_total")]
    [InlineData("dotnet.gc.collections", "{collection}", true, "dotnet_gc_collections_total")]
    [InlineData("used", "1", false, "used_ratio")]
    [InlineData("size_bytes", "By", false, "size_bytes")]
    [InlineData("9 lives--left", null, false, "_9_lives_left")]
    public void Names_are_those_Prometheus_wants(string instrument, string? unit, bool counts, string name) => Assert.Equal(name, MetricNames.Of(instrument, unit, counts));

    [Theory]
    [InlineData("a_total 1")]
    [InlineData("# HELP a A\n# TYPE a counter\na 1\n")]
    [InlineData("# HELP a A\n# TYPE a gauge\na 1\na 2\n")]
    [InlineData("# HELP a A\n# TYPE a gauge\na{x=\"\\t\"} 1\n")]
    [InlineData("# HELP a A\n# TYPE a gauge\na{x=\"1\",x=\"2\"} 1\n")]
    [InlineData("# HELP h A\n# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n")]
    [InlineData("# HELP h A\n# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_sum 1\nh_count 1\n")]
    public void The_checker_refuses_what_Prometheus_would(string text) => Assert.Throws<FormatException>(() => ExpositionText.Parse(text));

    private static MetricFamily Counter() => new("things_total", MetricKind.Counter, "Things", null, MostSets, labels => new SumSeries(labels));

    private static void Record(MetricFamily family, double value, params (string Name, object Value)[] tags) =>
        family.Record(value, tags.Select(tag => new KeyValuePair<string, object?>(tag.Name, tag.Value)).ToArray(), 0);

    private static ExpositionText Written(MetricFamily family, int round = 0)
    {
        var buffer = new ArrayBufferWriter<byte>();
        new Exposition(buffer).Write(family, round);
        return ExpositionText.Parse(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
