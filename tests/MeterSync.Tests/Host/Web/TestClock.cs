namespace MeterSync.Tests.Host.Web;

/// <summary>The machine's clock, moved on by hand.</summary>
public sealed class TestClock : TimeProvider
{
    private TimeSpan ahead;

    public void Advance(TimeSpan by) => ahead += by;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
}
