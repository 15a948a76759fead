using MeterSync.Modules.Meters.Store;
using Microsoft.Data.Sqlite;
using Xunit;

namespace MeterSync.Tests.Modules.Meters;

/// <summary>SQLite's own R*Tree judges the packed one: its check, what it finds, and that it can go on changing it.</summary>
public sealed class PackedPositionsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(51)]
    [InlineData(52)]
    [InlineData(2_041)]
    [InlineData(120_000)]
    public void SQLite_takes_the_packed_tree_for_its_own(int count)
    {
        var random = new Random(count);
        var points = Enumerable.Range(1, count).Select(id => new PackedPosition(id * 3, Degrees(random, 90), Degrees(random, 180))).ToList();
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        Run(connection, "create virtual table t using rtree (id, south, north, west, east)");
        var tree = PackedPositions.Pack([.. points], (int)(long)Scalar(connection, "select length(data) from t_node where nodeno = 1")!);
        Fill(connection, tree);

        Assert.Equal("ok", Scalar(connection, "select rtreecheck('main', 't')"));
        Assert.Equal((long)count, Scalar(connection, "select count(*) from t"));
        AssertFinds(connection, points, random);
        foreach (var point in points.Where(point => point.RowId % 2 == 0).Take(3_000).ToList())
        {
            Run(connection, "delete from t where id = @a", ("@a", point.RowId));
            points.Remove(point);
        }

        for (var added = 0; added < 3_000; added++)
        {
            var point = new PackedPosition((added * 3) + 1, Degrees(random, 90), Degrees(random, 180));
            Run(connection, "insert into t values (@a, @b, @b, @c, @c)", ("@a", point.RowId), ("@b", point.Latitude), ("@c", point.Longitude));
            points.Add(point);
        }

        Assert.Equal("ok", Scalar(connection, "select rtreecheck('main', 't')"));
        AssertFinds(connection, points, random);
    }

    private static double Degrees(Random random, double most) => random.Next(10) switch
    {
        0 => most,
        1 => -most,
        2 => 0.1, // no 32 bits hold it
        _ => ((random.NextDouble() * 2) - 1) * most,
    };

    private static void AssertFinds(SqliteConnection connection, List<PackedPosition> points, Random random)
    {
        for (var round = 0; round < 20; round++)
        {
            var (south, west) = (Degrees(random, 90), Degrees(random, 180));
            var (north, east) = (south + (random.NextDouble() * 20), west + (random.NextDouble() * 20));
            var inside = points.Where(point => point.Latitude >= south && point.Latitude <= north && point.Longitude >= west && point.Longitude <= east).Select(point => point.RowId).ToHashSet();
            using var command = Command(connection, "select id from t where north >= @s and south <= @n and east >= @w and west <= @e", ("@s", south), ("@n", north), ("@w", west), ("@e", east));
            using var row = command.ExecuteReader();
            var found = new HashSet<long>();
            while (row.Read())
            {
                found.Add(row.GetInt64(0));
            }

            Assert.Subset(found, inside);
        }
    }

    private static void Fill(SqliteConnection connection, PackedPositions tree)
    {
        using var transaction = connection.BeginTransaction();
        Run(connection, "delete from t_node; delete from t_parent; delete from t_rowid");
        tree.Nodes.ForEach(node => Run(connection, "insert into t_node (nodeno, data) values (@a, @b)", ("@a", node.Number), ("@b", node.Data)));
        tree.Parents.ForEach(pair => Run(connection, "insert into t_parent (nodeno, parentnode) values (@a, @b)", ("@a", pair.Node), ("@b", pair.Parent)));
        tree.Leaves.ForEach(pair => Run(connection, "insert into t_rowid (rowid, nodeno) values (@a, @b)", ("@a", pair.RowId), ("@b", pair.Leaf)));
        transaction.Commit();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    private static void Run(SqliteConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        using var command = Command(connection, sql, parameters);
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = Command(connection, sql);
        return command.ExecuteScalar();
    }
}
