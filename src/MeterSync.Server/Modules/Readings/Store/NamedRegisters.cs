using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;

namespace MeterSync.Modules.Readings.Store;

/// <summary>The registers a request names, by ordinal, each with its value.</summary>
internal sealed record NamedRegisters(IReadOnlyList<RegisterForReading> Registers, IReadOnlyList<decimal> Values)
{
    /// <param name="meter">The meter.</param>
    /// <param name="main">Value of the main register, or null.</param>
    /// <param name="entries">Values by register, or null.</param>
    /// <param name="field">What the request calls the entries.</param>
    public static Outcome<NamedRegisters> Of(MeterForReading meter, decimal? main, IReadOnlyList<RegisterValueRequest>? entries, string field = "registers")
    {
        if (main is { } value)
        {
            return new NamedRegisters([meter.Registers[0]], [value]);
        }

        var found = new List<(RegisterForReading Register, decimal Value)>(entries!.Count);
        for (var index = 0; index < entries.Count; index++)
        {
            var entry = entries[index];
            if (Find(meter, entry.RegisterId, entry.Label, entry.Ordinal) is not { } register)
            {
                var known = string.Join(", ", meter.Registers.Select(candidate => $"{candidate.Ordinal} ({candidate.Label})"));
                return ReadingProblems.UnknownRegister.For($"{field}[{index}]", $"Meter {meter.SerialNumber} has no register {entry.RegisterId?.ToString() ?? entry.Label ?? entry.Ordinal?.ToString(System.Globalization.CultureInfo.InvariantCulture)}. It has: {known}.");
            }

            if (found.Exists(other => other.Register.Id == register.Id))
            {
                return ReadingProblems.RegisterTwice.For($"{field}[{index}]", $"The register {register.Label} is named twice.");
            }

            found.Add((register, entry.Value!.Value));
        }

        found.Sort((left, right) => left.Register.Ordinal.CompareTo(right.Register.Ordinal));
        return new NamedRegisters(found.ConvertAll(pair => pair.Register), found.ConvertAll(pair => pair.Value));
    }

    /// <summary>By id, else by label or OBIS code without regard to case, else by ordinal. Null where none fits.</summary>
    public static RegisterForReading? Find(MeterForReading meter, Guid? id, string? label, int? ordinal)
    {
        foreach (var register in meter.Registers)
        {
            var fits = id is { } wanted ? register.Id.Value == wanted
                : !string.IsNullOrWhiteSpace(label) ? IsCalled(register, label.Trim())
                : register.Ordinal == ordinal;
            if (fits)
            {
                return register;
            }
        }

        return null;
    }

    private static bool IsCalled(RegisterForReading register, string label) =>
        label.Equals(register.Label, StringComparison.OrdinalIgnoreCase) || label.Equals(register.ObisCode, StringComparison.OrdinalIgnoreCase);
}
