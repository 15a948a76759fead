namespace MeterSync.Modules.Meters.Domain;

/// <summary>The units of meters in their one spelling, and the quantity each is of.</summary>
internal static class UnitWords
{
    private static readonly (string Quantity, string Unit, string[] AlsoWritten)[] Known =
    [
        ("kwh", "kWh", []),
        ("mwh", "MWh", []),
        ("wh", "Wh", []),
        ("kvarh", "kvarh", []),
        ("kvah", "kVAh", []),
        ("kw_max", "kW", []),
        ("kva_max", "kVA", []),
        ("m3", "m3", ["m³", "cbm", "м3", "м³", "cubic metre", "cubic meter"]),
        ("l", "L", ["litre", "liter"]),
        ("ft3", "ft3", ["ft³", "cf"]),
        ("ccf", "CCF", []),
        ("gj", "GJ", ["гдж"]),
        ("mj", "MJ", ["мдж"]),
        ("gcal", "Gcal", ["гкал"]),
    ];

    private static readonly Dictionary<string, string> BySpelling = Known
        .SelectMany(known => known.AlsoWritten.Append(known.Unit).Select(written => (written, known.Unit)))
        .Append(("квт·год", "kWh")).Append(("квтгод", "kWh")).Append(("кВт*год", "kWh")).Append(("кВт·ч", "kWh")).Append(("квтч", "kWh")).Append(("кВт*ч", "kWh"))
        .ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.OrdinalIgnoreCase);

    private static readonly Dictionary<string, string> QuantityByUnit = Known.ToDictionary(known => known.Unit, known => known.Quantity, StringComparer.Ordinal);

    private static readonly Dictionary<string, string> UnitByQuantity = Known.ToDictionary(known => known.Quantity, known => known.Unit, StringComparer.Ordinal);

    /// <summary>kWh for kwh and KWH, m3 for m³; any other unit as it is.</summary>
    public static string Spelled(string unit) => BySpelling.GetValueOrDefault(unit, unit);

    /// <summary>Null for a unit not known here.</summary>
    public static string? QuantityIn(string unit) => QuantityByUnit.GetValueOrDefault(unit);

    /// <summary>Null for a quantity not known here.</summary>
    public static string? UnitOf(string quantity) => UnitByQuantity.GetValueOrDefault(quantity);
}
