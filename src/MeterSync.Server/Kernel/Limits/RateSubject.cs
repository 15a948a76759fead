using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MeterSync.Kernel.Limits;

/// <summary>Whom a count belongs to, as a number.</summary>
public static class RateSubject
{
    private const int MappedPrefix = 0xffff;

    public static UInt128 Of(Guid id) => Unsafe.BitCast<Guid, UInt128>(id);

    /// <summary>A name of any length, as its digest: the names themselves are not kept.</summary>
    public static UInt128 Of(string name)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), digest);
        return MemoryMarshal.Read<UInt128>(digest);
    }

    /// <summary>An IPv4 address, or the /64 network of an IPv6 address: whoever has one address of it has all of them. 0 where the address is not known.</summary>
    public static UInt128 Of(IPAddress? address)
    {
        if (address is null)
        {
            return 0;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4 ? Mapped(bytes)
            : address.IsIPv4MappedToIPv6 ? Mapped(bytes[12..])
            : new UInt128(BinaryPrimitives.ReadUInt64BigEndian(bytes), 0);
    }

    /// <summary>What <see cref="Of(IPAddress?)"/> counts as one, for people.</summary>
    public static string Say(IPAddress? address)
    {
        if (address is null)
        {
            return "an unknown address";
        }

        if (address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4().ToString();
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return $"{new IPAddress(bytes)}/64";
    }

    private static UInt128 Mapped(ReadOnlySpan<byte> bytes) => new(0, ((ulong)MappedPrefix << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes));
}
