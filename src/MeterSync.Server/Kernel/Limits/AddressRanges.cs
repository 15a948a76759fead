using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MeterSync.Kernel.Limits;

/// <summary>A set of addresses, written as single ones and as ranges: <c>203.0.113.7</c>, <c>198.51.100.0/24</c>, <c>2001:db8::/32</c>.</summary>
public sealed class AddressRanges
{
    public static readonly AddressRanges None = new([]);

    private static readonly SearchValues<char> AddressCharacters = SearchValues.Create("0123456789abcdefABCDEF:.");

    // Sorted and disjoint. IPv6 ranges do not speak for IPv4 addresses, however those are spelled.
    private readonly Range[] four;
    private readonly Range[] six;

    private AddressRanges(IReadOnlyCollection<IPNetwork> networks)
    {
        Count = networks.Count;
        four = Merged(networks.Where(network => network.BaseAddress.AddressFamily == AddressFamily.InterNetwork));
        six = Merged(networks.Where(network => network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6));
    }

    /// <summary>Entries as written.</summary>
    public int Count { get; }

    /// <summary>False where one of the texts is no address or range; <paramref name="wrong"/> is the first of those.</summary>
    public static bool TryParse(IEnumerable<string> texts, out AddressRanges ranges, out string? wrong)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in texts)
        {
            if (!TryParse(text, out var network))
            {
                (ranges, wrong) = (None, text);
                return false;
            }

            networks.Add(network);
        }

        (ranges, wrong) = (networks.Count == 0 ? None : new AddressRanges(networks), null);
        return true;
    }

    /// <summary>One address or range. Bits behind the prefix are ignored; an IPv4 address in IPv6 spelling is that IPv4 address.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        network = default;
        var (written, prefix) = text.Trim().Split('/') switch
        {
            [var alone] => (alone, null),
            [var start, var length] => (start, length),
            _ => ("", null),
        };
        if (!TryParseAddress(written, out var address))
        {
            return false;
        }

        var most = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var bits = most;
        if (prefix is not null && (prefix.Length > 3 || !int.TryParse(prefix, NumberStyles.None, CultureInfo.InvariantCulture, out bits) || bits > most || (prefix.Length > 1 && prefix[0] == '0')))
        {
            return false;
        }

        if (address.IsIPv4MappedToIPv6 && bits >= 96)
        {
            (address, bits) = (address.MapToIPv4(), bits - 96);
        }

        network = new IPNetwork(Masked(address, bits), bits);
        return true;
    }

    public bool Contains(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4 ? Contains(four, BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : address.IsIPv4MappedToIPv6 ? Contains(four, BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]))
            : Contains(six, BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    private static bool Contains(Range[] ranges, UInt128 address)
    {
        var (low, high) = (0, ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (address < ranges[middle].First)
            {
                high = middle - 1;
            }
            else if (address > ranges[middle].Last)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private static Range[] Merged(IEnumerable<IPNetwork> networks)
    {
        var merged = new List<Range>();
        foreach (var range in networks.Select(RangeOf).OrderBy(range => range.First))
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last)
            {
                merged[^1] = merged[^1] with { Last = UInt128.Max(merged[^1].Last, range.Last) };
            }
            else
            {
                merged.Add(range);
            }
        }

        return [.. merged];
    }

    private static Range RangeOf(IPNetwork network)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        var first = bytes.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return new Range(first, first | HostBits((bytes.Length * 8) - network.PrefixLength));
    }

    private static UInt128 HostBits(int count) => count == 128 ? UInt128.MaxValue : (UInt128.One << count) - 1;

    private static IPAddress Masked(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = prefix; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPAddress(bytes);
    }

    /// <summary>Stricter than the framework, which takes 10 for 0.0.0.10, 010.0.0.1 for 8.0.0.1, and addresses with ports and scopes.</summary>
    private static bool TryParseAddress(string text, out IPAddress address)
    {
        address = IPAddress.None;
        if (!IPAddress.TryParse(text, out var parsed) || text.AsSpan().ContainsAnyExcept(AddressCharacters))
        {
            return false;
        }

        address = parsed;
        return parsed.AddressFamily == AddressFamily.InterNetworkV6 || parsed.ToString() == text;
    }

    private readonly record struct Range(UInt128 First, UInt128 Last);
}
