using MeterSync.Kernel;

namespace MeterSync.Modules.Readings.Public;

/// <summary>Knows what frozen bills rest on.</summary>
internal interface IBilledRegisters
{
    /// <summary>Name of a frozen run that has a line for one of the registers and whose period ends after an instant; null for none.</summary>
    Task<string?> FindRunAsync(IReadOnlyCollection<RegisterId> registers, DateTimeOffset after, CancellationToken cancellationToken);
}
