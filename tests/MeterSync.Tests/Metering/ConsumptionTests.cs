using MeterSync.Metering;
using MeterSync.Metering.Registers;
using Xunit;

namespace MeterSync.Tests.Metering;

public sealed class ConsumptionTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(30 * 86_400, "30.00")]
    [InlineData(864, "0.01")]
    [InlineData(432, "0.00")]
    [InlineData(1296, "0.02")]
    [InlineData(433, "0.01")]
    [InlineData(-1296, "-0.02")]
    public void Counts_days_to_two_decimals_half_even(int seconds, string days) =>
        Assert.Equal(days, Consumption.DaysBetween(Start, Start.AddSeconds(seconds)).ToString(System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void Counts_days_across_offsets_by_the_instant() =>
        Assert.Equal(1m, Consumption.DaysBetween(Start, Start.AddDays(1).ToOffset(TimeSpan.FromHours(13))));

    [Fact]
    public void Has_no_daily_use_without_time() => Assert.Null(Consumption.PerDay(10m, 0m));

    [Fact]
    public void Gives_nothing_where_a_decimal_cannot_hold_the_use()
    {
        Assert.Null(Consumption.Between(decimal.MinValue, decimal.MaxValue, 1m));
        Assert.Null(Consumption.Between(0m, decimal.MaxValue, 2m));
        Assert.Null(Consumption.AcrossRollover(2m, 1m, 28, 100m));
        Assert.Null(Consumption.PerDay(decimal.MaxValue, 0.01m));
    }

    [Fact]
    public void Counts_the_last_step_of_a_rollover() => Assert.Equal(60m, Consumption.AcrossRollover(99999m, 0m, 5, 60m));

    [Theory]
    [InlineData(100_000, 5, 5)]
    [InlineData(5, 100_000, 5)]
    [InlineData(99_999, -1, 5)]
    [InlineData(99_999, 1, 29)]
    public void Is_no_rollover_outside_the_register(int earlier, int later, int digits) => Assert.Null(Consumption.AcrossRollover(earlier, later, digits, 1m));

    [Theory]
    [InlineData(MeterType.Electric, "kWh", 5)]
    [InlineData(MeterType.Electric, "kvarh", 5)]
    [InlineData(MeterType.Electric, "MWh", 0.005)]
    [InlineData(MeterType.Water, "M3", 2)]
    [InlineData(MeterType.Water, "l", 2000)]
    [InlineData(MeterType.Gas, "m³", 2)]
    [InlineData(MeterType.Heat, "GJ", 0.05)]
    [InlineData(MeterType.Heat, "MJ", 50)]
    [InlineData(MeterType.Heat, "kWh", 13.8889)]
    [InlineData(MeterType.Water, "barrels", 5)]
    public void Knows_the_floor_in_the_registers_unit(MeterType type, string unit, double floor) =>
        Assert.Equal((decimal)floor, UnitsAndFloors.Floors.In(type, unit));
}
