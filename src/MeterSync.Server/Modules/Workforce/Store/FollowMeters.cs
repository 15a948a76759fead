using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>Devices of agents who have a meter hear that it is different.</summary>
internal sealed class FollowMeters(ChangeLog changes) : IMeterFollower
{
    public async Task ChangedAsync(IReadOnlyCollection<MeterId> meters, CancellationToken cancellationToken)
    {
        await changes.NoteAsync(meters, cancellationToken);
        await changes.WriteAsync(cancellationToken);
    }
}
