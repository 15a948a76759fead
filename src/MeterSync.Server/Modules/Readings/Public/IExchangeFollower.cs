using MeterSync.Kernel;

namespace MeterSync.Modules.Readings.Public;

/// <summary>A meter was taken from its place and another put there.</summary>
/// <param name="At">The instant of the exchange; the removal and the install reading are of the same.</param>
/// <param name="RecordedAt">When the server recorded it, which may be days later. What follows it bears this time.</param>
internal sealed record ExchangeRecorded(
    MeterId Old, string OldSerial, MeterId New, string NewSerial, DateTimeOffset At, DateTimeOffset RecordedAt, ReadingId RemovalReadingId, ReadingId InstallReadingId);

/// <summary>An exchange is taken back: the old meter is at the place again, both readings are rejected.</summary>
/// <param name="At">As in <see cref="ExchangeRecorded"/>.</param>
/// <param name="RecordedAt">As in <see cref="ExchangeRecorded"/>.</param>
/// <param name="NewWasExchangedFor">The meter that took the new one's place where that had been before; null where it had been nowhere.</param>
internal sealed record ExchangeUndone(MeterId Old, MeterId New, DateTimeOffset At, DateTimeOffset RecordedAt, DateTimeOffset UndoneAt, ReadingId RemovalReadingId, ReadingId InstallReadingId, MeterId? NewWasExchangedFor);

/// <summary>Does its part when meters are exchanged or put back, in the same transaction. Both meters are locked then; what the exchange did is saved.</summary>
internal interface IExchangeFollower
{
    /// <summary>Called first in the transaction: takes the locks that come before those of meters.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    Task FollowAsync(ExchangeRecorded exchange, CancellationToken cancellationToken);

    Task UndoAsync(ExchangeUndone exchange, CancellationToken cancellationToken);
}
