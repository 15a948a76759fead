using MeterSync.Metering;
using MeterSync.Metering.Vee;
using Xunit;

namespace MeterSync.Tests.Metering;

public sealed class OrdinarySeasonalHomesTests(ITestOutputHelper output)
{
    private const int Homes = 300;
    private const int Months = 36;

    [Theory]
    [InlineData(MeterType.Electric)]
    [InlineData(MeterType.Water)]
    [InlineData(MeterType.Gas)]
    [InlineData(MeterType.Heat)]
    public void Holds_at_most_three_percent_of_their_readings(MeterType type)
    {
        int held = 0, heldInFirstYear = 0, read = 0;
        for (var home = 0; home < Homes; home++)
        {
            var timeline = new RegisterTimeline(type, SeasonalHomes.Register(type));
            var month = 0;
            foreach (var (at, value) in SeasonalHomes.Readings(type, home, Months))
            {
                var reading = new NewReading { Value = value, ReadingAt = at, Now = at };
                var verdict = timeline.Validate(reading);
                timeline.Accept(reading, verdict);
                read++;
                if (verdict.State is ReadingState.Held)
                {
                    held++;
                    heldInFirstYear += month <= 12 ? 1 : 0;
                }

                month++;
            }
        }

        output.WriteLine($"{type}: {held} of {read} held ({100.0 * held / read:0.00}%), {heldInFirstYear} of {Homes * 13} in the first year");
        Assert.True(held * 100 <= read * 3, $"{held} of {read} {type} readings were held.");
        Assert.True(heldInFirstYear * 100 <= Homes * 13 * 3, $"{heldInFirstYear} of {Homes * 13} {type} readings were held in the first year.");
    }

    [Theory]
    [InlineData(MeterType.Electric)]
    [InlineData(MeterType.Water)]
    [InlineData(MeterType.Gas)]
    [InlineData(MeterType.Heat)]
    public void Holds_nearly_every_reading_with_one_digit_too_many_use(MeterType type)
    {
        int held = 0, wrong = 0;
        for (var home = 0; home < Homes; home++)
        {
            var timeline = new RegisterTimeline(type, SeasonalHomes.Register(type));
            var step = type is MeterType.Heat ? 100m : 1000m;
            var month = 0;
            foreach (var (at, value) in SeasonalHomes.Readings(type, home, Months))
            {
                var slipped = new NewReading { Value = value + step, ReadingAt = at, Now = at };
                if (month > 6)
                {
                    wrong++;
                    held += timeline.Validate(slipped).State is ReadingState.Held ? 1 : 0;
                }

                var reading = slipped with { Value = value };
                timeline.Accept(reading, timeline.Validate(reading));
                month++;
            }
        }

        output.WriteLine($"{type}: {held} of {wrong} slips of the thousands held ({100.0 * held / wrong:0.00}%)");
        Assert.True(held * 100 >= wrong * 90, $"Only {held} of {wrong} slips were held.");
    }
}
