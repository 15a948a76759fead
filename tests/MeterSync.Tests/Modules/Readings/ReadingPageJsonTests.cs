using System.Buffers;
using System.Text;
using System.Text.Json;
using MeterSync.Host;
using MeterSync.Host.Web;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
using MeterSync.Metering.Estimation;
using MeterSync.Metering.Vee;
using MeterSync.Modules.Readings;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using Xunit;

namespace MeterSync.Tests.Modules.Readings;

/// <summary>The hand-written answer is the serializer's, byte by byte.</summary>
public sealed class ReadingPageJsonTests
{
    private static readonly Guid Id = new("0198c0de-0000-7000-8000-0000000000ff");
    private static readonly DateTimeOffset WholeSecond = new(2026, 3, 31, 8, 15, 0, TimeSpan.FromHours(2));
    private static readonly DateTimeOffset Microseconds = WholeSecond.AddTicks(1_234_560);

    [Fact]
    public void Writes_every_member()
    {
        var verdict = new VerdictView(
            ReadingState.Held, Quality.Suspect, ["VEE-101", "VEE-105"], [new FindingView("VEE-101", FindingEffect.Hold, "below „1 000“ <kWh>\n"), new FindingView("VEE-105", FindingEffect.Flag, "")],
            -12.345600m, 30.25m, 0.000001m, new ExpectedView(1m, 2.50m, 3.000000m), true);
        var value = new ReadingValueView(Id, Id, 2, "T2", "m³", 99999.9m, verdict, Id)
        {
            Estimate = new EstimateView(EstimationMethod.RegionMedian, [new EstimateInputView("days", 30.50m), new EstimateInputView("trend", 1.0m)], "3 kWh a day <median>."),
        };
        var reading = new ReadingView(
            Id, Id, Id, "MS-1 \"ä\"", 1234.500000m, WholeSecond, Microseconds, ReadingSource.Customer, Id, "device \\ 7", new LocationView(52.5200066, -13.4049, 4.5), "line\nline", "https://example.org/?a=b&c",
            ["one", "two"], ReadingEvidence.Pending, true, ReadingState.Rejected, Quality.Estimated, true, Microseconds, Id, WholeSecond, Id, "note", 7, [value, value], [value]);
        Same(new Page<ReadingView>([reading, reading], 100_000, true, 3, 20, 5_000, true, true, "cursor"));
    }

    [Fact]
    public void Writes_null_where_nothing_is_known()
    {
        var verdict = new VerdictView(ReadingState.Accepted, Quality.Valid, [], [], null, null, null, null, false);
        var unexpected = verdict with { Expected = new ExpectedView(null, null, 0m) };
        var reading = new ReadingView(
            Id, null, Id, null, null, WholeSecond, WholeSecond, ReadingSource.Import, null, null, null, null, null,
            [], ReadingEvidence.None, false, ReadingState.Accepted, Quality.Valid, false, null, null, null, null, null, 1, [new ReadingValueView(Id, Id, 1, null, null, 0m, verdict, null), new ReadingValueView(Id, Id, 2, null, null, 0m, unexpected, null)], null);
        Same(new Page<ReadingView>([reading, reading with { Location = new LocationView(0, 0, null), Values = [], Superseded = [] }], null, false, null, 20, null, false, false, null));
    }

    [Fact]
    public void Writes_an_empty_page() => Same(new Page<ReadingView>([], 0, false, 1, 100, 0, false, false, null));

    private static void Same(Page<ReadingView> page)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        MeterSyncServer.ConfigureJson(options);
        StrictJson.Configure(options);
        var written = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(written, new JsonWriterOptions { Encoder = options.Encoder }))
        {
            ReadingPageJson.Write(json, page);
        }

        // The page's own type is known to the serializer inside its envelope only.
        var envelope = JsonSerializer.Serialize(new Envelope<Page<ReadingView>>(true, page, null), options);
        Assert.Equal(envelope, $$"""{"success":true,"data":{{Encoding.UTF8.GetString(written.WrittenSpan)}},"message":null}""");
    }
}
