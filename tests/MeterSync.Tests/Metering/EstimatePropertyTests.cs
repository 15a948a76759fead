using FsCheck;
using FsCheck.Fluent;
using MeterSync.Metering;
using MeterSync.Metering.Estimation;
using MeterSync.Metering.Registers;
using MeterSync.Metering.Vee;
using Xunit;

namespace MeterSync.Tests.Metering;

public sealed class EstimatePropertyTests
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 9, 0, 0, TimeSpan.Zero);

    private static Gen<EstimateRequest> AnyRequest() =>
        from decimals in Gen.Choose(0, 3)
        from multiplier in Gen.Elements(1m, 40m, 0.5m)
        from value in Gen.OneOf(Gen.Choose(0, 50_000), Gen.Choose(950_000, 999_999))
        from days in Gen.Choose(1, 400)
        from after in Gen.Choose(0, 400)
        from following in Gen.OneOf(Gen.Choose(0, 40_000).Select(use => Math.Min(value + use, 999_999)), Gen.Choose(0, value), Gen.Choose(0, 50_000))
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
            Next = hasNext ? new PriorValue(following, at.AddDays(after)) : null,
            History = [.. Enumerable.Range(0, periods).Select(index => PeriodUse.Of(start.AddDays(-30 * (periods - index)), start.AddDays(-30 * (periods - 1 - index)), monthly))],
            RegionMedianUsePerDay = medians.Item1 == 0m ? null : medians.Item1,
            TypeMedianUsePerDay = medians.Item2 == 0m ? null : medians.Item2,
        };

    /// <summary>How far the counter went from the value before to another one, passing zero on the way where it is lower.</summary>
    private static decimal Way(EstimateRequest request, decimal to) => to >= request.From.Value ? to - request.From.Value : 1_000_000 - request.From.Value + to;

    /// <summary>What the rules say of the value after, counted from the one before.</summary>
    private static RegisterVerdict Judge(EstimateRequest request, PriorValue next) => Validation.Run(new RegisterCheck
    {
        MeterType = MeterType.Electric,
        Register = request.Register,
        Value = next.Value,
        ReadingAt = next.At,
        Now = next.At,
        Source = ReadingSource.Import,
        Previous = request.From,
        History = request.History,
    });

    [Fact]
    public void An_estimate_is_never_below_the_value_before_nor_above_the_one_after() =>
        Prop.ForAll(AnyRequest().ToArbitrary(), request => RegisterEstimator.For(request) is not { } estimate
            || (estimate.Consumption == Way(request, estimate.Value) * request.Register.Multiplier && (request.Next is not { } next || Way(request, estimate.Value) <= Way(request, next.Value)))).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));

    [Fact]
    public void Between_a_value_and_a_lower_one_something_is_drawn_only_where_the_rules_see_a_rollover() =>
        Prop.ForAll(AnyRequest().Where(request => request.Next is { } next && next.Value < request.From.Value).ToArbitrary(), request =>
        {
            var rolledOver = Judge(request, request.Next!.Value).RolledOver;
            return RegisterEstimator.IsContradicted(request) == !rolledOver && (RegisterEstimator.For(request) is not null) == rolledOver && (RegisterEstimator.Between(request) is not null) == rolledOver;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));

    [Fact]
    public void No_estimate_uses_more_than_what_the_rules_count_up_to_the_value_after() =>
        Prop.ForAll(AnyRequest().Where(request => request.Next is not null).ToArbitrary(), request =>
            RegisterEstimator.For(request) is not { } estimate || estimate.Consumption <= Judge(request, request.Next!.Value).Consumption).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));

    [Fact]
    public void An_estimate_shows_what_its_register_can_show_and_the_use_of_what_it_shows() =>
        Prop.ForAll(AnyRequest().ToArbitrary(), request => RegisterEstimator.For(request) is not { } estimate
            || (Math.Round(estimate.Value, request.Register.Decimals!.Value) == estimate.Value && estimate.Value < 1_000_000
                && estimate.Inputs.Count > 0 && estimate.Explanation.EndsWith('.'))).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));

    [Fact]
    public void Something_can_always_be_said_where_anything_is_known() =>
        Prop.ForAll(AnyRequest().ToArbitrary(), request => (RegisterEstimator.For(request) is null) == (RegisterEstimator.IsContradicted(request) || (request.Next is null && request.History.Count == 0 && (request.RegionMedianUsePerDay ?? request.TypeMedianUsePerDay) is null)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));

    [Fact]
    public void Estimates_on_one_line_rise_with_time_and_add_up_to_the_use_between_the_actual_values() =>
        Prop.ForAll(AnyRequest().Where(request => request.Next is { } next && next.At > request.At && !RegisterEstimator.IsContradicted(request)).ToArbitrary(), request =>
        {
            var earlier = RegisterEstimator.Between(request with { At = request.From.At + ((request.At - request.From.At) / 2) })!;
            var later = RegisterEstimator.Between(request)!;
            return earlier.Method is EstimationMethod.Linear && earlier.Consumption <= later.Consumption && Way(request, later.Value) <= Way(request, request.Next!.Value.Value);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));
}
