using MeterSync.Metering;
using MeterSync.Metering.Registers;
using MeterSync.Metering.Vee;
using Xunit;

namespace MeterSync.Tests.Metering;

public sealed class RegisterTimelineTests
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly RegisterConfiguration Register = new() { Quantity = "kwh", Unit = "kWh", Digits = 5, Decimals = 0 };

    private static RegisterTimeline Timeline(params decimal[] values)
    {
        var timeline = new RegisterTimeline(MeterType.Electric, Register);
        for (var i = 0; i < values.Length; i++)
        {
            timeline.Append(new AcceptedValue(values[i], Start.AddDays(30 * i)));
        }

        return timeline;
    }

    private static NewReading Reading(decimal value, int day, ReadingSource source = ReadingSource.Manual) =>
        new() { Value = value, ReadingAt = Start.AddDays(day), Now = Start.AddDays(400), Source = source };

    private static (RegisterVerdict Verdict, Acceptance Acceptance) Take(RegisterTimeline timeline, NewReading reading)
    {
        var verdict = timeline.Validate(reading);
        return (verdict, timeline.Accept(reading, verdict));
    }

    [Fact]
    public void Judges_a_value_against_its_own_past()
    {
        var verdict = Timeline(100, 200, 301).Validate(Reading(400, 90));
        Assert.Equal(ReadingState.Accepted, verdict.State);
        Assert.Equal((99m, 30m, 3.3m), (verdict.Consumption, verdict.Days, verdict.AverageDailyUse));
        Assert.Equal(Start.AddDays(60), verdict.UseSince);
    }

    [Fact]
    public void Inserts_a_late_value_in_order_and_computes_the_next_period_again()
    {
        var timeline = Timeline(100, 200, 400);
        var (verdict, acceptance) = Take(timeline, Reading(310, 45));
        Assert.Contains(verdict.Findings, finding => finding.RuleId == "VEE-110");
        Assert.Equal(110m, acceptance.Period!.Consumption);
        Assert.Equal(90m, acceptance.Recomputed!.Consumption);
        Assert.Equal([100m, 110m, 90m], timeline.History.Select(period => period.Consumption));
        Assert.Equal(400m, timeline.Latest!.Value);
    }

    [Fact]
    public void A_late_value_is_judged_without_knowledge_of_later_periods()
    {
        var check = Timeline(100, 200, 300, 9000).CheckOf(Reading(250, 45));
        Assert.Single(check.History);
        Assert.Equal(200m, check.Previous!.Value.Value);
        Assert.Equal(300m, check.Next!.Value.Value);
    }

    [Fact]
    public void Takes_out_an_estimate_that_was_too_high_and_counts_from_the_last_actual_value()
    {
        var timeline = Timeline(100, 200);
        Take(timeline, Reading(305, 60, ReadingSource.Estimate));
        Take(timeline, Reading(410, 90, ReadingSource.Estimate));
        var (verdict, acceptance) = Take(timeline, Reading(390, 120));
        Assert.True(verdict.VoidsEstimate);
        Assert.Equal(ReadingState.Accepted, verdict.State);
        Assert.Equal([305m, 410m], acceptance.VoidedEstimates.Select(value => value.Value));
        Assert.Equal(190m, acceptance.Period!.Consumption);
        Assert.Equal([100m, 200m, 390m], timeline.Values.Select(value => value.Value));
    }

    [Fact]
    public void Flags_the_third_estimate_in_a_row()
    {
        var timeline = Timeline(100, 200);
        Take(timeline, Reading(301, 60, ReadingSource.Estimate));
        Take(timeline, Reading(402, 90, ReadingSource.Estimate));
        var verdict = timeline.Validate(Reading(503, 120, ReadingSource.Estimate));
        Assert.Equal(["VEE-114"], verdict.Findings.Select(finding => finding.RuleId));
        Assert.Equal(Quality.Estimated, verdict.Quality);
    }

    [Fact]
    public void Holds_the_second_standstill_in_a_row()
    {
        var timeline = Timeline(100, 200, 301);
        Assert.Equal(ReadingState.Accepted, Take(timeline, Reading(301, 90)).Verdict.State);
        Assert.Equal(ReadingState.Held, timeline.Validate(Reading(301, 120)).State);
    }

    [Fact]
    public void Counts_from_the_install_value_after_an_exchange_and_keeps_the_past_for_comparison()
    {
        var timeline = Timeline(90_000, 90_100, 90_201);
        timeline.BeginSegment(7, Start.AddDays(61));
        var verdict = timeline.Validate(Reading(110, 91));
        Assert.Equal(103m, verdict.Consumption);
        Assert.Equal(ReadingState.Accepted, verdict.State);
        Assert.Equal(3.35m, verdict.Expected!.Value.AverageDailyUse);
    }

    [Fact]
    public void A_value_before_an_exchange_is_not_compared_with_the_new_meter()
    {
        var timeline = Timeline(90_000, 90_100);
        timeline.BeginSegment(7, Start.AddDays(61));
        Assert.Equal(ReadingState.Accepted, timeline.Validate(Reading(90_198, 60)).State);
    }

    [Fact]
    public void Uses_the_configuration_of_the_readings_day()
    {
        var timeline = new RegisterTimeline(
            MeterType.Electric,
            [new EffectiveConfiguration(Start, Register), new EffectiveConfiguration(Start.AddDays(60), Register with { Multiplier = 40m })]);
        timeline.Append(new AcceptedValue(100, Start));
        Assert.Equal(50m, timeline.Append(new AcceptedValue(150, Start.AddDays(59))).Period!.Consumption);
        Assert.Equal(80m, timeline.Append(new AcceptedValue(152, Start.AddDays(60))).Period!.Consumption);
    }

    [Fact]
    public void Keeps_no_more_periods_than_told()
    {
        var timeline = new RegisterTimeline(MeterType.Electric, Register, periods: 12);
        for (var i = 0; i < 100; i++)
        {
            timeline.Append(new AcceptedValue(i * 10, Start.AddDays(30 * i)));
        }

        Assert.Equal(12, timeline.History.Count);
        Assert.Equal(13, timeline.Values.Count);
        Assert.Equal(990m, timeline.Latest!.Value);
    }

    [Fact]
    public void Learns_no_habits_from_an_approved_value_below_the_one_before()
    {
        var timeline = Timeline(1000, 1100, 1201);
        var wrong = Reading(500, 90);
        timeline.Accept(wrong, timeline.Validate(wrong));
        var verdict = timeline.Validate(Reading(601, 120));
        Assert.Equal(ReadingState.Accepted, verdict.State);
        Assert.Equal(3.35m, verdict.Expected!.Value.AverageDailyUse);
    }

    [Fact]
    public void Joins_the_periods_around_a_withdrawn_value()
    {
        var timeline = Timeline(100, 200, 301, 400);
        Assert.Equal(201m, timeline.Withdraw(timeline.Values[1])!.Consumption);
        Assert.Equal([201m, 99m], timeline.History.Select(period => period.Consumption));
        Assert.Null(timeline.Withdraw(timeline.Values[2]));
        Assert.Equal([201m], timeline.History.Select(period => period.Consumption));
    }

    [Fact]
    public void Refuses_configurations_out_of_order() =>
        Assert.Throws<ArgumentException>(() => new RegisterTimeline(
            MeterType.Electric, [new EffectiveConfiguration(Start, Register), new EffectiveConfiguration(Start, Register)]));

    [Fact]
    public void Says_the_same_in_every_culture()
    {
        var before = Thread.CurrentThread.CurrentCulture;
        try
        {
            var timeline = Timeline(100, 200, 301);
            var expected = timeline.Validate(Reading(1400, 90)).Findings;
            Thread.CurrentThread.CurrentCulture = new System.Globalization.CultureInfo("ar-SA");
            Assert.Equal(expected, timeline.Validate(Reading(1400, 90)).Findings);
            Assert.NotEmpty(expected);
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }
}
