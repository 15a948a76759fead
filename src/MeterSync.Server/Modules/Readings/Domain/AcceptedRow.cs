using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Metering.Vee;

namespace MeterSync.Modules.Readings.Domain;

/// <summary>What judging needs to know of an accepted value.</summary>
/// <param name="PreviousValueId">Only <see cref="RegisterLedger.MeasureAgain"/> asks, so <see cref="Store.MainPast"/> leaves it null.</param>
internal readonly record struct AcceptedRow(
    ReadingValueId Id,
    RegisterId RegisterId,
    DateTimeOffset At,
    decimal Value,
    Quality Quality,
    string Flags,
    decimal? Consumption,
    ReadingValueId? PreviousValueId,
    string? ReadBy)
{
    public AcceptedValue AsKnown => new(Value, At, Quality, FlagText.Split(Flags), Consumption);
}
