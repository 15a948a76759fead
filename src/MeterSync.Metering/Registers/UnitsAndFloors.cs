namespace MeterSync.Metering.Registers;

/// <summary>Default quantity, unit and high-use floor of each meter type, for registers made without saying.</summary>
public static class UnitsAndFloors
{
    /// <summary>Default floors: 5 kWh, 0.05 GJ, 2 m3.</summary>
    public static UseFloors Floors { get; } = new();

    /// <summary>kWh, m3, m3 or GJ.</summary>
    public static string DefaultUnit(MeterType type) => type switch
    {
        MeterType.Water or MeterType.Gas => "m3",
        MeterType.Heat => "GJ",
        _ => "kWh",
    };

    /// <summary>kwh, m3, m3 or gj.</summary>
    public static string DefaultQuantity(MeterType type) => type switch
    {
        MeterType.Water or MeterType.Gas => "m3",
        MeterType.Heat => "gj",
        _ => "kwh",
    };

    /// <summary>High-use floor of the type in its default unit: 5 kWh, 2 m3, 2 m3, 0.05 GJ.</summary>
    public static decimal HighUseFloor(MeterType type) => Floors.In(type, DefaultUnit(type));
}
