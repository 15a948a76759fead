using System.Globalization;
using MeterSync.Kernel.Tabular;
using Xunit;

namespace MeterSync.Tests.Kernel.Tabular;

public sealed class NumberCellsTests
{
    [Theory]
    [InlineData("1 234,5", "1234.5")]
    [InlineData("1\u00A0234,5", "1234.5")]
    [InlineData("1\u202F234\u202F567", "1234567")]
    [InlineData("1.234,56", "1234.56")]
    [InlineData("1,234.56", "1234.56")]
    [InlineData("1'234.50", "1234.50")]
    [InlineData("1.234.567", "1234567")]
    [InlineData("1,23,456.78", "123456.78")]
    [InlineData("0,123", "0.123")]
    [InlineData("-0.500", "-0.500")]
    [InlineData("1234,567", "1234.567")]
    [InlineData("+12,5", "12.5")]
    [InlineData("\u221212,5", "-12.5")]
    [InlineData(".5", "0.5")]
    [InlineData("00012", "12")]
    [InlineData("0", "0")]
    public void Reads_what_has_one_reading_only(string text, string expected)
    {
        Assert.True(NumberCells.TryDecimal(text, null, out var value, out _));
        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture), value.ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("1,234", null, null)]
    [InlineData("123.456", null, null)]
    [InlineData("1,234", DecimalSign.Comma, "1.234")]
    [InlineData("1,234", DecimalSign.Point, "1234")]
    [InlineData("1.234", DecimalSign.Comma, "1234")]
    [InlineData("-1.234", DecimalSign.Point, "-1.234")]
    public void Needs_the_files_decimal_sign_where_there_are_two_readings(string text, DecimalSign? sign, string? expected)
    {
        var isRead = NumberCells.TryDecimal(text, sign, out var value, out var fault);
        Assert.Equal(expected, isRead ? value.ToString(CultureInfo.InvariantCulture) : null);
        Assert.Equal(expected is null ? ImportCodes.NumberAmbiguous : null, fault?.Code);
    }

    [Theory]
    [InlineData("12 kWh", ImportCodes.NotANumber)]
    [InlineData("1,2,3", ImportCodes.NotANumber)]
    [InlineData("1.2,3.4", ImportCodes.NotANumber)]
    [InlineData("1234.567,8", ImportCodes.NotANumber)]
    [InlineData("12.", ImportCodes.NotANumber)]
    [InlineData("-", ImportCodes.NotANumber)]
    [InlineData("--5", ImportCodes.NotANumber)]
    [InlineData("5-", ImportCodes.NotANumber)]
    [InlineData("(5)", ImportCodes.NotANumber)]
    [InlineData("NaN", ImportCodes.NotANumber)]
    [InlineData("٣", ImportCodes.NotANumber)]
    [InlineData("1,2E+05", ImportCodes.DamagedBySpreadsheet)]
    [InlineData("12345678901234567890123456789", ImportCodes.NumberTooLong)]
    [InlineData("0.12345678901234567890123456789", ImportCodes.NumberTooLong)]
    public void Refuses_what_is_no_exact_number(string text, string code)
    {
        Assert.False(NumberCells.TryDecimal(text, null, out _, out var fault));
        Assert.Equal(code, fault!.Code);
        Assert.Contains(text[..Math.Min(text.Length, 10)], fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12.5", DecimalSign.Comma)]
    [InlineData("1.234.567", DecimalSign.Point)]
    [InlineData("1,234.5", DecimalSign.Comma)]
    public void Refuses_a_number_against_the_sign_of_its_file(string text, DecimalSign sign)
    {
        Assert.False(NumberCells.TryDecimal(text, sign, out _, out var fault));
        Assert.Equal(ImportCodes.NotANumber, fault!.Code);
    }

    [Theory]
    [InlineData("50,450", 50.450)]
    [InlineData("-30.523", -30.523)]
    [InlineData("7", 7)]
    public void Reads_a_coordinate_with_either_sign(string text, double expected)
    {
        Assert.True(NumberCells.TryCoordinate(text, out var degrees, out _));
        Assert.Equal((decimal)expected, degrees);
    }

    [Fact]
    public async Task Learns_the_decimal_sign_from_the_numeric_columns_of_the_file()
    {
        await using var reader = await Tables.OpenAsync("serial_number;value;note\nA;1.234;2.5\nB;12,5;3.5\n");
        Assert.Equal(DecimalSign.Comma, reader.Findings.DecimalSign);
        Assert.True(await reader.ReadAsync());
        Assert.Equal(1234m, reader.Decimal(Tables.Value));
    }

    [Fact]
    public async Task Refuses_ambiguous_numbers_of_a_file_that_shows_no_sign_or_both()
    {
        var none = await Tables.ReadAllAsync("serial_number;value\nA;1.234\nB;12\n");
        Assert.Equal(ImportCodes.NumberAmbiguous, Assert.Single(none.Problems).Code);
        Assert.Contains(none.Notes, note => note.Code == ImportCodes.DecimalSignUnknown);
        var both = await Tables.ReadAllAsync("serial_number;value\nA;1,5\nB;1.5\nC;1.234\n");
        Assert.Equal((4, "value", ImportCodes.NumberAmbiguous), (both.Problems[0].Row, both.Problems[0].Column, Assert.Single(both.Problems).Code));
        var told = await Tables.ReadAllAsync("serial_number;value\nA;1.234\n", new TableReadOptions { DecimalSign = DecimalSign.Point });
        Assert.Empty(told.Problems);
    }

    [Theory]
    [InlineData("12", 12L)]
    [InlineData("12,0", 12L)]
    [InlineData("1 000", 1000L)]
    [InlineData("12,5", null)]
    [InlineData("-1", null)]
    [InlineData("99999999999999999999", null)]
    public async Task Reads_whole_numbers_within_bounds(string text, long? expected)
    {
        await using var reader = await Tables.OpenAsync($"serial_number;value\nA;{text}\n");
        _ = await reader.ReadAsync();
        Assert.Equal(expected, reader.WholeNumber(Tables.Value, min: 0));
        Assert.Equal(expected is null, reader.RowIsRefused);
    }
}
