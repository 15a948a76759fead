using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Metering.Vee;
using MeterSync.Modules.Readings.Domain;

namespace MeterSync.Modules.Readings.Import;

/// <summary>A live stored value of a register the file speaks of.</summary>
internal readonly record struct StoredRow(ReadingValueId Id, RegisterId RegisterId, DateTimeOffset At, decimal Value, ReadingState State, Quality Quality, string Flags, decimal? Consumption, string? ReadBy)
{
    public AcceptedValue AsKnown => new(Value, At, Quality, FlagText.Split(Flags), Consumption);
}
