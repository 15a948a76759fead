using MeterSync.Kernel;

namespace MeterSync.Modules.Readings.Public;

/// <summary>Hears what became of readings that people brought: they were verified, rejected, corrected, counted anew, or their evidence is another. In the transaction that changes them.</summary>
internal interface IReadingWatcher
{
    /// <summary>Takes note of it; asks the database nothing.</summary>
    /// <param name="reading">The reading.</param>
    /// <param name="agent">Who brought it.</param>
    void Changed(ReadingId reading, UserId agent);

    /// <summary>Writes what was noted. Takes locks that come after those of meters and assignments, so it stands last; the unit of work is saved after it.</summary>
    /// <param name="meters">Whose last values and limits may be others now.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task WriteAsync(IReadOnlyCollection<MeterId> meters, CancellationToken cancellationToken);
}
