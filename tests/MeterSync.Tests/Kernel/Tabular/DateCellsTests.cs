using System.Globalization;
using MeterSync.Kernel.Tabular;
using NodaTime;
using Xunit;

namespace MeterSync.Tests.Kernel.Tabular;

public sealed class DateCellsTests
{
    private static readonly DateTimeZone s_kyiv = DateTimeZoneProviders.Tzdb["Europe/Kyiv"];

    [Theory]
    [InlineData("2025-03-04", "2025-03-03T22:00:00Z")]
    [InlineData("2025-03-04T10:20:30Z", "2025-03-04T10:20:30Z")]
    [InlineData("2025-03-04 10:20", "2025-03-04T08:20:00Z")]
    [InlineData("2025-03-04T10:20:30.125+05:30", "2025-03-04T04:50:30.125Z")]
    [InlineData("2025-03-04T10:20-0500", "2025-03-04T15:20:00Z")]
    [InlineData("20250304", "2025-03-03T22:00:00Z")]
    [InlineData("4.3.2025", "2025-03-03T22:00:00Z")]
    [InlineData("04.03.2025 9:05", "2025-03-04T07:05:00Z")]
    [InlineData("04/03/2025 12:00 AM", "2025-03-03T22:00:00Z")]
    [InlineData("04-03-2025 1:30 pm", "2025-03-04T11:30:00Z")]
    [InlineData("2025/07/01 00:00", "2025-06-30T21:00:00Z")]
    public async Task Reads_an_instant_as_local_time_of_the_zone_unless_it_has_an_offset(string text, string expected)
    {
        await using var reader = await Tables.OpenAsync($"serial_number;value;date\nA;1;{text}\n", new TableReadOptions { TimeZone = s_kyiv });
        _ = await reader.ReadAsync();
        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), reader.Instant(Tables.When));
        Assert.Empty(reader.Problems);
    }

    [Theory]
    [InlineData("45678", ImportCodes.SerialDate)]
    [InlineData("45678,5", ImportCodes.SerialDate)]
    [InlineData("1.2.25", ImportCodes.TwoDigitYear)]
    [InlineData("2025-02-29", ImportCodes.NotADate)]
    [InlineData("31.04.2025", ImportCodes.NotADate)]
    [InlineData("2025-13-01", ImportCodes.NotADate)]
    [InlineData("01.02.1825", ImportCodes.DateOutOfRange)]
    [InlineData("2025-01-01T25:00", ImportCodes.NotADate)]
    [InlineData("2025-01-01T10:00+15:00", ImportCodes.NotADate)]
    [InlineData("2025-01-01x", ImportCodes.NotADate)]
    [InlineData("March 4", ImportCodes.NotADate)]
    [InlineData("00/00/2025", ImportCodes.NotADate)]
    public void Refuses_what_is_no_date_in_words(string text, string code)
    {
        Assert.False(DateCells.TryRead(text, DateOrder.DayFirst, out _, out var fault));
        Assert.Equal(code, fault!.Code);
        Assert.Contains(text, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("01/02/2025\n03/25/2025", DateOrder.MonthFirst, "2025-01-02", null)]
    [InlineData("01/02/2025\n25/03/2025", DateOrder.DayFirst, "2025-02-01", null)]
    [InlineData("01/02/2025\n03/04/2025", DateOrder.DayFirst, "2025-02-01", ImportCodes.DateOrderAssumed)]
    [InlineData("01.02.2025\n03.04.2025", DateOrder.DayFirst, "2025-02-01", null)]
    [InlineData("01/02/2025\n25/03/2025\n03/25/2025", null, null, ImportCodes.DateOrderMixed)]
    public async Task Learns_the_order_of_day_and_month_from_the_file(string dates, DateOrder? order, string? first, string? note)
    {
        var lines = dates.Split('\n').Select(date => $"A;1;{date}\n");
        await using var reader = await Tables.OpenAsync("serial_number;value;date\n" + string.Concat(lines));
        Assert.Equal(order, reader.Findings.DateOrder);
        _ = await reader.ReadAsync();
        Assert.Equal(first, reader.Date(Tables.When)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Assert.Equal(note, reader.Notes.Select(one => one.Code).FirstOrDefault(code => code.Contains("date_order", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Says_when_a_later_date_contradicts_the_order_assumed()
    {
        var options = new TableReadOptions { Limits = new TableLimits { SampleRows = 1 } };
        var reader = await Tables.ReadAllAsync("serial_number;value;date\nA;1;01/02/2025\nB;2;03/25/2025\n", options);
        Assert.Equal((3, ImportCodes.DateOrderContradicted), (reader.Problems[0].Row, Assert.Single(reader.Problems).Code));
        var told = await Tables.ReadAllAsync("serial_number;value;date\nB;2;03/25/2025\n", options with { DateOrder = DateOrder.MonthFirst });
        Assert.Empty(told.Problems);
    }

    [Fact]
    public async Task Refuses_a_local_time_that_daylight_saving_skips()
    {
        var reader = await Tables.ReadAllAsync("serial_number;value;date\nA;1;30.03.2025 03:30\n", new TableReadOptions { TimeZone = s_kyiv });
        Assert.Equal(ImportCodes.TimeDoesNotExist, Assert.Single(reader.Problems).Code);
        Assert.Contains("Europe/Kyiv", reader.Problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_the_earlier_of_a_local_time_that_comes_twice_and_says_so()
    {
        await using var reader = await Tables.OpenAsync("serial_number;value;date\nA;1;26.10.2025 03:30\n", new TableReadOptions { TimeZone = s_kyiv });
        _ = await reader.ReadAsync();
        Assert.Equal(new DateTimeOffset(2025, 10, 26, 0, 30, 0, TimeSpan.Zero), reader.Instant(Tables.When));
        Assert.Contains(reader.Notes, note => note.Code == ImportCodes.TimeTwice);
        Assert.Contains(reader.Notes, note => note.Code == ImportCodes.LocalTimeAssumed);
    }
}
