using MeterSync.Kernel;

namespace MeterSync.Modules.Readings.Public;

/// <summary>Knows the read cycles that meters are in. Asked with every reading while its meter is locked: it answers from memory, without a question to the database.</summary>
internal interface ICycleWindows
{
    /// <summary>The window of the cycle that an instant falls into.</summary>
    /// <param name="meter">The meter.</param>
    /// <param name="at">The instant of a reading.</param>
    /// <returns>From inclusive, to exclusive, the instant between them. Null where the meter is in no cycle then: a share of the register's usual period stands for it.</returns>
    (DateTimeOffset From, DateTimeOffset To)? OfMeter(MeterId meter, DateTimeOffset at);

    /// <summary>Looks at once which meters are in which cycles, after an exchange was committed. A database that cannot answer is asked again later.</summary>
    Task RefreshAsync(CancellationToken cancellationToken);
}
