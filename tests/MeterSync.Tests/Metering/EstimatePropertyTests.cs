using FsCheck;
using FsCheck.Fluent;
using MeterSync.Metering;
using MeterSync.Metering.Estimation;
using MeterSync.Metering.Registers;
using Xunit;

namespace MeterSync.Tests.Metering;

public sealed class EstimatePropertyTests
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 9, 0, 0, TimeSpan.Zero);

    private static Gen<EstimateRequest> AnyRequest() =>
        from decimals in Gen.Choose(0, 3)
        from multiplier in Gen.Elements(1m, 40m, 0.5m)
        from value in Gen.Choose(0, 50_000)
        from days in Gen.Choose(1, 400)
        from after in Gen.Choose(0, 400)
        from use in Gen.Choose(0, 40_000)
        from periods in Gen.Choose(0, 30)
        from monthly in Gen.Choose(0, 3_000)
        from hasNext in Gen.Elements(true, false)
        from medians in Gen.Elements((0m, 0m), (3m, 0m), (0m, 5m), (3m, 5m))
        let at = Start.AddDays(1_000)
        let start = at.AddDays(-days)
        select new EstimateRequest
        {
            Register = new RegisterConfiguration { Quantity = "kwh", Unit = "kWh", Digits = 6, Decimals = decimals, Multiplier = multiplier },
            At = at,
            From = new PriorValue(value, start),
            Next = hasNext ? new PriorValue(value + use, at.AddDays(after)) : null,
            History = [.. Enumerable.Range(0, periods).Select(index => PeriodUse.Of(start.AddDays(-30 * (periods - index)), start.AddDays(-30 * (periods - 1 - index)), monthly))],
            RegionMedianUsePerDay = medians.Item1 == 0m ? null : medians.Item1,
            TypeMedianUsePerDay = medians.Item2 == 0m ? null : medians.Item2,
        };

    [Fact]
    public void An_estimate_is_never_below_the_value_before_nor_above_the_one_after() =>
        Prop.ForAll(AnyRequest().ToArbitrary(), request => RegisterEstimator.For(request) is not { } estimate
            || (estimate.Value >= request.From.Value && estimate.Consumption >= 0m && (request.Next is not { } next || estimate.Value <= next.Value))).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));

    [Fact]
    public void An_estimate_shows_what_its_register_can_show_and_the_use_of_what_it_shows() =>
        Prop.ForAll(AnyRequest().ToArbitrary(), request => RegisterEstimator.For(request) is not { } estimate
            || (Math.Round(estimate.Value, request.Register.Decimals!.Value) == estimate.Value && estimate.Consumption == (estimate.Value - request.From.Value) * request.Register.Multiplier
                && estimate.Inputs.Count > 0 && estimate.Explanation.EndsWith('.'))).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));

    [Fact]
    public void Something_can_always_be_said_where_anything_is_known() =>
        Prop.ForAll(AnyRequest().ToArbitrary(), request => (RegisterEstimator.For(request) is null) == (request.Next is null && request.History.Count == 0 && (request.RegionMedianUsePerDay ?? request.TypeMedianUsePerDay) is null))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));

    [Fact]
    public void Estimates_on_one_line_rise_with_time_and_add_up_to_the_use_between_the_actual_values() =>
        Prop.ForAll(AnyRequest().Where(request => request.Next is { } next && next.At > request.At).ToArbitrary(), request =>
        {
            var earlier = RegisterEstimator.Between(request with { At = request.From.At + ((request.At - request.From.At) / 2) })!;
            var later = RegisterEstimator.Between(request)!;
            return earlier.Method is EstimationMethod.Linear && earlier.Value <= later.Value && later.Value <= request.Next!.Value.Value;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));
}
