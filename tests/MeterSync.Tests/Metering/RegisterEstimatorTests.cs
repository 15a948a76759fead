using MeterSync.Metering;
using MeterSync.Metering.Estimation;
using MeterSync.Metering.Registers;
using Xunit;

namespace MeterSync.Tests.Metering;

public sealed class RegisterEstimatorTests
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 9, 0, 0, TimeSpan.Zero);

    private static EstimateRequest Request(decimal from, int fromDay, int atDay, params decimal[] uses) => new()
    {
        Register = new RegisterConfiguration { Quantity = "kwh", Unit = "kWh", Digits = 5, Decimals = 0 },
        From = new PriorValue(from, Start.AddDays(fromDay)),
        At = Start.AddDays(atDay),
        History = [.. uses.Select((use, i) => PeriodUse.Of(
            Start.AddDays(fromDay - (30 * (uses.Length - i))), Start.AddDays(fromDay - (30 * (uses.Length - 1 - i))), use))],
    };

    [Fact]
    public void Takes_the_same_period_last_year_times_the_trend()
    {
        // 16 periods of 30 days: the year before the recent three used 90, the recent three 99: trend 1.1.
        var estimate = RegisterEstimator.For(Request(5000, 480, 510, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 99, 99, 99))!;
        Assert.Equal(EstimationMethod.SamePeriodLastYear, estimate.Method);
        Assert.Equal(5099m, estimate.Value);
        Assert.Equal(99m, estimate.Consumption);
        Assert.Equal(
            [new EstimationInput("last_year_use_per_day", 3m), new EstimationInput("trend", 1.1m), new EstimationInput("days", 30m)], estimate.Inputs);
    }

    [Fact]
    public void Keeps_the_trend_within_half_and_double() =>
        Assert.Equal(5180m, RegisterEstimator.For(Request(5000, 480, 510, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 900, 900, 900))!.Value);

    [Fact]
    public void Draws_a_line_between_actual_values_without_a_last_year()
    {
        var estimate = RegisterEstimator.For(Request(100, 30, 40, 90) with { Next = new PriorValue(160, Start.AddDays(60)) })!;
        Assert.Equal(EstimationMethod.Linear, estimate.Method);
        Assert.Equal(120m, estimate.Value);
    }

    [Fact]
    public void Leaves_last_year_when_it_passes_the_next_actual_value()
    {
        var estimate = RegisterEstimator.For(
            Request(5000, 480, 510, [.. Enumerable.Repeat(90m, 16)]) with { Next = new PriorValue(5060, Start.AddDays(540)) })!;
        Assert.Equal(EstimationMethod.Linear, estimate.Method);
        Assert.Equal(5030m, estimate.Value);
    }

    [Fact]
    public void Goes_on_from_the_recent_periods_without_a_next_value()
    {
        var estimate = RegisterEstimator.For(Request(100, 30, 60, 90))!;
        Assert.Equal(EstimationMethod.RecentPeriods, estimate.Method);
        Assert.Equal(190m, estimate.Value);
    }

    [Fact]
    public void Takes_the_median_of_the_type_without_any_past()
    {
        var estimate = RegisterEstimator.For(Request(100, 30, 60) with { TypeMedianUsePerDay = 8m })!;
        Assert.Equal(EstimationMethod.TypeMedian, estimate.Method);
        Assert.Equal(340m, estimate.Value);
    }

    [Fact]
    public void Rolls_over_with_the_register()
    {
        var estimate = RegisterEstimator.For(Request(99_950, 30, 60, 90))!;
        Assert.Equal((40m, 90m), (estimate.Value, estimate.Consumption));
    }

    [Fact]
    public void Says_the_use_of_the_rounded_value()
    {
        var request = Request(100, 30, 41, 95);
        var estimate = RegisterEstimator.For(request with { Register = request.Register with { Multiplier = 60m } })!;
        Assert.Equal((100m, 0m), (estimate.Value, estimate.Consumption));
    }

    [Fact]
    public void Estimates_nothing_from_nothing() => Assert.Null(RegisterEstimator.For(Request(100, 30, 60)));

    [Fact]
    public void Estimates_no_demand_register() =>
        Assert.Null(RegisterEstimator.For(Request(100, 30, 60, 90) with
        {
            Register = new RegisterConfiguration { Kind = RegisterKind.MaximumDemand, Quantity = "kw_max", Unit = "kW" },
        }));
}
