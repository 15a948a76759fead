namespace MeterSync.Metering.Registers;

/// <summary>Use in one period at or below which high use is never questioned: twice of next to nothing is still next to nothing.</summary>
/// <param name="ElectricKwh">Energy on an electric meter, in kWh (kvarh and kVAh count the same).</param>
/// <param name="OtherEnergyGj">Energy on heat, gas and water meters, in GJ.</param>
/// <param name="VolumeM3">Any volume, in m3.</param>
/// <param name="OtherUnits">Registers in a unit this table does not know, in that unit.</param>
public sealed record UseFloors(decimal ElectricKwh = 5m, decimal OtherEnergyGj = 0.05m, decimal VolumeM3 = 2m, decimal OtherUnits = 5m)
{
    private const decimal KwhPerGj = 277.778m;

    /// <summary>Floor in the unit given. Units are compared without regard to case.</summary>
    public decimal In(MeterType type, string unit)
    {
        if (Is(unit, "kWh") || Is(unit, "kvarh") || Is(unit, "kVAh"))
        {
            return EnergyKwh(type);
        }

        if (Is(unit, "m3") || Is(unit, "m³"))
        {
            return VolumeM3;
        }

        return unit.ToUpperInvariant() switch
        {
            "GJ" => type is MeterType.Electric ? ElectricKwh / KwhPerGj : OtherEnergyGj,
            "MWH" => EnergyKwh(type) / 1000m,
            "WH" => EnergyKwh(type) * 1000m,
            "MJ" => (type is MeterType.Electric ? ElectricKwh / KwhPerGj : OtherEnergyGj) * 1000m,
            "L" => VolumeM3 * 1000m,
            "FT3" => VolumeM3 / 0.0283168m,
            "CCF" => VolumeM3 / 2.83168m,
            _ => OtherUnits,
        };
    }

    private decimal EnergyKwh(MeterType type) => type is MeterType.Electric ? ElectricKwh : OtherEnergyGj * KwhPerGj;

    private static bool Is(string unit, string name) => string.Equals(unit, name, StringComparison.OrdinalIgnoreCase);
}
