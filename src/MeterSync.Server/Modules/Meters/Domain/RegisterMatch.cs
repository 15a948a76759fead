using MeterSync.Kernel;
using MeterSync.Metering;

namespace MeterSync.Modules.Meters.Domain;

/// <param name="Registers">By ordinal, each with its configurations, oldest first.</param>
internal sealed record MeterWithRegisters(Meter Meter, IReadOnlyList<(Register Register, List<RegisterVersion> Versions)> Registers);

/// <summary>Finds which register of one meter goes on with what a register of another counted.</summary>
internal static class RegisterMatch
{
    /// <summary>The first thing the old meter counts up that the new one does not; null where it counts all of it.</summary>
    public static string? Missing(MeterWithRegisters old, MeterWithRegisters following, DateTimeOffset at)
    {
        foreach (var (register, versions) in old.Registers)
        {
            var unit = At(versions, at).Unit;
            if (register.Kind is RegisterKind.Cumulative && !following.Registers.Any(pair => CountTheSame(register, unit, pair, at)))
            {
                return $"{register.Quantity} in {unit} ({Terms<FlowDirection>.WordOf(register.Direction)})";
            }
        }

        return null;
    }

    /// <summary>Names each new register's predecessor: the same quantity, direction and unit, and of several the one with the same OBIS code, else with the same label.</summary>
    public static void Link(MeterWithRegisters old, MeterWithRegisters following, DateTimeOffset at)
    {
        var left = old.Registers.Where(pair => pair.Register.Kind is RegisterKind.Cumulative).ToList();
        foreach (var (register, versions) in following.Registers)
        {
            var unit = At(versions, at).Unit;
            var same = register.Kind is RegisterKind.Cumulative ? left.FindAll(pair => CountTheSame(register, unit, pair, at)) : [];
            var place = same.FindIndex(pair => register.ObisCode is { } code && code.Equals(pair.Register.ObisCode, StringComparison.OrdinalIgnoreCase));
            place = place >= 0 ? place : same.FindIndex(pair => register.Label.Equals(pair.Register.Label, StringComparison.OrdinalIgnoreCase));
            place = place < 0 && same.Count == 1 && following.Registers.Count(pair => CountTheSame(same[0].Register, unit, pair, at)) == 1 ? 0 : place;
            register.PredecessorId = place < 0 ? null : same[place].Register.Id;
            left.RemoveAll(pair => pair.Register.Id == register.PredecessorId);
        }
    }

    /// <summary>The configuration of an instant; before the first one, the first.</summary>
    public static RegisterVersion At(IReadOnlyList<RegisterVersion> versions, DateTimeOffset at) => versions.LastOrDefault(version => version.EffectiveFrom <= at) ?? versions[0];

    /// <summary>The same register for another meter, configured as this one.</summary>
    public static (Register Register, RegisterVersion Version) Copy(Register of, RegisterVersion version, MeterId meter, IdSource ids, DateTimeOffset now)
    {
        var copy = new Register
        {
            Id = ids.Next<RegisterId>(),
            MeterId = meter,
            Ordinal = of.Ordinal,
            Label = of.Label,
            Quantity = of.Quantity,
            Kind = of.Kind,
            Direction = of.Direction,
            ObisCode = of.ObisCode,
            RunsBackwards = of.RunsBackwards,
            CreatedAt = now,
        };
        return (copy, new RegisterVersion
        {
            RegisterId = copy.Id,
            EffectiveFrom = RegisterVersion.Always,
            Unit = version.Unit,
            Digits = version.Digits,
            Decimals = version.Decimals,
            Multiplier = version.Multiplier,
            MaximumUsePerDay = version.MaximumUsePerDay,
        });
    }

    private static bool CountTheSame(Register register, string unit, (Register Register, List<RegisterVersion> Versions) other, DateTimeOffset at) =>
        other.Register.Kind == register.Kind && other.Register.Direction == register.Direction
        && register.Quantity.Equals(other.Register.Quantity, StringComparison.OrdinalIgnoreCase)
        && unit.Equals(At(other.Versions, at).Unit, StringComparison.OrdinalIgnoreCase);
}
