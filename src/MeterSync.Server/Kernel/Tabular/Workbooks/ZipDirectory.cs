using System.Buffers.Binary;

namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>Looks at the directory at the end of a zip archive before it is read as one: a list of a million names would cost more memory than its bytes.</summary>
internal static class ZipDirectory
{
    private const int MostParts = 10_000;
    private const int EndBytes = 22;
    private const int LongestComment = 65_535;
    private const int LocatorBytes = 20;
    private const int HeaderBytes = 46;
    private const uint EndMark = 0x06054B50, LocatorMark = 0x07064B50, LongEndMark = 0x06064B50, HeaderMark = 0x02014B50;

    /// <exception cref="WorkbookException">The directory is missing or has too many names.</exception>
    public static void Check(Stream file)
    {
        var start = StartOf(file);
        var buffer = new byte[HeaderBytes];
        for (var parts = 0; ; parts++)
        {
            if (start < 0 || start > file.Length - HeaderBytes)
            {
                return;
            }
            Read(file, start, buffer);
            if (BinaryPrimitives.ReadUInt32LittleEndian(buffer) != HeaderMark)
            {
                return;
            }
            if (parts == MostParts)
            {
                throw WorkbookException.TooLarge($"it has more than {MostParts} parts");
            }
            start += HeaderBytes + BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(28)) + BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(30)) + BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(32));
        }
    }

    private static long StartOf(Stream file)
    {
        var tail = new byte[(int)Math.Min(file.Length, EndBytes + LongestComment)];
        Read(file, file.Length - tail.Length, tail);
        for (var at = tail.Length - EndBytes; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at)) == EndMark)
            {
                var start = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at + 16));
                return start != uint.MaxValue ? start : LongStartOf(file, file.Length - tail.Length + at);
            }
        }
        throw WorkbookException.Damaged("its end is missing");
    }

    private static long LongStartOf(Stream file, long end)
    {
        var buffer = new byte[56];
        if (end < LocatorBytes)
        {
            return -1;
        }
        Read(file, end - LocatorBytes, buffer.AsSpan(0, LocatorBytes));
        var at = BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(8));
        if (BinaryPrimitives.ReadUInt32LittleEndian(buffer) != LocatorMark || at < 0 || at > file.Length - buffer.Length)
        {
            return -1;
        }
        Read(file, at, buffer);
        return BinaryPrimitives.ReadUInt32LittleEndian(buffer) == LongEndMark ? BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(48)) : -1;
    }

    private static void Read(Stream file, long at, Span<byte> buffer)
    {
        file.Position = at;
        file.ReadExactly(buffer);
    }
}
