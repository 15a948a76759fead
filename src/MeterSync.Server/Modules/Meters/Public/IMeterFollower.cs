using MeterSync.Kernel;

namespace MeterSync.Modules.Meters.Public;

/// <summary>Does its part when what meters say of themselves changes, in the same transaction.</summary>
internal interface IMeterFollower
{
    /// <summary>A meter, its place or its registers are different. Called after the change is written and before it is committed.</summary>
    Task ChangedAsync(IReadOnlyCollection<MeterId> meters, CancellationToken cancellationToken);
}
