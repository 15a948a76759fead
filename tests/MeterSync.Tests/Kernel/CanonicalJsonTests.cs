using System.Text.Json;
using MeterSync.Kernel;
using Xunit;

namespace MeterSync.Tests.Kernel;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("""{"b":1,"a":[12.50,1e2,-0.0]}""", """{"a":[12.5,100,0],"b":1}""")]
    [InlineData(""" { "a" : { "d":null, "c":"x" } } """, """{"a":{"c":"x","d":null}}""")]
    [InlineData("1.25e1", "12.5")]
    [InlineData("0.000000", "0")]
    [InlineData("1e300", "1E+300")]
    [InlineData("true", "true")]
    public void Spells_the_same_content_in_one_way(string json, string canonical)
    {
        using var read = JsonDocument.Parse(json);
        Assert.Equal(canonical, CanonicalJson.Of(read.RootElement));
    }

    [Theory]
    [InlineData("[1,2]", "[2,1]")]
    [InlineData("""{"a":null}""", "{}")]
    [InlineData("""{"a":1}""", """{"a":"1"}""")]
    [InlineData("1e-40", "0")]
    [InlineData("12.5", "12.51")]
    public void Tells_different_content_apart(string one, string other)
    {
        using var first = JsonDocument.Parse(one);
        using var second = JsonDocument.Parse(other);
        Assert.NotEqual(CanonicalJson.Of(first.RootElement), CanonicalJson.Of(second.RootElement));
    }
}
