using System.Net;
using FsCheck;
using FsCheck.Fluent;
using MeterSync.Kernel.Limits;
using Xunit;

namespace MeterSync.Tests.Kernel.Limits;

public sealed class AddressRangesTests
{
    private static Gen<IPAddress> AnyAddress() => Gen.OneOf(Addresses(4), Addresses(16), Addresses(4).Select(four => four.MapToIPv6()));

    [Fact]
    public void Finds_what_a_walk_over_all_entries_finds()
    {
        var entry = from address in Gen.OneOf(Addresses(4), Addresses(16))
                    from prefix in Gen.Choose(0, address.GetAddressBytes().Length * 8)
                    select $"{address}/{prefix}";
        var probe = from entries in entry.ListOf(12)
                    from probes in AnyAddress().ListOf(20)
                    select (entries, probes);
        Prop.ForAll(probe.ToArbitrary(), pair =>
        {
            var networks = pair.entries.Select(text => AddressRanges.TryParse(text, out IPNetwork network) ? network : throw new FormatException(text)).ToList();
            Assert.True(AddressRanges.TryParse(pair.entries, out var ranges, out _));
            var edges = networks.SelectMany(network => new[] { network.BaseAddress, LastOf(network) });
            return pair.probes.Concat(edges).All(address =>
            {
                var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
                return ranges.Contains(address) == networks.Exists(network => network.BaseAddress.AddressFamily == plain.AddressFamily && network.Contains(plain));
            });
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_text_is_a_range_or_refused()
    {
        var pieces = Gen.OneOf(
            Gen.Elements(".", "/", ":", "::", "%", "[", "]", "-", " ", "0", "00", "255", "256", "999999999999", "x", "10", "ffff", "2001:db8", "\0", "١", "e"),
            Gen.Choose(0, 300).Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Prop.ForAll(pieces.ListOf(10).Select(string.Concat).ToArbitrary(), text =>
        {
            if (AddressRanges.TryParse(text, out IPNetwork network))
            {
                Assert.True(AddressRanges.TryParse(network.ToString(), out IPNetwork again));
                Assert.Equal(network, again);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("198.51.100.77/24", "198.51.100.1", true)]
    [InlineData("198.51.100.0/24", "::ffff:198.51.100.9", true)]
    [InlineData("::ffff:198.51.100.0/120", "198.51.100.9", true)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("::/0", "2001:db8::1", true)]
    [InlineData("::/0", "192.0.2.1", false)]
    [InlineData("0.0.0.0/0", "192.0.2.1", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    public void An_address_is_in_a_range_however_either_is_spelled(string range, string address, bool isIn)
    {
        Assert.True(AddressRanges.TryParse([range], out var ranges, out _));
        Assert.Equal(isIn, ranges.Contains(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("10.1")]
    [InlineData("010.0.0.1")]
    [InlineData("0x0a.0.0.1")]
    [InlineData("10.0.0.256")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/08")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0.1:80")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%eth0")]
    [InlineData("::/129")]
    [InlineData("example.com")]
    [InlineData("*")]
    public void What_is_no_range_is_refused_and_named(string text)
    {
        Assert.False(AddressRanges.TryParse(["192.0.2.1", text], out var ranges, out var wrong));
        Assert.Equal(text, wrong);
        Assert.Same(AddressRanges.None, ranges);
    }

    [Fact]
    public void An_IPv6_network_of_64_bits_is_one_subject()
    {
        Assert.Equal(RateSubject.Of(IPAddress.Parse("2001:db8:1:2::1")), RateSubject.Of(IPAddress.Parse("2001:db8:1:2:ffff::9")));
        Assert.NotEqual(RateSubject.Of(IPAddress.Parse("2001:db8:1:2::1")), RateSubject.Of(IPAddress.Parse("2001:db8:1:3::1")));
        Assert.Equal(RateSubject.Of(IPAddress.Parse("192.0.2.1")), RateSubject.Of(IPAddress.Parse("::ffff:192.0.2.1")));
        Assert.NotEqual(RateSubject.Of(IPAddress.Parse("192.0.2.1")), RateSubject.Of(IPAddress.Parse("192.0.2.2")));
        Assert.Equal(("2001:db8:1:2::/64", "192.0.2.1"), (RateSubject.Say(IPAddress.Parse("2001:db8:1:2::1")), RateSubject.Say(IPAddress.Parse("::ffff:192.0.2.1"))));
    }

    private static Gen<IPAddress> Addresses(int length) => Gen.Choose(0, 255).ListOf(length).Select(bytes => new IPAddress([.. bytes.Select(value => (byte)value)])).Where(address => !address.IsIPv4MappedToIPv6);

    private static IPAddress LastOf(IPNetwork network)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        for (var bit = network.PrefixLength; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return new IPAddress(bytes);
    }
}
