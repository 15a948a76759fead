using MeterSync.Host.Demo;
using MeterSync.Metering;
using MeterSync.Metering.Registers;
using MeterSync.Metering.Vee;
using Xunit;

namespace MeterSync.Tests.Host.Demo;

/// <summary>The generator alone, its readings judged by the rules as the server would.</summary>
public sealed class DemoFleetTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset End = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Has_five_hundred_meters_of_four_types_with_serial_numbers_of_their_own()
    {
        var meters = DemoFleet.Build(DemoFleet.Seed, End);

        Assert.Equal(500, meters.Count);
        Assert.Equal(500, meters.Select(meter => meter.SerialNumber).Distinct().Count());
        Assert.Equal(
            [(MeterType.Electric, 200), (MeterType.Water, 160), (MeterType.Gas, 80), (MeterType.Heat, 60)],
            meters.CountBy(meter => meter.Type).OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)));
        Assert.All(meters, meter => Assert.All(meter.Registers, register => Assert.InRange(register.Digits + register.Decimals, 6, 8)));
    }

    [Fact]
    public void Is_the_same_for_the_same_seed_and_end()
    {
        Assert.Equal(Text(DemoFleet.Build(7, End)), Text(DemoFleet.Build(7, End)));
        Assert.NotEqual(Text(DemoFleet.Build(7, End)), Text(DemoFleet.Build(8, End)));
    }

    [Theory]
    [InlineData("2026-11-22T10:00:00Z")]
    [InlineData("2027-03-01T00:00:00Z")]
    [InlineData("2028-02-29T23:59:59Z")]
    [InlineData("2027-06-30T12:00:00Z")]
    public void Tells_two_years_that_end_shortly_before_the_end_and_leaves_a_third_unread(string text)
    {
        var end = DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        var meters = DemoFleet.Build(DemoFleet.Seed, end);

        var newest = meters.Max(meter => meter.Readings[^1].At);
        var oldest = meters.Min(meter => meter.Readings[0].At);
        Assert.InRange(end - newest, TimeSpan.FromHours(1), TimeSpan.FromDays(5));
        Assert.InRange(end - oldest, TimeSpan.FromDays(730), TimeSpan.FromDays(750));
        Assert.All(meters, meter => Assert.True(meter.Readings.Zip(meter.Readings.Skip(1)).All(pair => pair.First.At < pair.Second.At)));
        Assert.InRange(meters.Count(meter => end - meter.Readings[^1].At > TimeSpan.FromDays(20)), 130, 190);
        Assert.All(meters.SelectMany(meter => meter.Readings).Where(reading => end - reading.At > TimeSpan.FromDays(399)), reading => Assert.Equal(ReadingSource.Import, reading.Source));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(61)]
    [InlineData(91)]
    [InlineData(122)]
    [InlineData(152)]
    [InlineData(183)]
    [InlineData(214)]
    [InlineData(245)]
    [InlineData(275)]
    [InlineData(304)]
    [InlineData(334)]
    public void Tells_its_cases_as_promised_and_holds_little_else_whenever_it_is_started(int daysLater)
    {
        var end = End.AddDays(daysLater);
        int held = 0, all = 0;
        foreach (var meter in DemoFleet.Build(DemoFleet.Seed, end))
        {
            var verdicts = Judge(meter, end);
            all += verdicts.Count;
            held += verdicts.Count(verdict => verdict.State is ReadingState.Held);
            Check(meter, verdicts);
        }

        output.WriteLine($"{held} of {all} held ({100m * held / all:0.00}%)");
        Assert.True(held * 100 <= all * 3, $"{held} of {all} are held.");
    }

    private static void Check(DemoMeter meter, List<RegisterVerdict> verdicts)
    {
        var last = verdicts[^1];
        switch (meter.Case)
        {
            case DemoCase.Rollover:
                Assert.Single(verdicts, verdict => Spoke(verdict, "VEE-104", ReadingState.Accepted));
                break;
            case DemoCase.Leak:
                Assert.True(Spoke(last, "VEE-105", ReadingState.Held), Told(meter, last));
                Assert.All(verdicts.SkipLast(1).TakeLast(2), verdict => Assert.True(verdict.State is ReadingState.Accepted, Told(meter, verdict)));
                break;
            case DemoCase.OverEstimate:
                Assert.True(verdicts[^3].State is ReadingState.Accepted, Told(meter, verdicts[^3]));
                Assert.True(verdicts[^2] is { VoidsEstimate: true, State: ReadingState.Accepted }, Told(meter, verdicts[^2]));
                break;
            case DemoCase.SwappedMeter:
                Assert.True(Spoke(last, "VEE-103", ReadingState.Held), Told(meter, last));
                break;
            case DemoCase.Misread:
                Assert.True(Spoke(verdicts[^3], "VEE-103", ReadingState.Held), Told(meter, verdicts[^3]));
                Assert.True(verdicts[^2].State is ReadingState.Accepted, Told(meter, verdicts[^2]));
                break;
            case DemoCase.ZeroUse:
                Assert.True(Spoke(verdicts[^2], "VEE-107", ReadingState.Accepted), Told(meter, verdicts[^2]));
                Assert.True(Spoke(last, "VEE-107", ReadingState.Held), Told(meter, last));
                break;
            case DemoCase.Inactive:
                Assert.All(verdicts, verdict => Assert.Equal(ReadingState.Accepted, verdict.State));
                break;
            case DemoCase.UseOnInactive:
                Assert.True(Spoke(last, "VEE-109", ReadingState.Held), Told(meter, last));
                break;
        }
    }

    private static List<RegisterVerdict> Judge(DemoMeter meter, DateTimeOffset now)
    {
        var timelines = meter.Registers.Select(register => new RegisterTimeline(meter.Type, new RegisterConfiguration
        {
            Quantity = register.Unit.ToUpperInvariant(),
            Unit = register.Unit,
            Digits = register.Digits,
            Decimals = register.Decimals,
            Multiplier = register.Multiplier,
        })).ToList();
        timelines.ForEach(timeline => timeline.MeterStatus = meter.Status);
        var verdicts = new List<RegisterVerdict>();
        foreach (var reading in meter.Readings)
        {
            for (var index = 0; index < timelines.Count; index++)
            {
                var taken = new NewReading { Value = reading.Values[index], ReadingAt = reading.At, Now = now, Source = reading.Source };
                var verdict = timelines[index].Validate(taken);
                verdicts.Add(verdict);
                if (verdict.State is ReadingState.Accepted)
                {
                    timelines[index].Accept(taken, verdict);
                }
            }
        }

        return verdicts;
    }

    private static bool Spoke(RegisterVerdict verdict, string rule, ReadingState state) =>
        verdict.State == state && verdict.Findings.Any(finding => finding.RuleId == rule);

    private static string Told(DemoMeter meter, RegisterVerdict verdict) =>
        $"{meter.SerialNumber} {meter.Case}: {verdict.State} {string.Join(' ', verdict.Findings.Select(finding => finding.RuleId + " " + finding.Message))}";

    private static string Text(IEnumerable<DemoMeter> meters) => string.Join('\n', meters.Select(meter =>
        $"{meter.SerialNumber} {meter.Owner} {meter.Address} {string.Join(' ', meter.Readings.Select(reading => $"{reading.At:O} {reading.Source} {string.Join('/', reading.Values)}"))}"));
}
