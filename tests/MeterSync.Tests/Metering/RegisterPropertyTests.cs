using FsCheck;
using FsCheck.Fluent;
using MeterSync.Metering;
using MeterSync.Metering.Estimation;
using MeterSync.Metering.Registers;
using MeterSync.Metering.Vee;
using Xunit;

namespace MeterSync.Tests.Metering;

public sealed class RegisterPropertyTests
{
    private static readonly decimal[] Edges =
        [0m, 1m, -1m, 0.0000000000000000000000000001m, 99999m, 100000m, 9999999999999999999999999999m, decimal.MaxValue, decimal.MinValue];

    private static readonly DateTimeOffset[] Instants =
        [DateTimeOffset.MinValue, DateTimeOffset.MaxValue, new(2026, 3, 31, 9, 0, 0, TimeSpan.Zero), new(2026, 3, 1, 9, 0, 0, TimeSpan.FromHours(-14))];

    private static Gen<decimal> Reading(int digits, int decimals) =>
        from units in Gen.Choose(0, (int)Math.Pow(10, digits) - 1)
        from part in Gen.Choose(0, (int)Math.Pow(10, decimals) - 1)
        select units + (part / (decimal)Math.Pow(10, decimals));

    private static Gen<decimal> AnyDecimal() =>
        Gen.OneOf(
            Gen.Elements(Edges),
            from low in Gen.Choose(int.MinValue, int.MaxValue)
            from middle in Gen.Choose(int.MinValue, int.MaxValue)
            from high in Gen.Choose(int.MinValue, int.MaxValue)
            from scale in Gen.Choose(0, 28)
            from negative in Gen.Elements(true, false)
            select new decimal(low, middle, high, negative, (byte)scale),
            Gen.Choose(0, 200_000).Select(value => (decimal)value));

    private static Gen<DateTimeOffset> AnyInstant() =>
        Gen.OneOf(
            Gen.Elements(Instants),
            Gen.Choose(-2000, 2000).Select(days => Instants[2].AddDays(days)),
            from seconds in Gen.Choose(int.MinValue, int.MaxValue)
            select Instants[2].AddSeconds(seconds));

    private static Gen<T> Maybe<T>(Gen<T> gen, T none) => Gen.Frequency((3, gen), (1, Gen.Constant(none)));

    private static Gen<PriorValue?> AnyPrior() =>
        Maybe(
            from value in AnyDecimal()
            from at in AnyInstant()
            from estimate in Gen.Elements(true, false)
            select (PriorValue?)new PriorValue(value, at, estimate),
            null);

    private static Gen<RegisterConfiguration> AnyRegister() =>
        from digits in Gen.Choose(-2, 30)
        from decimals in Gen.Choose(-2, 30)
        from multiplier in Gen.OneOf(AnyDecimal(), Gen.Elements(1m, 60m, 0m, -1m))
        from rated in AnyDecimal()
        from kind in Gen.Elements(RegisterKind.Cumulative, RegisterKind.Cumulative, RegisterKind.MaximumDemand, RegisterKind.Instantaneous)
        from backwards in Gen.Elements(true, false)
        from unit in Gen.Elements("kWh", "m3", "GJ", "MJ", "ft3", "", "kVAh", "apples")
        select new RegisterConfiguration
        {
            Kind = kind,
            Quantity = "kwh",
            Unit = unit,
            Digits = digits < 0 ? null : digits,
            Decimals = decimals < -1 ? null : decimals,
            Multiplier = multiplier,
            RunsBackwards = backwards,
            MaximumUsePerDay = rated < 0m ? null : rated,
        };

    private static Gen<IReadOnlyList<PeriodUse>> AnyHistory() =>
        from start in Gen.Choose(-1500, 0)
        from uses in Gen.ListOf(AnyDecimal())
        from quality in Gen.Elements(Enum.GetValues<Quality>())
        select (IReadOnlyList<PeriodUse>)[.. uses.Take(36).Select((use, i) =>
            PeriodUse.Of(Instants[2].AddDays(start + (i * 30)), Instants[2].AddDays(start + (i * 30) + 30), use, quality, i % 3 == 0 ? ["VEE-107"] : []))];

    private static Gen<RegisterCheck> AnyCheck() =>
        from register in AnyRegister()
        from value in AnyDecimal()
        from at in AnyInstant()
        from now in AnyInstant()
        from previous in AnyPrior()
        from actual in AnyPrior()
        from next in AnyPrior()
        from history in AnyHistory()
        from median in AnyDecimal()
        from type in Gen.Elements(Enum.GetValues<MeterType>())
        from status in Gen.Elements(Enum.GetValues<MeterStatus>())
        from source in Gen.Elements(Enum.GetValues<ReadingSource>())
        from latitude in Gen.Elements(double.NaN, double.PositiveInfinity, 52.3, -90, 1e300)
        from other in AnyDecimal()
        from otherAt in AnyInstant()
        from count in Gen.Choose(int.MaxValue - 1, int.MaxValue)
        select new RegisterCheck
        {
            MeterType = type,
            MeterStatus = status,
            Register = register,
            Value = value,
            ReadingAt = at,
            Now = now,
            Source = source,
            Previous = previous,
            LastActual = actual,
            Next = next,
            History = history,
            TypeMedianUsePerDay = median == 0m ? null : median,
            Position = new ReadingPosition(latitude, 4.9, latitude),
            ServicePoint = new ServicePosition(52.3, 4.9, PositionProvenance.Surveyed),
            ConsecutiveEstimates = count,
            ReadBy = "a",
            OtherVisits = [new OtherVisit(other, otherAt, "b")],
        };

    [Fact]
    public void Use_across_a_rollover_is_never_below_zero_and_always_below_a_full_turn() =>
        Prop.ForAll(
            (from earlier in Reading(5, 3) from later in Reading(5, 3) from multiplier in Gen.Choose(1, 4000) select (earlier, later, multiplier)).ToArbitrary(),
            run =>
            {
                var use = Consumption.AcrossRollover(run.earlier, run.later, 5, run.multiplier);
                return run.later < run.earlier ? use >= 0m && use < 100_000m * run.multiplier : use is null;
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Use_of_two_periods_is_the_use_of_both_together() =>
        Prop.ForAll(
            (from a in Reading(6, 3) from b in Reading(6, 3) from c in Reading(6, 3) from multiplier in Gen.Choose(1, 4000) select (a, b, c, multiplier)).ToArbitrary(),
            run => Consumption.Between(run.a, run.b, run.multiplier) + Consumption.Between(run.b, run.c, run.multiplier)
                == Consumption.Between(run.a, run.c, run.multiplier)).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void A_late_reading_splits_a_period_and_keeps_its_sum() =>
        Prop.ForAll(
            (from use in Gen.Choose(0, 400) from part in Gen.Choose(0, 100) from day in Gen.Choose(1, 29) from start in Gen.Choose(0, 99_999) select (use, part, day, start)).ToArbitrary(),
            run =>
            {
                var register = new RegisterConfiguration { Quantity = "kwh", Unit = "kWh", Digits = 5, Decimals = 0, MaximumUsePerDay = 1000m };
                var timeline = new RegisterTimeline(MeterType.Electric, register);
                timeline.Append(new AcceptedValue(run.start, Instants[2]));
                timeline.Append(new AcceptedValue((run.start + run.use) % 100_000, Instants[2].AddDays(30)));
                var late = new NewReading { Value = (run.start + (run.use * run.part / 100)) % 100_000, ReadingAt = Instants[2].AddDays(run.day), Now = Instants[2].AddDays(31) };
                var before = timeline.History.Sum(period => period.Consumption);
                timeline.Accept(late, timeline.Validate(late));
                return timeline.History.Count == 2 && before == run.use && timeline.History.Sum(period => period.Consumption) == run.use;
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Validation_never_throws_and_repeats_itself() =>
        Prop.ForAll(
            AnyCheck().ToArbitrary(),
            check =>
            {
                var verdict = Validation.Run(check);
                var again = Validation.Run(check);
                return verdict.Findings.SequenceEqual(again.Findings)
                    && verdict.State == (verdict.Findings.Any(finding => finding.Effect is FindingEffect.Hold) ? ReadingState.Held : ReadingState.Accepted);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));

    [Fact]
    public void Limits_and_estimates_never_throw() =>
        Prop.ForAll(
            AnyCheck().ToArbitrary(),
            check =>
            {
                var limits = ExpectedLimits.For(
                    check.MeterType, check.Register, check.History, check.Previous, check.ReadingAt, check.TypeMedianUsePerDay, VeeParameters.Default);
                var estimate = RegisterEstimator.For(new EstimateRequest
                {
                    Register = check.Register,
                    At = check.ReadingAt,
                    From = check.Previous ?? default,
                    Next = check.Next,
                    History = check.History,
                    TypeMedianUsePerDay = check.TypeMedianUsePerDay,
                });
                return limits.WarningsFor(check.Value).Count >= 0 && estimate is null or { Consumption: >= 0m };
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));

    [Fact]
    public void Limits_as_values_agree_with_the_rules() =>
        Prop.ForAll(
            (from use in Gen.Choose(0, 1000) from daily in Gen.Choose(0, 20) from multiplier in Gen.Elements(1m, 7m, 60m) from decimals in Gen.Choose(0, 3) select (use, daily, multiplier, decimals)).ToArbitrary(),
            run =>
            {
                var timeline = new RegisterTimeline(
                    MeterType.Electric, new RegisterConfiguration { Quantity = "kwh", Unit = "kWh", Digits = 6, Decimals = run.decimals, Multiplier = run.multiplier });
                for (var i = 0; i < 5; i++)
                {
                    timeline.Append(new AcceptedValue(1000m + (i * run.daily), Instants[2].AddDays(30 * i)));
                }

                var reading = new NewReading { Value = 1000m + (4 * run.daily) + (run.use / 10m), ReadingAt = Instants[2].AddDays(150), Now = Instants[2].AddDays(150) };
                reading = reading with { Value = Math.Round(reading.Value, run.decimals) };
                var server = timeline.Validate(reading).Findings.Select(finding => finding.RuleId).Where(id => id is "VEE-105" or "VEE-106" or "VEE-107");
                var device = timeline.LimitsAt(reading.ReadingAt).WarningsFor(reading.Value);
                return server.Where(id => id != "VEE-107").SequenceEqual(device.Where(id => id != "VEE-107"));
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
}
