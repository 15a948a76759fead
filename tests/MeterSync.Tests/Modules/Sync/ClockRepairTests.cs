using MeterSync.Modules.Sync.Domain;
using Xunit;

namespace MeterSync.Tests.Modules.Sync;

/// <summary>When something was captured, by what a phone says of its clocks. The server's clock says noon when the batch comes; hours are from there.</summary>
public sealed class ClockRepairTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    // A right clock: what it says.
    [InlineData(-1, 0, null, 0.0, 1.0, -1)]
    // Ten years off, and both clocks ran on: as long ago as they say.
    [InlineData(-87_601, 0, null, -87_600.0, 1.0, -1)]
    [InlineData(87_599, 0, null, 87_600.0, 1.0, -1)]
    // The counter stood still for a weekend, and the offset says that the clock was right.
    [InlineData(-64, 0, 0.0, 0.0, 0.3, -64)]
    // The clock was eleven hours slow, and the network set it before sending.
    [InlineData(-12, 0, 11.0, 0.0, 1.0, -1)]
    // The same without an offset: it may have slept, or the clock was set; a night's sleep is believed.
    [InlineData(-12, 0, null, 0.0, 1.0, -12)]
    // The wall clock went back: the counter knows.
    [InlineData(5, 0, null, 0.0, 1.0, -1)]
    // An offset from before the clock was set would lead behind what the counter allows.
    [InlineData(-1, 0, 3.0, 0.0, 1.0, -1)]
    // Another start of the phone: only the offset is left, and without one the clock's error when it sent.
    [InlineData(-26, 1, 2.0, 0.0, 1.0, -24)]
    [InlineData(-26, 1, null, -2.0, 1.0, -24)]
    public void The_instant_is_found(double wallHours, int otherRun, double? offsetHours, double sentWallHours, double ranHours, double expectedHours)
    {
        var captured = new PhoneClock(Noon.AddHours(wallHours), 1_000, offsetHours is { } offset ? (long)(offset * 3_600_000) : null, "a");
        var sent = new PhoneClock(Noon.AddHours(sentWallHours), 1_000 + (long)(ranHours * 3_600_000), null, otherRun == 0 ? "a" : "b");
        var repaired = ClockRepair.Of(captured, sent, Noon);
        Assert.Equal(expectedHours, (repaired.CapturedAt - Noon).TotalHours, 3);
        Assert.Equal(expectedHours - wallHours, repaired.Error.TotalHours, 3);
    }

    [Fact]
    public void Nothing_is_captured_after_it_came_and_without_a_clock_it_was_captured_then()
    {
        Assert.Equal(Noon, ClockRepair.Of(new PhoneClock(Noon.AddYears(10), null, null, null), null, Noon).CapturedAt);
        Assert.Equal(Noon, ClockRepair.Of(new PhoneClock(null, null, null, null), null, Noon).CapturedAt);
        Assert.Equal(Noon.AddHours(-1), ClockRepair.Of(new PhoneClock(null, 0, null, null), new PhoneClock(null, 3_600_000, null, null), Noon).CapturedAt);
    }

    [Theory]
    [InlineData(long.MinValue, long.MaxValue, long.MinValue)]
    [InlineData(long.MaxValue, long.MinValue, long.MaxValue)]
    public void Numbers_at_the_edge_are_no_failure(long then, long now, long offset) =>
        Assert.True(ClockRepair.Of(new PhoneClock(DateTimeOffset.MaxValue, then, offset, null), new PhoneClock(DateTimeOffset.MinValue, now, null, null), Noon).CapturedAt <= Noon);
}
