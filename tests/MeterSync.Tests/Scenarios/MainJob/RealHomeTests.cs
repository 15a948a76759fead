using MeterSync.Metering;
using MeterSync.Metering.Registers;
using MeterSync.Metering.Vee;
using Xunit;

namespace MeterSync.Tests.Scenarios.MainJob;

public sealed class RealHomeTests(ITestOutputHelper output)
{
    private const string Head = "customer_id,epoch_s_as_stored,reading_datetime_as_stored_utc,general_supply_kwh\n";

    [Fact]
    public void Keeps_the_first_of_two_half_hours_at_one_instant()
    {
        using var file = new StringReader(Head + "7,1328860800,x,0.141\n7,1328862600,x,0.088\n7,1328860800,x,9.000\n");

        var home = Assert.Single(RealHome.ReadAll(file));

        Assert.Equal([0.141m, 0.088m], home.HalfHours.Select(halfHour => halfHour.Kwh));
        Assert.Equal(0.229m, home.Use(DateTimeOffset.MinValue, DateTimeOffset.MaxValue));
    }

    [Fact]
    public void Ends_a_month_at_half_past_eleven_in_summer_and_winter_time()
    {
        Assert.Equal(new DateTimeOffset(2013, 1, 31, 12, 30, 0, TimeSpan.Zero), RealHome.MonthEnd(new DateOnly(2013, 1, 1)));
        Assert.Equal(new DateTimeOffset(2013, 6, 30, 13, 30, 0, TimeSpan.Zero), RealHome.MonthEnd(new DateOnly(2013, 6, 1)));
    }

    [Fact]
    public void Registers_of_the_ten_homes_advance_by_exactly_what_their_half_hours_sum_to()
    {
        var homes = SharedData.TenHomes();

        Assert.Equal(10, homes.Count);
        foreach (var home in homes)
        {
            var readings = home.Readings;
            Assert.True(readings.Count >= 13, $"{home.Id} has {readings.Count} readings.");
            Assert.Equal(home.HalfHours.Sum(halfHour => halfHour.Kwh), readings[^1].Value - readings[0].Value);
            Assert.All(readings.Zip(readings.Skip(1)), pair => Assert.Equal(home.Use(pair.First.At, pair.Second.At), pair.Second.Value - pair.First.Value));
        }
    }

    [Fact]
    public void Rules_question_few_of_their_months_and_say_why()
    {
        int held = 0, read = 0;
        foreach (var home in SharedData.TenHomes())
        {
            var timeline = new RegisterTimeline(MeterType.Electric, new RegisterConfiguration { Quantity = "kwh", Unit = "kWh", Digits = 6, Decimals = 3 });
            foreach (var (at, value) in home.Readings)
            {
                var reading = new NewReading { Value = value, ReadingAt = at, Now = at };
                var verdict = timeline.Validate(reading);
                timeline.Accept(reading, verdict);
                read++;
                if (verdict.State is ReadingState.Held)
                {
                    held++;
                    output.WriteLine($"{home.Id} {at:yyyy-MM-dd}: {string.Join(' ', verdict.Findings.Select(finding => $"{finding.RuleId} {finding.Message}"))}");
                    Assert.All(verdict.Findings.Where(finding => finding.Effect is FindingEffect.Hold), finding => Assert.Contains("expected", finding.Message, StringComparison.Ordinal));
                }
            }
        }

        output.WriteLine($"{held} of {read} held");
        Assert.InRange(held, 1, read / 20);
    }
}
