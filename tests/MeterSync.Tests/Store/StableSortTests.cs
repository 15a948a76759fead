using MeterSync.Store.Bulk;
using Xunit;

namespace MeterSync.Tests.Store;

public sealed class StableSortTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("metersync-sort-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(0, 10, 5)]
    [InlineData(1, 10, 5)]
    [InlineData(10, 10, 5)]
    [InlineData(11, 10, 5)]
    [InlineData(1_023, 1_024, 1)]
    [InlineData(5_000, 10_000, 50)]
    [InlineData(30_000, 1_000, 300)]
    [InlineData(30_000, 3_000, int.MaxValue)]
    [InlineData(50_000, 20_000, 1)]
    [InlineData(40_000, 3_777, 7)]
    public void Sorts_as_a_stable_sort_of_all_in_memory(int rows, int mostKept, int differentNumbers)
    {
        var random = new Random(rows + mostKept);
        var given = Enumerable.Range(0, rows).Select(place => (Number: random.NextInt64(-differentNumbers, differentNumbers), Place: place)).ToList();
        using var sort = new StableSort<int>(folder, mostKept);
        foreach (var (number, place) in given)
        {
            sort.Add(number, place);
        }

        Assert.Equal(given.OrderBy(row => row.Number).Select(row => row.Place), sort.Rows());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Takes_rows_that_lie_in_order_or_against_it(int direction)
    {
        using var sort = new StableSort<long>(folder, 2_000);
        var given = Enumerable.Range(0, 9_000).Select(place => (long)place * direction).ToList();
        given.ForEach(number => sort.Add(number, number));
        Assert.Equal(given.Order(), sort.Rows());
    }

    [Fact]
    public void Numbers_may_be_as_far_apart_as_they_can()
    {
        using var sort = new StableSort<int>(folder, 2);
        long[] given = [0, long.MaxValue, long.MinValue, -1, 1, long.MinValue, long.MaxValue];
        for (var place = 0; place < given.Length; place++)
        {
            sort.Add(given[place], place);
        }

        Assert.Equal([2, 5, 3, 0, 4, 1, 6], sort.Rows());
    }

    [Fact]
    public void Leaves_no_file_even_while_it_is_in_use()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A file in use keeps its name there.");
        using var sort = new StableSort<int>(folder, 10);
        for (var place = 0; place < 100; place++)
        {
            sort.Add(-place, place);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        Assert.Equal(Enumerable.Range(0, 100).Reverse(), sort.Rows());
    }

    [Fact]
    public void Says_where_it_could_not_write()
    {
        using var sort = new StableSort<int>(Path.Combine(folder, "gone"), 1);
        sort.Add(1, 1);
        Assert.Contains("gone", Assert.Throws<DirectoryNotFoundException>(() => sort.Add(2, 2)).Message, StringComparison.Ordinal);
    }
}
