using MeterSync.Store.Audit;
using MeterSync.Tests.Host.Web;
using Xunit;

namespace MeterSync.Tests.Store.Audit;

public sealed class AuditSealingTests
{
    [Fact]
    public void Sealing_that_fails_is_trouble_after_a_minute_and_until_it_succeeds()
    {
        var clock = new TestClock();
        var sealing = new AuditSealing(clock);
        Assert.Null(sealing.Trouble);
        sealing.Failed("first");
        clock.Advance(TimeSpan.FromSeconds(50));
        sealing.Failed("second");
        Assert.Null(sealing.Trouble);
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("second", sealing.Trouble);
        sealing.Succeeded(3, 0);
        Assert.Null(sealing.Trouble);
    }
}
