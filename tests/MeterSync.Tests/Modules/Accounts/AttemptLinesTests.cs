using MeterSync.Host.Limits;
using MeterSync.Kernel.Limits;
using MeterSync.Modules.Accounts.SignIn;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Accounts;

public sealed class AttemptLinesTests
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly RateKey Ann = new(RateBucket.AccountFailures, 1);
    private readonly StillClock clock = new();
    private readonly AttemptLines lines;

    public AttemptLinesTests() => lines = new AttemptLines(new InProcessRateCounters(clock), clock);

    [Fact]
    public async Task One_more_than_may_fail_waits_for_another_to_end()
    {
        var first = await EnterAsync();
        var second = await EnterAsync();
        var third = EnterAsync();
        Assert.False(third.IsCompleted);
        await first.Turn!.EndAsync(failed: false);
        var admitted = await third;
        Assert.Equal(1, await second.Turn!.EndAsync(failed: true));
        Assert.Equal(2, await admitted.Turn!.EndAsync(failed: true));

        var refused = await EnterAsync();
        Assert.Equal((null, clock.GetUtcNow() + Window), (refused.Turn, refused.LockedUntil));
        clock.Advance(Window);
        Assert.NotNull((await EnterAsync()).Turn);
    }

    [Fact]
    public async Task Those_who_wait_are_refused_as_soon_as_the_others_have_failed()
    {
        var under = new[] { await EnterAsync(), await EnterAsync() };
        var waiting = Enumerable.Range(0, 50).Select(_ => EnterAsync()).ToList();
        await under[0].Turn!.EndAsync(failed: true);
        await under[1].Turn!.EndAsync(failed: true);
        Assert.All(await Task.WhenAll(waiting), admission => Assert.Equal((null, true), (admission.Turn, admission.LockedUntil is not null)));
    }

    [Fact]
    public async Task Whoever_waits_too_long_is_told_that_and_not_that_the_name_is_locked()
    {
        await EnterAsync();
        await EnterAsync();
        var impatient = await lines.EnterAsync(Ann, 2, Window, TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        Assert.Equal((null, null), (impatient.Turn, impatient.LockedUntil));
        using var gone = new CancellationTokenSource();
        var waiting = lines.EnterAsync(Ann, 2, Window, Patience, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Another_name_does_not_wait()
    {
        await EnterAsync();
        await EnterAsync();
        Assert.NotNull((await lines.EnterAsync(new RateKey(RateBucket.AccountFailures, 2), 2, Window, Patience, TestContext.Current.CancellationToken)).Turn);
        Assert.NotNull((await lines.EnterAsync(Ann, limit: 0, Window, Patience, TestContext.Current.CancellationToken)).Turn);
    }

    private Task<AttemptLines.Admission> EnterAsync() => lines.EnterAsync(Ann, 2, Window, Patience, TestContext.Current.CancellationToken);
}
