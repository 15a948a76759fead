using MeterSync.Host.Limits;
using MeterSync.Kernel.Limits;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Host.Limits;

public sealed class InProcessRateCountersTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly StillClock clock = new();
    private readonly InProcessRateCounters counters;

    public InProcessRateCountersTests() => counters = new InProcessRateCounters(clock);

    [Fact]
    public async Task A_window_begins_with_its_first_count_and_ends_a_fixed_time_later()
    {
        var key = User(1);
        var end = clock.GetUtcNow() + Minute;
        Assert.Equal(new RateCount(1, end), await counters.AddAsync(key, 1, Minute));
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(new RateCount(3, end), await counters.AddAsync(key, 2, Minute));
        Assert.Equal(3, (await counters.ReadAsync(key, Minute)).Count);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, (await counters.ReadAsync(key, Minute)).Count);
        Assert.Equal(new RateCount(1, clock.GetUtcNow() + Minute), await counters.AddAsync(key, 1, Minute));
    }

    [Fact]
    public async Task What_is_given_back_was_not_counted_and_opens_no_window()
    {
        var key = User(1);
        var first = await counters.AddAsync(key, 1, Minute);
        var second = await counters.AddAsync(key, 1, Minute);
        await counters.GiveBackAsync(key, first, 1);
        Assert.Equal(1, (await counters.ReadAsync(key, Minute)).Count);
        await counters.GiveBackAsync(key, second, 1);
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(new RateCount(1, clock.GetUtcNow() + Minute), await counters.AddAsync(key, 1, Minute));
    }

    [Fact]
    public async Task Nothing_is_given_back_to_a_later_window()
    {
        var key = User(1);
        var early = await counters.AddAsync(key, 1, Minute);
        clock.Advance(Minute);
        await counters.AddAsync(key, 1, Minute);
        await counters.GiveBackAsync(key, early, 1);
        Assert.Equal(1, (await counters.ReadAsync(key, Minute)).Count);
    }

    [Fact]
    public async Task A_forgotten_key_begins_anew()
    {
        var key = User(1);
        await counters.AddAsync(key, 5, Minute);
        await counters.ForgetAsync(key);
        Assert.Equal(0, (await counters.ReadAsync(key, Minute)).Count);
        Assert.Equal(1, (await counters.AddAsync(key, 1, Minute)).Count);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_lengthens_no_window()
    {
        var key = User(1);
        await counters.AddAsync(key, 5, Minute);
        clock.Advance(TimeSpan.FromHours(-1));
        Assert.Equal(0, (await counters.ReadAsync(key, Minute)).Count);
        Assert.Equal(new RateCount(1, clock.GetUtcNow() + Minute), await counters.AddAsync(key, 1, Minute));
    }

    [Fact]
    public async Task Nothing_is_lost_when_many_count_one_key_at_once()
    {
        var seen = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var last = 0;
            for (var n = 0; n < 20_000; n++)
            {
                last = (await counters.AddAsync(User(1), 1, Minute)).Count;
            }

            return last;
        })));
        Assert.Equal(160_000, seen.Max());
        Assert.Equal(160_000, (await counters.ReadAsync(User(1), Minute)).Count);
    }

    [Fact]
    public async Task A_flood_of_keys_is_bounded_and_pushes_out_neither_locks_nor_those_who_reached_their_limit()
    {
        var locked = new RateKey(RateBucket.AccountFailures, 7);
        await counters.AddAsync(locked, 1, Minute);
        await counters.AddAsync(User(7), 600, Minute);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(part => Task.Run(async () =>
        {
            for (var n = 0; n < 150_000; n++)
            {
                await counters.AddAsync(new RateKey(RateBucket.Anonymous, (UInt128)((part * 1_000_000) + n)), 1, Minute);
            }
        })));
        Assert.InRange(counters.Count, 1, InProcessRateCounters.MostKeys + 1_000);
        Assert.Equal(1, (await counters.ReadAsync(locked, Minute)).Count);
        Assert.Equal(600, (await counters.ReadAsync(User(7), Minute)).Count);
    }

    [Fact]
    public async Task A_flood_of_locks_pushes_out_those_with_the_fewest_failures()
    {
        var few = new InProcessRateCounters(clock, mostKeys: 100);
        var locked = new RateKey(RateBucket.AccountFailures, 7);
        await few.AddAsync(locked, 5, Minute);
        for (var n = 0; n < 10_000; n++)
        {
            await few.AddAsync(new RateKey(RateBucket.AccountFailures, (UInt128)(1_000 + n)), 1, Minute);
        }

        Assert.InRange(few.Count, 1, 101);
        Assert.Equal(5, (await few.ReadAsync(locked, Minute)).Count);
    }

    [Fact]
    public async Task Keys_that_have_run_out_leave_memory()
    {
        for (var n = 0; n < 1_000; n++)
        {
            await counters.AddAsync(User(n), 1, Minute);
        }

        clock.Advance(Minute);
        await counters.AddAsync(User(5_000), 1, Minute);
        Assert.Equal(1, counters.Count);
    }

    private static RateKey User(int number) => new(RateBucket.User, (UInt128)number);
}
