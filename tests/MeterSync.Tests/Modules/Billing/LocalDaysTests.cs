using MeterSync.Modules.Billing.Public;
using MeterSync.Modules.Settings.Public;
using MeterSync.Modules.Settings.Store;
using Microsoft.Extensions.Options;
using Xunit;

namespace MeterSync.Tests.Modules.Billing;

public sealed class LocalDaysTests
{
    private static readonly LocalDays Berlin = new(new CurrentSettings(Options.Create(new OrganisationOptions { TimeZone = "Europe/Berlin" }), Options.Create(new RateLimitOptions())));

    [Theory]
    [InlineData("2026-03-01", "2026-02-28T23:00:00Z")]
    [InlineData("2026-04-01", "2026-03-31T22:00:00Z")]
    [InlineData("2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z")]
    [InlineData("2026-03-01T00:00:00+05:30", "2026-02-28T18:30:00Z")]
    public void A_date_begins_with_the_local_day_and_an_instant_stays(string text, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected, null), Berlin.Start("from", text).Value);

    [Fact]
    public void An_end_date_includes_its_day_also_when_the_clocks_change() =>
        Assert.Equal((TimeSpan.FromHours(23), TimeSpan.FromHours(25)), (LengthOf("2026-03-29"), LengthOf("2026-10-25")));

    [Theory]
    [InlineData("2026-03-01T00:00:00")]
    [InlineData("01.03.2026")]
    [InlineData("2026-02-30")]
    [InlineData("0001-01-01")]
    [InlineData("9999-12-31")]
    [InlineData("9999-12-31T23:59:59-18:00")]
    [InlineData("")]
    public void Refuses_what_is_no_date_and_no_instant(string text) => Assert.False(Berlin.EndOfDay("to", text).Succeeded);

    [Fact]
    public void Says_the_local_date_where_an_instant_begins_one() =>
        Assert.Equal(("2026-03-01", "2026-03-01T00:00:00Z"), (Berlin.Say(Berlin.Start("from", "2026-03-01").Value), Berlin.Say(Berlin.Start("from", "2026-03-01T00:00:00Z").Value)));

    private static TimeSpan LengthOf(string day) => Berlin.EndOfDay("to", day).Value - Berlin.Start("from", day).Value;
}
