using MeterSync.Kernel;

namespace MeterSync.Modules.Readings.Public;

/// <summary>Knows what frozen bills rest on.</summary>
internal interface IBilledRegisters
{
    /// <summary>Name of a frozen run that rests on an exchange of one of the registers: its period ends after the exchange, and it was frozen, or its line of the register adjusted,
    /// once the exchange was on record; null for none.</summary>
    /// <param name="registers">Of both meters.</param>
    /// <param name="exchangedAt">When the meters were exchanged.</param>
    /// <param name="recordedAt">When that was recorded: what was frozen before knows nothing of it.</param>
    /// <param name="cancellationToken">Stops.</param>
    Task<string?> FindRunAsync(IReadOnlyCollection<RegisterId> registers, DateTimeOffset exchangedAt, DateTimeOffset recordedAt, CancellationToken cancellationToken);
}
