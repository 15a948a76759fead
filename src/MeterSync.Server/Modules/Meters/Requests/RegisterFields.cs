using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Metering.Registers;
using MeterSync.Modules.Meters.Domain;

namespace MeterSync.Modules.Meters.Requests;

/// <summary>Writes a request's fields into a register and one of its configurations.</summary>
internal static class RegisterFields
{
    /// <summary>The registers of a new meter: those described, or one by the meter's type.</summary>
    public static IReadOnlyList<RegisterRequest> RegistersOrMain(this MeterRequest request) =>
        request.Registers is { Count: > 0 } described
            ? described
            : [new RegisterRequest { Digits = request.Digits, Decimals = request.Decimals, Unit = request.Unit, Multiplier = request.Multiplier }];

    /// <summary>A new register with its first configuration, which holds from the beginning.</summary>
    public static (Register Register, RegisterVersion Version) Make(this RegisterRequest request, IdSource ids, Meter meter, int ordinal, DateTimeOffset now)
    {
        var register = new Register
        {
            Id = ids.Next<RegisterId>(),
            MeterId = meter.Id,
            Ordinal = ordinal,
            Label = ordinal == 1 ? "total" : $"T{ordinal}",
            CreatedAt = now,
        };
        var version = new RegisterVersion { RegisterId = register.Id, EffectiveFrom = RegisterVersion.Always };
        (register.Quantity, version.Unit) = QuantityAndUnit(meter.MeterType, null, null);
        request.WriteTo(register, version, meter.MeterType);
        return (register, version);
    }

    /// <summary>Changes what was given and leaves the rest.</summary>
    public static void WriteTo(this RegisterRequest request, Register register, RegisterVersion version, MeterType type)
    {
        var (quantity, unit) = (MeterFields.Trimmed(request.Quantity), MeterFields.Trimmed(request.Unit));
        if (quantity is not null || unit is not null)
        {
            (register.Quantity, version.Unit) = QuantityAndUnit(type, quantity, unit);
        }

        register.Label = MeterFields.Trimmed(request.Label) ?? register.Label;
        register.Kind = Terms<RegisterKind>.ParseOptional(request.Kind) ?? register.Kind;
        register.Direction = Terms<FlowDirection>.ParseOptional(request.Direction) ?? register.Direction;
        register.ObisCode = request.Gives(nameof(request.ObisCode)) ? MeterFields.Trimmed(request.ObisCode) : register.ObisCode;
        register.RunsBackwards = request.RunsBackwards ?? register.RunsBackwards;
        version.Digits = request.Gives(nameof(request.Digits)) ? request.Digits : version.Digits;
        version.Decimals = request.Gives(nameof(request.Decimals)) ? request.Decimals : version.Decimals;
        version.Multiplier = request.Multiplier ?? version.Multiplier;
        version.MaximumUsePerDay = request.Gives(nameof(request.MaximumUsePerDay)) ? request.MaximumUsePerDay : version.MaximumUsePerDay;
    }

    /// <summary>Fills in the one that is left out: from the other where that is a well-known word, else from the meter's type.</summary>
    public static (string Quantity, string Unit) QuantityAndUnit(MeterType type, string? quantity, string? unit)
    {
        var written = unit is null ? null : UnitWords.Spelled(unit);
        var named = quantity?.ToLowerInvariant() ?? (written is null ? UnitsAndFloors.DefaultQuantity(type) : UnitWords.QuantityIn(written) ?? UnitsAndFloors.DefaultQuantity(type));
        return (named, written ?? UnitWords.UnitOf(named) ?? UnitsAndFloors.DefaultUnit(type));
    }
}
