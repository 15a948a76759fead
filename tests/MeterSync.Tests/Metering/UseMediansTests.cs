using MeterSync.Metering.Estimation;
using Xunit;

namespace MeterSync.Tests.Metering;

public sealed class UseMediansTests
{
    private static readonly Guid North = new("0198c0de-0000-7000-8000-000000000001");

    [Fact]
    public void Takes_the_one_in_the_middle_and_of_two_the_lower()
    {
        var medians = Of(5m, 1m, 4m, 2m);
        Assert.Equal((2m, 2m), (medians.Of("water"), medians.InRegion("water", North)));
        medians.Add("water", null, 9m);
        Assert.Equal((4m, 2m), (medians.Of("water"), medians.InRegion("water", North)));
    }

    [Fact]
    public void Says_nothing_of_few_registers_or_of_none()
    {
        var medians = Of(5m, 1m);
        Assert.Null(medians.Of("water"));
        medians.Add("water", null, 3m);
        Assert.Equal((3m, null), (medians.Of("water"), medians.InRegion("water", North)));
        Assert.Null(medians.Of("gas"));
    }

    [Fact]
    public void Passes_over_use_below_zero()
    {
        var medians = Of(5m, 1m, -7m, -7m, -7m);
        Assert.Null(medians.Of("water"));
    }

    [Fact]
    public void Keeps_so_many_registers_and_no_more()
    {
        var medians = Of([.. Enumerable.Repeat(1m, UseMedians<string>.MostRegisters), .. Enumerable.Repeat(2m, 30_000)]);
        Assert.Equal(1m, medians.Of("water"));
    }

    private static UseMedians<string> Of(params decimal[] uses)
    {
        var medians = new UseMedians<string>();
        foreach (var use in uses)
        {
            medians.Add("water", North, use);
        }

        return medians;
    }
}
