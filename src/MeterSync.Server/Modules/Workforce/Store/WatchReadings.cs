using MeterSync.Kernel;
using MeterSync.Modules.Readings.Public;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>Devices of agents hear what became of their readings, and that a meter's limits are others.</summary>
internal sealed class WatchReadings(ChangeLog changes) : IReadingWatcher
{
    public void Changed(ReadingId reading, UserId agent) => changes.NoteReading(agent, reading);

    public async Task WriteAsync(IReadOnlyCollection<MeterId> meters, CancellationToken cancellationToken)
    {
        await changes.NoteAsync(meters, cancellationToken);
        await changes.WriteAsync(cancellationToken);
    }
}
