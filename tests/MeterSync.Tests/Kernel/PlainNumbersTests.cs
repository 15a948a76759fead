using System.Globalization;
using MeterSync.Kernel;
using Xunit;

namespace MeterSync.Tests.Kernel;

public sealed class PlainNumbersTests
{
    [Theory]
    [InlineData("150.000000", "150")]
    [InlineData("0.000000", "0")]
    [InlineData("-0.500000", "-0.5")]
    [InlineData("-1200.00", "-1200")]
    [InlineData("12.345678", "12.345678")]
    [InlineData("10", "10")]
    [InlineData("999999999999.999990", "999999999999.99999")]
    [InlineData("18446744073709551615.0", "18446744073709551615")]
    [InlineData("1844674407370955161.50", "1844674407370955161.5")]
    [InlineData("7922816251426433759354395033.0", "7922816251426433759354395033")]
    public void Leaves_no_zeros_at_the_end(string number, string plain) =>
        Assert.Equal(plain, decimal.Parse(number, CultureInfo.InvariantCulture).Plain().ToString(CultureInfo.InvariantCulture));
}
