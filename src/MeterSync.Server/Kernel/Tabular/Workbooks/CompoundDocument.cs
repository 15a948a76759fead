using System.Buffers.Binary;
using System.Text;

namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>The streams of a compound document, the container of .xls workbooks and of encrypted ones. Short streams, which lie in a container of their own, are only named.</summary>
internal sealed class CompoundDocument
{
    private const int HeaderBytes = 512;
    private const int EntryBytes = 128;
    private const int TablesInHeader = 109;
    private const uint LastSector = 0xFFFFFFFA;

    private readonly Stream _file;
    private readonly int _sectorBytes;
    private readonly uint[] _next;
    private readonly Dictionary<string, (uint First, long Length)> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly uint _shortest;

    /// <exception cref="WorkbookException">The container is damaged.</exception>
    public CompoundDocument(Stream file)
    {
        _file = file;
        var header = Read(0, HeaderBytes);
        _sectorBytes = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(30)) switch { 9 => 512, 12 => 4096, _ => throw Broken() };
        _shortest = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(56));
        _next = ReadTables(header);
        foreach (var sector in Chain(BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(48))))
        {
            ReadEntries(ReadSector(sector));
        }
    }

    public bool Has(string name) => _entries.ContainsKey(name);

    /// <summary>The bytes of a stream; null where there is none of this name, or it is short.</summary>
    public Stream? Open(string name) => _entries.TryGetValue(name, out var entry) && entry.Length >= _shortest
        ? new BufferedStream(new SectorStream(this, [.. Chain(entry.First)], entry.Length), 16 * 1024)
        : null;

    private uint[] ReadTables(byte[] header)
    {
        var tables = new List<uint>();
        Add(header.AsSpan(76, TablesInHeader * 4));
        var further = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(68));
        for (var seen = 0; further < LastSector && seen * (long)_sectorBytes < _file.Length; seen++)
        {
            var sector = ReadSector(further);
            Add(sector.AsSpan(0, _sectorBytes - 4));
            further = BinaryPrimitives.ReadUInt32LittleEndian(sector.AsSpan(_sectorBytes - 4));
        }
        var perSector = _sectorBytes / 4;
        if ((long)tables.Count * perSector * _sectorBytes > _file.Length + ((long)perSector * _sectorBytes * 2))
        {
            throw Broken();
        }
        var next = new uint[tables.Count * perSector];
        for (var table = 0; table < tables.Count; table++)
        {
            var sector = ReadSector(tables[table]);
            for (var index = 0; index < perSector; index++)
            {
                next[(table * perSector) + index] = BinaryPrimitives.ReadUInt32LittleEndian(sector.AsSpan(index * 4));
            }
        }
        return next;

        void Add(ReadOnlySpan<byte> numbers)
        {
            for (; numbers.Length >= 4; numbers = numbers[4..])
            {
                if (BinaryPrimitives.ReadUInt32LittleEndian(numbers) is < LastSector and var sector)
                {
                    tables.Add(sector);
                }
            }
        }
    }

    private void ReadEntries(byte[] sector)
    {
        for (var at = 0; at + EntryBytes <= sector.Length; at += EntryBytes)
        {
            var entry = sector.AsSpan(at, EntryBytes);
            var nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(entry[64..]);
            if (nameBytes is > 2 and <= 64)
            {
                _entries.TryAdd(Encoding.Unicode.GetString(entry[..(nameBytes - 2)]), (BinaryPrimitives.ReadUInt32LittleEndian(entry[116..]), BinaryPrimitives.ReadUInt32LittleEndian(entry[120..])));
            }
        }
    }

    private IEnumerable<uint> Chain(uint sector)
    {
        for (var seen = 0; sector < LastSector; seen++)
        {
            if (sector >= _next.Length || seen > _next.Length)
            {
                throw Broken();
            }
            yield return sector;
            sector = _next[sector];
        }
    }

    private byte[] ReadSector(uint sector) => Read((sector + 1L) * _sectorBytes, _sectorBytes);

    private byte[] Read(long at, int count)
    {
        var bytes = new byte[count];
        if (at >= _file.Length)
        {
            throw Broken();
        }
        _file.Position = at;
        _ = _file.ReadAtLeast(bytes, count, throwOnEndOfStream: false);
        return bytes;
    }

    private static WorkbookException Broken() => WorkbookException.Damaged("its container cannot be read");

    private sealed class SectorStream(CompoundDocument document, uint[] sectors, long length) : Stream
    {
        private readonly long _length = Math.Min(length, (long)sectors.Length * document._sectorBytes);

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => _length;

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var (sector, inside) = Math.DivRem(Position, document._sectorBytes);
            count = (int)Math.Min(Math.Min(count, document._sectorBytes - inside), _length - Position);
            if (count <= 0)
            {
                return 0;
            }
            document._file.Position = ((sectors[sector] + 1L) * document._sectorBytes) + inside;
            count = document._file.Read(buffer, offset, count);
            Position += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
