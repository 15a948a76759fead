using System.Collections.Concurrent;
using MeterSync.Kernel;
using Xunit;

namespace MeterSync.Tests.Kernel;

public sealed class IdSourceTests
{
    [Fact]
    public void Ids_are_version_7_of_the_clocks_millisecond_and_rise()
    {
        var clock = new HandClock { Now = new DateTimeOffset(2026, 11, 22, 4, 0, 0, 125, TimeSpan.Zero) };
        var ids = new IdSource(clock);
        var first = ids.Next();
        Assert.Equal((7, 0b10), (first.Version, first.Variant >> 2));
        Assert.Equal(clock.Now.ToUnixTimeMilliseconds(), MillisecondsOf(first));
        var before = first;
        for (var made = 0; made < 100_000; made++)
        {
            var next = ids.Next();
            Assert.True(string.CompareOrdinal(before.ToString("N"), next.ToString("N")) < 0);
            before = next;
        }

        // 4,096 fit a millisecond, those that do not borrow from the next ones.
        Assert.InRange(MillisecondsOf(before) - MillisecondsOf(first), 20, 60);
    }

    [Fact]
    public void A_clock_set_back_makes_no_id_that_is_smaller()
    {
        var clock = new HandClock { Now = new DateTimeOffset(2026, 11, 22, 4, 0, 0, TimeSpan.Zero) };
        var ids = new IdSource(clock);
        var before = ids.Next();
        clock.Now -= TimeSpan.FromHours(1);
        Assert.True(string.CompareOrdinal(before.ToString("N"), ids.Next().ToString("N")) < 0);
    }

    [Fact]
    public async Task No_two_threads_get_the_same()
    {
        var ids = new IdSource(TimeProvider.System);
        var seen = new ConcurrentDictionary<Guid, byte>();
        await Parallel.ForAsync(0, 200_000, (_, _) =>
        {
            Assert.True(seen.TryAdd(ids.Next(), 0));
            return ValueTask.CompletedTask;
        });
    }

    private static long MillisecondsOf(Guid id) => Convert.ToInt64(id.ToString("N")[..12], 16);

    private sealed class HandClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
