using System.Buffers.Binary;

namespace MeterSync.Modules.Meters.Store;

/// <summary>A point of the tree.</summary>
/// <param name="RowId">SQLite's own key of the service point.</param>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
internal readonly record struct PackedPosition(long RowId, double Latitude, double Longitude);

/// <summary>The nodes of an R*Tree over points, filled from sorted points at once (sort-tile-recursive: Leutenegger, Lopez, Edgington, 1997), in the format
/// SQLite's R*Tree module keeps them in (sqlite.org/rtree.html, "shadow tables"; ext/rtree/rtree.c).</summary>
/// <param name="Nodes">Number and bytes of each node; the root is number 1.</param>
/// <param name="Parents">Node above each node but the root.</param>
/// <param name="Leaves">Leaf each point is in, by its row id.</param>
internal sealed record PackedPositions(List<(long Number, byte[] Data)> Nodes, List<(long Node, long Parent)> Parents, List<(long RowId, long Leaf)> Leaves)
{
    private const int HeaderBytes = 4;  // the root's: how deep the tree is; how many cells follow
    private const int CellBytes = 8 + (4 * 4); // a row id or a node's number; latitude low and high, longitude low and high
    private const int FilledPercent = 80; // room for rows that come one by one
    private const long Root = 1;

    /// <param name="points">Any order; sorted by this.</param>
    /// <param name="nodeBytes">Size of a node in this database.</param>
    public static PackedPositions Pack(List<PackedPosition> points, int nodeBytes)
    {
        var tree = new PackedPositions([], [], new List<(long, long)>(points.Count));
        var most = (nodeBytes - HeaderBytes) / CellBytes;
        var filled = Math.Max(2, most * FilledPercent / 100);
        var level = Tile(points, filled);
        var (depth, next, ofLeaves) = (0, Root + 1, true);
        while (level.Count > most)
        {
            var above = new List<Cell>((level.Count / filled) + 1);
            foreach (var part in level.Chunk(filled))
            {
                tree.Add(next, 0, part, nodeBytes, ofLeaves);
                above.Add(Cell.Around(next++, part));
            }

            (level, ofLeaves, depth) = (above, false, depth + 1);
        }

        tree.Add(Root, depth, level, nodeBytes, ofLeaves);
        tree.Leaves.Sort((one, other) => one.RowId.CompareTo(other.RowId));
        return tree;
    }

    private void Add(long number, int depth, IReadOnlyList<Cell> cells, int nodeBytes, bool isLeaf)
    {
        var data = new byte[nodeBytes];
        BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)depth);
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(2), (ushort)cells.Count);
        var at = data.AsSpan(HeaderBytes);
        foreach (var cell in cells)
        {
            BinaryPrimitives.WriteInt64BigEndian(at, cell.Id);
            BinaryPrimitives.WriteSingleBigEndian(at[8..], cell.South);
            BinaryPrimitives.WriteSingleBigEndian(at[12..], cell.North);
            BinaryPrimitives.WriteSingleBigEndian(at[16..], cell.West);
            BinaryPrimitives.WriteSingleBigEndian(at[20..], cell.East);
            at = at[CellBytes..];
            (isLeaf ? Leaves : Parents).Add((cell.Id, number));
        }

        Nodes.Add((number, data));
    }

    /// <summary>Strips of equal latitude range of rank, each sorted by longitude, so that consecutive runs are near each other both ways.</summary>
    private static List<Cell> Tile(List<PackedPosition> points, int filled)
    {
        points.Sort((one, other) => one.Latitude.CompareTo(other.Latitude));
        var leaves = (points.Count + filled - 1) / filled;
        var strip = filled * Math.Max(1, (int)Math.Ceiling(Math.Sqrt(leaves)));
        var byLongitude = Comparer<PackedPosition>.Create((one, other) => one.Longitude.CompareTo(other.Longitude));
        for (var start = 0; start < points.Count; start += strip)
        {
            points.Sort(start, Math.Min(strip, points.Count - start), byLongitude);
        }

        return points.ConvertAll(point => new Cell(point.RowId, Below(point.Latitude), Above(point.Latitude), Below(point.Longitude), Above(point.Longitude)));
    }

    /// <summary>The tree keeps 32 bits: its boxes must hold the point all the same.</summary>
    private static float Below(double value) => (float)value > value ? MathF.BitDecrement((float)value) : (float)value;

    private static float Above(double value) => (float)value < value ? MathF.BitIncrement((float)value) : (float)value;

    private readonly record struct Cell(long Id, float South, float North, float West, float East)
    {
        public static Cell Around(long number, IReadOnlyList<Cell> cells) =>
            new(number, cells.Min(cell => cell.South), cells.Max(cell => cell.North), cells.Min(cell => cell.West), cells.Max(cell => cell.East));
    }
}
