using MeterSync.Kernel;
using MeterSync.Metering;

namespace MeterSync.Modules.Meters.Public;

/// <summary>Takes a meter from its service point and puts another there, or takes that back. Inside a transaction; saves as it goes.</summary>
internal interface IMeterPlaces
{
    /// <summary>Locks both meters, lets the caller take the last reading of the old one, and exchanges them.</summary>
    /// <param name="change">What is to be done.</param>
    /// <param name="whenLocked">Called with the old meter before it is taken away; a problem ends it all.</param>
    /// <param name="cancellationToken">Stops.</param>
    Task<Outcome<MetersExchanged>> ExchangeAsync(MeterChangeover change, Func<MeterForReading, CancellationToken, Task<Problem?>> whenLocked, CancellationToken cancellationToken);

    /// <summary>Puts the old meter back. The new one goes to store as it was before, or inactive where the exchange made it.</summary>
    Task<Problem?> PutBackAsync(MeterChangeback change, CancellationToken cancellationToken);

    /// <summary>Serial numbers of meters that are or were at places the caller has to do with, also of those in store.</summary>
    Task<IReadOnlyDictionary<MeterId, string>> SerialNumbersAsync(IReadOnlyCollection<MeterId> of, CancellationToken cancellationToken);

    /// <summary>Why a serial number cannot be given to a new meter; null where it can. For whoever lost a race for it.</summary>
    Task<Problem?> RefuseSerialAsync(string serialNumber, CancellationToken cancellationToken);
}

/// <param name="Old">The meter to take away.</param>
/// <param name="SerialNumber">Of the meter to put there: one in store, else a new one is made.</param>
/// <param name="Registers">Of a meter that is made; null for those of the old one.</param>
/// <param name="At">When.</param>
internal sealed record MeterChangeover(MeterId Old, string SerialNumber, IReadOnlyList<NewRegister>? Registers, DateTimeOffset At);

/// <summary>A register as somebody describes it; null stands for what a register has by its meter's type.</summary>
internal sealed record NewRegister(
    string? Label,
    string? Quantity,
    string? Unit,
    int? Digits,
    int? Decimals,
    decimal? Multiplier,
    string? Kind,
    string? Direction,
    string? ObisCode,
    bool? RunsBackwards,
    decimal? MaximumUsePerDay);

/// <param name="New">As it is at its place now.</param>
/// <param name="OldStatus">Of the old meter before.</param>
/// <param name="NewStatus">Of the new meter before; null where it was made.</param>
internal sealed record MetersExchanged(MeterForReading New, ServicePointId Point, MeterStatus OldStatus, MeterStatus? NewStatus);

/// <param name="Old">The meter to put back.</param>
/// <param name="New">The meter to take away again.</param>
/// <param name="Point">Where.</param>
/// <param name="At">Instant of the exchange that is undone.</param>
/// <param name="OldStatus">Of the old meter before it.</param>
/// <param name="NewStatus">Of the new meter before it; null where it was made.</param>
internal sealed record MeterChangeback(MeterId Old, MeterId New, ServicePointId Point, DateTimeOffset At, MeterStatus OldStatus, MeterStatus? NewStatus);
