using System.Buffers.Binary;

namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>The check sum of zip archives (CRC-32, polynomial 0xEDB88320), eight bytes at a time.</summary>
internal struct Crc32
{
    private static readonly uint[][] s_tables = Tables();

    private uint _inverse;

    public readonly uint Value => _inverse ^ uint.MaxValue;

    public static Crc32 Begin() => new() { _inverse = uint.MaxValue };

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var crc = _inverse;
        var t = s_tables;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = t[7][low & 0xFF] ^ t[6][(low >> 8) & 0xFF] ^ t[5][(low >> 16) & 0xFF] ^ t[4][low >> 24]
                ^ t[3][high & 0xFF] ^ t[2][(high >> 8) & 0xFF] ^ t[1][(high >> 16) & 0xFF] ^ t[0][high >> 24];
        }
        foreach (var one in bytes)
        {
            crc = t[0][(crc ^ one) & 0xFF] ^ (crc >> 8);
        }
        _inverse = crc;
    }

    private static uint[][] Tables()
    {
        var tables = new uint[8][];
        tables[0] = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
            tables[0][i] = crc;
        }
        for (var table = 1; table < 8; table++)
        {
            tables[table] = new uint[256];
            for (var i = 0; i < 256; i++)
            {
                var before = tables[table - 1][i];
                tables[table][i] = tables[0][before & 0xFF] ^ (before >> 8);
            }
        }
        return tables;
    }
}
