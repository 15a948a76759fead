using MeterSync.Kernel;
using MeterSync.Metering.Vee;
using MeterSync.Modules.Meters.Public;

namespace MeterSync.Modules.Readings.Public;

/// <summary>What values are to be expected of registers, as the rules would expect them: so that a device warns before its user saves.</summary>
internal interface IRegisterLimits
{
    /// <summary>By register, for every register of the meters. A number of queries that does not grow with them. Whoever asks.</summary>
    /// <param name="meters">Some thousands at most.</param>
    /// <param name="at">The instant the limits hold for.</param>
    /// <param name="cancellationToken">Stops.</param>
    Task<IReadOnlyDictionary<RegisterId, ExpectedLimits>> OfAsync(IReadOnlyCollection<MeterForReading> meters, DateTimeOffset at, CancellationToken cancellationToken);
}
