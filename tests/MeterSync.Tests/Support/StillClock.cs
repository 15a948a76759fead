namespace MeterSync.Tests.Support;

/// <summary>A clock that stands still until it is moved, forwards or backwards.</summary>
public sealed class StillClock : TimeProvider
{
    private DateTimeOffset now = new(2026, 3, 31, 9, 0, 0, TimeSpan.Zero);

    public void Advance(TimeSpan by) => now += by;

    public override DateTimeOffset GetUtcNow() => now;
}
